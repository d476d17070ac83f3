package dev.tetra.examples.monit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.ServiceLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogFeedIT {
    @TempDir
    Path scratch;

    @Test
    void however_fast_the_choice_moves_the_last_one_is_followed() throws IOException {
        ServiceLogs one = logs("one", "first of one\n");
        ServiceLogs two = logs("two", "first of two\n");
        try (LogFeed feed = new LogFeed(() -> {}, Throwable::toString)) {
            feed.start();
            for (int i = 0; i < 300; i++) {
                feed.follow("one", "t1", one);
                feed.follow("two", "t2", two);
                if (i % 10 == 0) {
                    await(feed, log -> texts(log).contains("first of two"));
                }
            }
            Files.writeString(two.err(), "more\tof \u001b[1mtwo\n", StandardOpenOption.CREATE);

            Log log = await(feed, read -> read.lines().size() == 2);
            assertThat(log.service()).isEqualTo("two");
            assertThat(texts(log)).containsExactly("first of two", "more    of two");
            assertThat(log.lines().get(1).stream()).isEqualTo(LogLine.Stream.ERR);
            assertThat(log.total()).isEqualTo(2);
        }
    }

    @Test
    void the_last_lines_are_kept_and_long_ones_are_cut() throws IOException {
        ServiceLogs one = logs("one", "x".repeat(10_000) + "\n");
        try (LogFeed feed = new LogFeed(() -> {}, Throwable::toString)) {
            feed.start();
            feed.follow("one", "t1", one);
            await(feed, log -> log.isRead() && log.total() == 1);
            assertThat(feed.log().lines().get(0).text()).hasSize(4001).endsWith("x…");

            Files.writeString(one.out(), "line\n".repeat(5000), StandardOpenOption.APPEND);
            Log log = await(feed, read -> read.total() == 5001);
            assertThat(log.lines()).hasSize(2000);
        }
    }

    @Test
    void nobody_and_a_service_without_files_have_no_lines() {
        ServiceLogs absent = RuntimeDirectory.of(scratch).logs(Some.service("absent", "t", OptionalLong.empty()));
        try (LogFeed feed = new LogFeed(() -> {}, Throwable::toString)) {
            feed.start();
            feed.follow("absent", "t", absent);
            assertThat(await(feed, Log::isRead).lines()).isEmpty();
            feed.follow("", "", null);
            assertThat(feed.log().service()).isEmpty();
        }
    }

    private ServiceLogs logs(String name, String out) throws IOException {
        RuntimeDirectory directory = RuntimeDirectory.of(scratch);
        Files.createDirectories(directory.service(name));
        ServiceLogs logs = directory.logs(Some.service(name, name, OptionalLong.empty()));
        Files.writeString(logs.out(), out);
        return logs;
    }

    private static List<String> texts(Log log) {
        return log.lines().stream().map(LogLine::text).toList();
    }

    private static Log await(LogFeed feed, Predicate<Log> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Log log = feed.log();
        while (!condition.test(log)) {
            assertThat(System.nanoTime() - deadline).as("within 30 s: %s", log).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            log = feed.log();
        }
        return log;
    }
}
