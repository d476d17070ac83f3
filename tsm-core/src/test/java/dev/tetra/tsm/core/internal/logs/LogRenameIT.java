package dev.tetra.tsm.core.internal.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tetra.tsm.core.LogSpan;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.ServiceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a file system that cannot cut a file at its beginning: a tmpfs, as Linux has it at {@code /dev/shm}. */
@Timeout(60)
class LogRenameIT {
    private static final Path MEMORY = Path.of("/dev/shm");

    private Path scratch = MEMORY;

    @BeforeEach
    void makeDirectory() throws IOException {
        assumeTrue(Files.isWritable(MEMORY), "there is no " + MEMORY + " to write to");
        scratch = Files.createTempDirectory(MEMORY, "tsm-logs");
        assumeTrue(
                !new LogBench(scratch, LogBench.size(0, 0)).canCollapse(), MEMORY + " can collapse; nothing to test");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        if (!scratch.equals(MEMORY)) {
            try (Stream<Path> all = Files.walk(scratch)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void a_log_is_cut_when_its_service_is_started_anew_and_that_is_said_once() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 2));
        List<String> followed = new CopyOnWriteArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> following = CompletableFuture.runAsync(() -> {
            try {
                bench.logs().follow(Integer.MAX_VALUE, line -> followed.add(line.text()), over::get);
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        });

        int run = 2000;
        for (int i = 0; i < 4; i++) {
            assertThat(bench.writer(run * i, run * (i + 1)).waitFor()).isZero();
            bench.round(LogBench.START.plusSeconds(10L * i));
            bench.round(LogBench.START.plusSeconds(10L * i + 1));
            int expected = run * (i + 1);
            Sandbox.await("all is followed", () -> followed.size() == expected);
            bench.keeper.beforeLaunch(bench.service(), LogBench.START.plusSeconds(10L * i + 2));
            assertThat(Files.size(bench.out.live())).isZero();
        }
        over.set(true);
        following.get(30, TimeUnit.SECONDS);

        LogBench.assertLines(followed, 0, 4 * run);
        assertThat(bench.out.archives()).hasSize(2);
        LogBench.assertLines(bench.everyLine(), 2 * run, 4 * run);
        List<String> read = new ArrayList<>();
        bench.logs().read(LogSpan.ALL, line -> read.add(line.text()));
        LogBench.assertLines(read, 2 * run, 4 * run);
        assertThat(bench.events)
                .extracting(ServiceEvent::text)
                .filteredOn(text -> !text.contains("was cut"))
                .hasSize(1)
                .allMatch(
                        text -> text.startsWith(
                                "current.out is cut when the service is started anew, not before: the file system there (tmpfs) cannot"));
    }

    @Test
    void a_small_log_is_not_touched_by_a_launch() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 2));
        bench.write("one\n");
        bench.keeper.beforeLaunch(bench.service(), LogBench.START);
        assertThat(bench.everyLine()).containsExactly("one");
        assertThat(bench.out.archives()).isEmpty();
        assertThat(bench.events).isEmpty();
    }
}
