package dev.tetra.tsm.core.internal.logs;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tetra.tsm.core.LogSpan;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.ServiceEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The owner ends, or the disk refuses, between two steps of a cut. */
@Timeout(120)
class LogRotationFaultIT {
    private static final int LINES = 1000;

    @TempDir
    Path scratch;

    @BeforeEach
    void lookAtTheFileSystem() throws IOException {
        assumeTrue(
                new LogBench(scratch.resolve("probe"), LogBench.size(0, 0)).canCollapse(),
                "the file system of " + scratch + " cannot collapse");
    }

    @Test
    void an_owner_that_is_killed_over_and_over_while_it_cuts_loses_and_doubles_nothing() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(64 * 1024, 10_000));
        bench.write("");
        int lines = 300_000;
        Process writer = bench.writer(0, lines, "sleep 0.02");
        try {
            int kills = 0;
            while (kills < 6 && writer.isAlive()) {
                int archives = bench.out.archives().size();
                Process owner = owner();
                try {
                    int more = kills;
                    Sandbox.await(
                            "the owner cuts", () -> bench.out.archives().size() > archives + more || !writer.isAlive());
                } finally {
                    Sandbox.killNow(owner);
                }
                kills++;
                assertWholeWithoutAnOwner(bench);
            }
            assertThat(kills).isGreaterThan(2);
            assertThat(writer.waitFor()).isZero();
        } finally {
            writer.destroyForcibly().waitFor();
        }

        bench.round(LogBench.START);

        assertThat(bench.out.parts()).isEmpty();
        LogBench.assertLines(bench.everyLine(), 0, lines);
    }

    private Process owner() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeeperMain.class.getName(),
                        scratch.toString(),
                        Integer.toString(64 * 1024))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** A reader needs nobody to have cleared up. */
    private static void assertWholeWithoutAnOwner(LogBench bench) throws IOException {
        List<String> read = new ArrayList<>();
        bench.logs().read(LogSpan.ALL, line -> read.add(line.text()));
        // The last one may be on its way.
        LogBench.assertLines(read.subList(0, read.size() - 1), 0, read.size() - 1);
    }

    @Test
    void a_part_without_a_mark_is_thrown_away() throws Exception {
        LogBench bench = bench();
        bench.policy(LogBench.size(0, 3));
        part(bench, 0, 4096);

        assertReadsAsBefore(bench);
        bench.round(LogBench.START);

        assertThat(bench.names()).doesNotContain(".current.out.0000000000000000.part");
        assertThat(bench.out.archives()).isEmpty();
        LogBench.assertLines(bench.everyLine(), 0, LINES);
    }

    @Test
    void a_marked_log_is_cut_to_the_end_by_the_next_owner() throws Exception {
        LogBench bench = bench();
        long bytes = 2 * block(bench);
        part(bench, 0, bytes);
        mark(bench, new CutMark(0, bytes, 7));

        assertReadsAsBefore(bench);
        bench.round(LogBench.START);

        assertThat(bench.out.archives()).hasSize(1);
        assertThat(Files.size(bench.out.archive(0))).isEqualTo(bytes);
        LogBench.assertLines(bench.everyLine(), 0, LINES);
        assertReadsAsBefore(bench);
    }

    @Test
    void an_archive_and_a_mark_are_one_copy_of_the_lines_and_not_two() throws Exception {
        LogBench bench = bench();
        long bytes = 2 * block(bench);
        part(bench, 0, bytes);
        mark(bench, new CutMark(0, bytes, 7));
        Files.move(bench.out.part(0), bench.out.archive(0));

        assertReadsAsBefore(bench);
        bench.write(LogBench.line(LINES) + "\n");
        bench.round(LogBench.START);

        LogBench.assertLines(bench.everyLine(), 0, LINES + 1);
        bench.round(LogBench.START.plusSeconds(1));
        LogBench.assertLines(bench.everyLine(), 0, LINES + 1);
    }

    @Test
    void two_that_finish_the_same_cut_take_its_bytes_away_once() throws Exception {
        LogBench bench = bench();
        long bytes = block(bench);
        part(bench, 0, bytes);
        CutMark mark = new CutMark(0, bytes, 7);
        mark(bench, mark);
        Files.move(bench.out.part(0), bench.out.archive(0));
        Collapse collapse = new Collapse();

        try (LogLock lock = LogLock.tryTake(bench.path).orElseThrow()) {
            collapse.run(bench.out.live(), mark, lock.file());
            collapse.run(bench.out.live(), mark, lock.file());
        }

        LogBench.assertLines(bench.everyLine(), 0, LINES);
    }

    @Test
    void what_looks_like_a_mark_and_is_a_line_of_the_service_is_a_line() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(1 << 20, 3));
        String forged = new CutMark(0, 4096, 7).text();
        StringBuilder text = new StringBuilder(forged).append('\n');
        for (int i = 0; i < LINES; i++) {
            text.append(LogBench.line(i)).append('\n');
        }
        bench.write(text.toString());

        bench.round(LogBench.START);
        bench.policy(LogBench.size(8192, 3));
        bench.round(LogBench.START.plusSeconds(1));
        assertThat(bench.out.archives()).hasSize(1);

        List<String> read = new ArrayList<>();
        bench.logs().read(LogSpan.ALL, line -> read.add(line.text()));
        assertThat(read.get(0)).isEqualTo(forged);
        LogBench.assertLines(read.subList(1, read.size()), 0, LINES);
    }

    @Test
    void an_emptying_that_was_killed_shows_no_old_line_and_loses_no_new_one() throws Exception {
        LogBench bench = bench();
        long size = Files.size(bench.out.live());
        mark(bench, new CutMark(0, size, 7));
        Files.createFile(bench.out.archive(size));
        StringBuilder text = new StringBuilder();
        for (int i = LINES; i < 2 * LINES; i++) {
            text.append(LogBench.line(i)).append('\n');
        }
        bench.write(text.toString());

        for (int i = 0; i < 3; i++) {
            List<String> read = new ArrayList<>();
            bench.logs().read(LogSpan.ALL, line -> read.add(line.text()));
            LogBench.assertLines(read, LINES, 2 * LINES);
            bench.round(LogBench.START.plusSeconds(i));
        }
        assertThat(bench.out.archives()).isNotEmpty();
    }

    @Test
    void a_disk_that_refuses_the_archive_costs_no_line_and_is_complained_of_once() throws Exception {
        LogBench bench = bench();
        Path obstacle = Files.createDirectories(bench.out.part(0).resolve("obstacle"));

        for (int i = 0; i < 200; i++) {
            bench.round(LogBench.START.plusSeconds(i));
        }
        LogBench.assertLines(bench.everyLine(), 0, LINES);
        assertThat(bench.events)
                .extracting(ServiceEvent::text)
                .hasSize(1)
                .allMatch(text ->
                        text.startsWith("current.out is not cut: ") && text.endsWith("it is tried again every minute"));

        Files.delete(obstacle);
        Files.delete(bench.out.part(0));
        bench.round(LogBench.START.plusSeconds(300));
        assertThat(bench.out.archives()).hasSize(1);
        LogBench.assertLines(bench.everyLine(), 0, LINES);
    }

    @Test
    void a_log_that_is_being_emptied_is_cut_later() throws Exception {
        LogBench bench = bench();
        try (LogLock lock = LogLock.tryTake(bench.path).orElseThrow()) {
            bench.round(LogBench.START);
            assertThat(bench.out.archives()).isEmpty();
            assertThat(LogLock.tryTake(lock.directory())).isEmpty();
        }
        bench.round(LogBench.START.plusSeconds(1));
        assertThat(bench.out.archives()).hasSize(1);
        assertThat(bench.events).hasSize(1);
    }

    private LogBench bench() throws IOException {
        LogBench bench = new LogBench(scratch, LogBench.size(16 * 1024, 3));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            text.append(LogBench.line(i)).append('\n');
        }
        bench.write(text.toString());
        return bench;
    }

    private static long block(LogBench bench) throws IOException {
        return Collapse.blockSize(bench.path);
    }

    private static void part(LogBench bench, long start, long bytes) throws IOException {
        byte[] all = Files.readAllBytes(bench.out.live());
        Files.write(
                bench.out.part(start), Arrays.copyOfRange(all, (int) start, (int) (start + bytes)), CREATE_NEW, WRITE);
    }

    private static void mark(LogBench bench, CutMark mark) throws IOException {
        try (FileChannel live = FileChannel.open(bench.out.live(), WRITE)) {
            live.write(ByteBuffer.wrap(mark.encoded()), 0);
        }
    }

    private static void assertReadsAsBefore(LogBench bench) throws IOException {
        List<String> read = new ArrayList<>();
        bench.logs().read(LogSpan.ALL, line -> read.add(line.text()));
        LogBench.assertLines(read, 0, LINES);
        assertThat(bench.logs().tail(LINES / 2)).hasSize(LINES / 2);
    }
}
