package dev.tetra.tsm.core.internal.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ServiceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogFaultIT {
    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("events.jsonl");
    }

    @Test
    void theFileIsForNobodyElse() throws IOException {
        append(file, 1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatCannotBeWrittenDropsEventsAndComesBack() throws IOException {
        Files.createDirectory(file);
        try (EventLog log = new EventLog(file)) {
            log.append(SomeEvents.numbered(1));
            log.append(SomeEvents.numbered(2));
            assertThat(log.dropped()).isEqualTo(2);

            Files.delete(file);
            log.append(SomeEvents.numbered(3));

            assertThat(log.dropped()).isEqualTo(2);
            assertThat(read(file)).containsExactly(SomeEvents.numbered(3));
        }
    }

    @Test
    void aFileThatSomebodyRemovesOrEmptiesIsBegunAgain() throws IOException {
        try (EventLog log = new EventLog(file)) {
            log.append(SomeEvents.numbered(1));
            Files.delete(file);
            log.append(SomeEvents.numbered(2));
            assertThat(read(file)).containsExactly(SomeEvents.numbered(2));

            Files.write(file, new byte[0]);
            log.append(SomeEvents.numbered(3));
            assertThat(read(file)).containsExactly(SomeEvents.numbered(3));
            assertThat(log.dropped()).isZero();
        }
    }

    @Test
    void nothingIsWrittenAfterTheEnd() throws IOException {
        EventLog log = new EventLog(file);
        log.append(SomeEvents.numbered(1));
        log.close();
        log.append(SomeEvents.numbered(2));
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(read(file)).containsExactly(SomeEvents.numbered(1));
    }

    @Test
    void anInterruptedThreadWritesAsEveryOther() throws IOException {
        try (EventLog log = new EventLog(file)) {
            Thread.currentThread().interrupt();
            log.append(SomeEvents.numbered(1));
            assertThat(Thread.interrupted()).isTrue();
            log.append(SomeEvents.numbered(2));
            assertThat(log.dropped()).isZero();
        }
        assertThat(read(file)).hasSize(2);
    }

    @Test
    void aFullDiskDropsEventsTearsAtMostOneLineAndHurtsNoOther() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.toString()) == 0, "no mount");
        try {
            Path full = disk.resolve("events.jsonl");
            List<ServiceEvent> kept = new ArrayList<>();
            try (EventLog log = new EventLog(full)) {
                int number = 0;
                while (log.dropped() == 0) {
                    ServiceEvent event = SomeEvents.numbered(number++);
                    log.append(event);
                    if (log.dropped() == 0) {
                        kept.add(event);
                    }
                }
                log.append(SomeEvents.numbered(number++));
                assertThat(log.dropped()).isEqualTo(2);
                assertThat(read(full)).isEqualTo(kept);

                assertThat(run("mount", "-o", "remount,size=128k", disk.toString()))
                        .isZero();
                ServiceEvent afterwards = SomeEvents.numbered(number);
                log.append(afterwards);
                kept.add(afterwards);
                assertThat(log.dropped()).isEqualTo(2);
            }
            assertThat(read(full)).isEqualTo(kept);
        } finally {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    private static int run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static void append(Path file, int number) {
        try (EventLog log = new EventLog(file)) {
            log.append(SomeEvents.numbered(number));
        }
    }

    private static List<ServiceEvent> read(Path file) throws IOException {
        try (EventFiles files = EventFiles.open(file)) {
            return files.last(Integer.MAX_VALUE, event -> true);
        }
    }
}
