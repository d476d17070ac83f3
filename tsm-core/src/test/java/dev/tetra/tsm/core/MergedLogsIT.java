package dev.tetra.tsm.core;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MergedLogsIT {
    @TempDir
    Path scratch;

    private RuntimeDirectory directory = RuntimeDirectory.of(Path.of(""));
    private final List<String> seen = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();

    private MergedLogs open() throws IOException {
        directory = RuntimeDirectory.of(scratch.resolve("tsm"));
        directory.create();
        return new MergedLogs(directory, line -> seen.add(line.service() + " " + line.text()));
    }

    private void write(String service, String text) throws IOException {
        Path path = Files.createDirectories(directory.service(service));
        Files.writeString(path.resolve("current.out"), text, CREATE, APPEND);
    }

    private void awaitLines(MergedLogs logs, String... lines) throws Exception {
        Sandbox.await("the lines " + List.of(lines), () -> {
            gone.addAll(logs.poll(Duration.ofMillis(50)));
            return seen.size() >= lines.length;
        });
        assertThat(seen).containsExactly(lines);
        seen.clear();
    }

    @Test
    void lines_of_several_services_come_as_they_are_written() throws Exception {
        try (MergedLogs logs = open()) {
            write("a", "old\nlast\n");
            Files.createDirectories(directory.service("b"));
            logs.add("a", LogSpan.last(1));
            logs.add("b", LogSpan.ALL);
            logs.add("b", LogSpan.ALL);
            awaitLines(logs, "a last");
            assertThat(logs.services()).containsExactlyInAnyOrder("a", "b");

            write("a", "one\n");
            awaitLines(logs, "a one");
            write("a", "two\n");
            awaitLines(logs, "a two");
            assertThat(logs.poll(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void a_service_that_was_not_there_is_over_at_once() throws Exception {
        try (MergedLogs logs = open()) {
            logs.add("nobody", LogSpan.ALL);
            assertThat(logs.poll(Duration.ZERO)).containsExactly("nobody");
            assertThat(logs.services()).isEmpty();
        }
    }

    @Test
    void a_service_that_is_deleted_is_told_with_its_last_words() throws Exception {
        try (MergedLogs logs = open()) {
            write("a", "hello\n");
            write("b", "hi\n");
            logs.add("a", LogSpan.ALL);
            logs.add("b", LogSpan.ALL);
            awaitLines(logs, "a hello", "b hi");

            write("a", "last words");
            Path doomed = directory.processes().resolve(".a.deleted");
            Files.move(directory.service("a"), doomed);
            Files.delete(doomed.resolve("current.out"));
            Files.delete(doomed);

            awaitLines(logs, "a last words");
            Sandbox.await("its end is told", () -> {
                gone.addAll(logs.poll(Duration.ofMillis(50)));
                return !gone.isEmpty();
            });
            assertThat(gone).containsExactly("a");
            assertThat(logs.services()).containsExactly("b");
        }
    }

    @Test
    void another_service_of_the_same_name_is_another() throws Exception {
        try (MergedLogs logs = open()) {
            write("a", "first\n");
            logs.add("a", LogSpan.ALL);
            awaitLines(logs, "a first");

            Files.move(directory.service("a"), directory.processes().resolve(".a.deleted"));
            write("a", "second\n");
            Sandbox.await("the end of the first", () -> {
                gone.addAll(logs.poll(Duration.ofMillis(50)));
                return !gone.isEmpty();
            });
            assertThat(seen).isEmpty();
            logs.add("a", LogSpan.ALL);
            awaitLines(logs, "a second");
        }
    }
}
