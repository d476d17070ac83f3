package dev.tetra.tsm.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServiceLogsIT {
    @TempDir
    Path scratch;

    private final AtomicBoolean over = new AtomicBoolean();
    private final BlockingQueue<LogLine> lines = new LinkedBlockingQueue<>();
    private CompletableFuture<Void> following = CompletableFuture.completedFuture(null);

    @AfterEach
    void endFollowing() {
        over.set(true);
        following.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void the_tail_has_the_last_lines_of_each_file_and_a_line_without_a_newline() throws IOException {
        ServiceLogs logs = logs(scratch);
        append(logs.out(), "one\ntwo\nthree");
        append(logs.err(), "oops\n");
        append(logs.wrapperErr(), "sh: not found\n");

        assertThat(logs.tail(2))
                .containsExactly(
                        new LogLine("web", LogLine.Stream.OUT, "two"),
                        new LogLine("web", LogLine.Stream.OUT, "three"),
                        new LogLine("web", LogLine.Stream.ERR, "oops"),
                        new LogLine("web", LogLine.Stream.WRAPPER, "sh: not found"));
    }

    @Test
    void a_service_that_wrote_nothing_has_an_empty_tail() throws IOException {
        assertThat(logs(scratch.resolve("absent")).tail(10)).isEmpty();
        assertThatThrownBy(() -> logs(scratch).tail(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lines negative: -1");
    }

    @Test
    void following_begins_with_the_tail_and_goes_on_with_whole_lines() throws Exception {
        ServiceLogs logs = logs(scratch);
        append(logs.out(), "old\nlast\n");
        follow(logs, 1);
        assertThat(next()).isEqualTo("last");

        append(logs.out(), "first half, ");
        append(logs.err(), "other file\n");
        assertThat(next()).isEqualTo("other file");
        append(logs.out(), "second half\n");
        assertThat(next()).isEqualTo("first half, second half");
    }

    @Test
    void following_from_now_on_still_hands_over_a_line_that_was_begun_before() throws Exception {
        ServiceLogs logs = logs(scratch);
        append(logs.out(), "old\nbegun ");
        append(logs.err(), "told\n");
        follow(logs, 0);

        append(logs.err(), "ready\n");
        assertThat(next()).isEqualTo("ready");
        append(logs.out(), "before\n");
        assertThat(next()).isEqualTo("begun before");
    }

    @Test
    void a_truncated_file_is_read_from_its_beginning_again() throws Exception {
        ServiceLogs logs = logs(scratch);
        append(logs.out(), "a long line that is there\nunended");
        follow(logs, 1);
        append(logs.err(), "ready\n");
        assertThat(next()).isEqualTo("ready");

        Files.write(logs.out(), "new\n".getBytes(UTF_8), WRITE, TRUNCATE_EXISTING);
        assertThat(next()).isEqualTo("unended");
        assertThat(next()).isEqualTo("new");
    }

    @Test
    void a_file_that_is_replaced_by_a_new_one_is_followed_from_the_new_ones_beginning() throws Exception {
        ServiceLogs logs = logs(scratch);
        append(logs.out(), "one\n");
        follow(logs, 1);
        assertThat(next()).isEqualTo("one");

        Path next = scratch.resolve("next");
        append(next, "a first line that is longer than the old file\n");
        append(logs.out(), "two\n");
        assertThat(next()).isEqualTo("two");
        Files.move(logs.out(), scratch.resolve("current.out.1"));
        append(scratch.resolve("current.out.1"), "written after the move\n");
        assertThat(next()).isEqualTo("written after the move");
        Files.move(next, logs.out());
        assertThat(next()).isEqualTo("a first line that is longer than the old file");
    }

    @Test
    void files_and_directories_that_come_later_or_come_back_are_followed() throws Exception {
        Path directory = scratch.resolve("later");
        ServiceLogs logs = logs(directory);
        follow(logs, 5);

        Files.createDirectory(directory);
        append(logs.out(), "hello\n");
        assertThat(next()).isEqualTo("hello");
        Files.delete(logs.out());
        Files.delete(directory);
        Files.createDirectory(directory);
        append(logs.out(), "hello again\n");
        assertThat(next()).isEqualTo("hello again");
    }

    @Test
    void a_last_line_without_a_newline_is_handed_over_when_following_ends() throws Exception {
        ServiceLogs logs = logs(scratch);
        follow(logs, 5);
        append(logs.out(), "seen\nunended");
        assertThat(next()).isEqualTo("seen");

        over.set(true);
        following.join();
        assertThat(next()).isEqualTo("unended");
        assertThat(lines).isEmpty();
    }

    @Test
    void what_the_sink_throws_ends_the_following() throws Exception {
        ServiceLogs logs = logs(scratch);
        append(logs.out(), "one\n");

        assertThatThrownBy(() -> logs.follow(
                        1,
                        line -> {
                            throw new IllegalStateException("enough");
                        },
                        () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
    }

    @Test
    void a_fast_writer_loses_no_line() throws Exception {
        ServiceLogs logs = logs(scratch);
        follow(logs, 0);
        append(logs.out(), "");
        int count = 200_000;
        Process writer = new ProcessBuilder(
                        "sh", "-c", "i=0; while [ $i -lt " + count + " ]; do echo line $i; i=$((i+1)); done")
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logs.out().toFile()))
                .start();
        try {
            for (int i = 0; i < count; i++) {
                assertThat(next()).isEqualTo("line " + i);
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(lines).isEmpty();
    }

    private static ServiceLogs logs(Path directory) {
        return new ServiceLogs("web", directory);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, CREATE, APPEND);
    }

    private void follow(ServiceLogs logs, int tail) throws InterruptedException {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        following = CompletableFuture.runAsync(() -> {
            try {
                logs.follow(tail, lines::add, () -> {
                    begun.complete(null);
                    return over.get();
                });
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        });
        begun.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private String next() throws InterruptedException {
        LogLine line = lines.poll(30, TimeUnit.SECONDS);
        List<LogLine> seen = new ArrayList<>();
        if (line != null) {
            seen.add(line);
        }
        assertThat(seen).as("the next line, within 30 s").hasSize(1);
        return seen.get(0).text();
    }
}
