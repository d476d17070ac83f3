package dev.tetra.tsm.core.internal.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.LogSpan;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LogRotationIT {
    private static final int LINES = 200_000;

    @TempDir
    Path scratch;

    @Test
    void a_service_that_writes_at_full_speed_loses_doubles_and_tears_no_line() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(256 * 1024, 1000));
        assumeTrue(bench.canCollapse(), "the file system of " + scratch + " cannot collapse; LogRenameIT covers it");
        bench.write("");
        AtomicBoolean over = new AtomicBoolean();
        List<String> followed = new ArrayList<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> following = CompletableFuture.runAsync(() -> {
            try {
                bench.logs().follow(0, line -> followed.add(line.text()), () -> {
                    begun.complete(null);
                    return over.get();
                });
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        });
        begun.get(30, TimeUnit.SECONDS);

        Process writer = bench.writer(0, LINES);
        try {
            Instant now = LogBench.START;
            while (writer.isAlive()) {
                bench.round(now);
                now = now.plusSeconds(1);
                assertConsecutive(bench.logs().tail(50));
            }
            assertThat(writer.waitFor()).isZero();
        } finally {
            writer.destroyForcibly().waitFor();
        }

        assertThat(bench.out.archives()).hasSizeGreaterThan(3);
        LogBench.assertLines(bench.everyLine(), 0, LINES);
        List<String> read = new ArrayList<>();
        bench.logs().read(LogSpan.ALL, line -> read.add(line.text()));
        LogBench.assertLines(read, 0, LINES);
        over.set(true);
        following.get(30, TimeUnit.SECONDS);
        LogBench.assertLines(followed, 0, LINES);
    }

    /** Also while it is cut, the last lines are the last lines. */
    private static void assertConsecutive(List<LogLine> tail) {
        for (int i = 1; i + 1 < tail.size(); i++) {
            assertThat(number(tail.get(i))).isEqualTo(number(tail.get(i - 1)) + 1);
        }
    }

    private static int number(LogLine line) {
        String text = line.text();
        assertThat(text).matches("line \\d+ of the service");
        return Integer.parseInt(text.split(" ", -1)[1]);
    }

    @Test
    void as_many_archives_are_kept_as_asked_for_and_nobody_else_may_read_them() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 2));
        assumeTrue(bench.canCollapse(), "the file system of " + scratch + " cannot collapse");

        for (int i = 0; i < 5; i++) {
            write(bench, 1000 * i, 1000 * (i + 1));
            bench.round(LogBench.START.plusSeconds(i));
        }

        assertThat(bench.out.archives()).hasSize(2);
        for (LogFiles.Archive archive : bench.out.archives()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive.file())))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.size(bench.out.live())).isLessThanOrEqualTo(4096);
        List<String> kept = new ArrayList<>();
        bench.logs().read(LogSpan.ALL, line -> kept.add(line.text()));
        assertThat(kept.subList(1, kept.size())).startsWith(lineAfter(kept.get(1), 0), lineAfter(kept.get(1), 1));
        assertThat(kept).endsWith(LogBench.line(4999));
        assertThat(bench.events).hasSize(5);
        ServiceEvent event = bench.events.get(0);
        assertThat(event.kind()).isEqualTo(ServiceEvent.Kind.ROTATED);
        assertThat(event.service()).isEqualTo("web");
        assertThat(event.time()).isEqualTo(LogBench.START);
        assertThat(event.text()).matches("current.out was cut: \\d+ bytes are in current.out.0000000000000000");
    }

    private static String lineAfter(String line, int more) {
        return LogBench.line(Integer.parseInt(line.split(" ", -1)[1]) + more);
    }

    private static void write(LogBench bench, int from, int to) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(LogBench.line(i)).append('\n');
        }
        bench.write(text.toString());
    }

    @Test
    void where_no_archive_is_kept_only_the_rest_is_there_and_offsets_go_on() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 0));
        assumeTrue(bench.canCollapse(), "the file system of " + scratch + " cannot collapse");

        write(bench, 0, 1000);
        bench.round(LogBench.START);
        write(bench, 1000, 2000);
        bench.round(LogBench.START.plusSeconds(1));

        assertThat(bench.out.archives()).hasSize(1).allMatch(archive -> archive.bytes() == 0);
        assertThat(bench.out.archivedEnd() + Files.size(bench.out.live())).isEqualTo(lengthOf(2000));
        assertThat(bench.logs().tail(3)).extracting(LogLine::text).endsWith(LogBench.line(1999));
    }

    private static long lengthOf(int lines) {
        long bytes = 0;
        for (int i = 0; i < lines; i++) {
            bytes += LogBench.line(i).length() + 1;
        }
        return bytes;
    }

    @Test
    void an_old_log_is_cut_when_its_first_line_is_that_old() throws Exception {
        LogBench bench = new LogBench(scratch, new LogPolicy(0, Duration.ofHours(1), 3));
        assumeTrue(bench.canCollapse(), "the file system of " + scratch + " cannot collapse");

        bench.round(LogBench.START);
        write(bench, 0, 1000);
        bench.round(LogBench.START.plusSeconds(10));
        bench.round(LogBench.START.plusSeconds(3600));
        assertThat(bench.out.archives()).isEmpty();

        bench.round(LogBench.START.plusSeconds(3610));
        assertThat(bench.out.archives()).hasSize(1);
        write(bench, 1000, 2000);
        bench.round(LogBench.START.plusSeconds(3611));
        assertThat(bench.out.archives()).hasSize(1);
        LogBench.assertLines(bench.everyLine(), 0, 2000);
    }

    @Test
    void a_log_is_left_alone_while_its_service_starts_and_where_nothing_is_asked_for() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 3));
        write(bench, 0, 1000);
        bench.keeper.round(List.of(bench.service(Status.STARTING)), LogBench.START);
        assertThat(bench.out.archives()).isEmpty();

        bench.policy(LogBench.size(0, 3));
        bench.round(LogBench.START.plusSeconds(1));
        assertThat(bench.out.archives()).isEmpty();
        assertThat(bench.events).isEmpty();
        LogBench.assertLines(bench.everyLine(), 0, 1000);
    }

    @Test
    void emptying_frees_everything_while_the_service_writes_and_while_somebody_follows() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 3));
        write(bench, 0, 1000);
        bench.round(LogBench.START);
        List<String> followed = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> following = CompletableFuture.runAsync(() -> {
            try {
                bench.logs().follow(0, line -> followed.add(line.text()), () -> {
                    begun.complete(null);
                    return over.get();
                });
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        });
        begun.get(30, TimeUnit.SECONDS);

        assertThat(bench.logs().clean()).isEqualTo(lengthOf(1000));
        assertThat(Files.size(bench.out.live())).isZero();
        assertThat(bench.logs().archives(LogLine.Stream.OUT)).isEmpty();
        assertThat(bench.logs().tail(10)).isEmpty();
        write(bench, 1000, 1300);
        bench.round(LogBench.START.plusSeconds(2));
        Sandbox.await("the lines after it", () -> Files.size(bench.out.live()) > 0);
        over.set(true);
        following.get(30, TimeUnit.SECONDS);
        LogBench.assertLines(followed, 1000, 1300);
        assertThat(bench.logs().clean()).isEqualTo(lengthOf(1300) - lengthOf(1000));
        assertThat(bench.logs().clean()).isZero();
    }
}
