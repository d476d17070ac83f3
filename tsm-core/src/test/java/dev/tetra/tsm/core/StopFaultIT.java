package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services that do not want to end, or hide. Whoever they are, they are known here by what they sleep. */
class StopFaultIT {
    private static final String SECONDS = Sandbox.uniqueSeconds(1);

    /** All that must be killed is, after that. */
    private static final Duration GRACE = Duration.ofMillis(200);

    private static final List<Selector> WEB = List.of(new Selector.Name("web"));

    /** What runs, how many sleepers it comes to at least, and whether it can only be killed. */
    enum Kind {
        IGNORES(1, true, "trap '' TERM; sleep $S & while :; do sleep 0.02; done"),
        FORKS_FOR_EVER(5, true, "trap '' TERM; while test -e on; do setsid sleep $S & sleep 0.02; done"),
        FORKS_WHEN_TOLD(
                1,
                true,
                "trap 'while test -e on; do setsid sleep $S & sleep 0.02; done' TERM; sleep $S & while :;"
                        + " do sleep 0.02; done"),
        TREE(31, false, "exec sh ./tree 5"),
        TREE_OF_SESSIONS(31, true, "trap '' TERM; exec sh ./tree 5 setsid"),
        HOPS(1, true, "trap '' TERM; setsid sh ./hop & while :; do sleep 0.02; done"),
        DOUBLE_FORK(2, false, "(setsid sh -c 'sleep $S & exec sleep $S' &); sleep 1000"),
        FORGETS_ITS_VARIABLES(
                2, false, "(setsid env -i sleep $S &); (setsid env -i sh -c \"sleep $S & wait\" &); sleep 1000"),
        FROZEN(2, false, "setsid sh -c 'sleep $S & kill -STOP $$' & sleep $S & kill -STOP $$");

        private final int sleepers;
        private final boolean stubborn;
        private final String text;

        Kind(int sleepers, boolean stubborn, String text) {
            this.sleepers = sleepers;
            this.stubborn = stubborn;
            this.text = text;
        }
    }

    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager manager;

    @BeforeEach
    void prepare() throws IOException {
        sandbox = new Sandbox(root);
        manager = sandbox.open();
        sandbox.write("on", "");
        // A binary tree whose leaves and knots sleep.
        sandbox.write("tree", """
                if [ "$1" -gt 1 ]; then
                  $2 sh ./tree $(($1 - 1)) "$2" &
                  $2 sh ./tree $(($1 - 1)) "$2" &
                fi
                exec sleep "$S"
                """);
        // Never the same process for long, and never in the same session.
        sandbox.write("hop", """
                sleep "$S" &
                sleep 0.02
                kill -KILL $!
                if [ -e on ]; then setsid sh ./hop & fi
                """);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        Files.delete(sandbox.work().resolve("on"));
        sandbox.close();
        await("no sleeper is left", () -> {
            List<Long> left = sleepers();
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            return left.isEmpty();
        });
    }

    private static List<Long> sleepers() throws IOException {
        return Sandbox.running("sleep", SECONDS);
    }

    private Service start(String text, RestartPolicy policy) throws Exception {
        return manager.start(
                sandbox.spec("web", "sh", "-c", text.replace("$S", SECONDS))
                        .environment(Map.of("S", SECONDS))
                        .restart(policy)
                        .stop(new StopPolicy(UnixSignal.TERM, GRACE, Optional.empty()))
                        .build(),
                Wait.NOT);
    }

    private Service start(Kind kind) throws Exception {
        Service web = start(kind.text, RestartPolicy.DEFAULT.withMode(RestartPolicy.Mode.NEVER));
        await("all are there", () -> sleepers().size() >= kind.sleepers);
        return web;
    }

    private void assertAllGone() throws Exception {
        assertThat(sleepers()).isEmpty();
        assertThat(sandbox.processes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aStopEndsThemAll(Kind kind) throws Exception {
        start(kind);
        Change change = manager.stop(WEB).get(0);
        assertThat(change.failure()).isEmpty();
        assertThat(change.service().status()).isEqualTo(Status.STOPPED);
        assertAllGone();
        assertThat(change.note().orElseThrow().contains("killed after"))
                .as(change.note().orElseThrow())
                .isEqualTo(kind.stubborn);
    }

    /** All but the hop: without a leader, looks at all processes can miss it, once in ten times, and nothing says it was there. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HOPS")
    void aKillEndsThemAllThoughTheLeaderIsGoneAndItsWrapperTooAndTheOwnerIsANewOne(Kind kind) throws Exception {
        Service web = start(kind);
        manager.close();
        ProcessHandle.of(web.run().orElseThrow().wrapper().orElseThrow().pid())
                .ifPresent(ProcessHandle::destroyForcibly);
        ProcessHandle.of(web.pid().orElseThrow()).ifPresent(ProcessHandle::destroyForcibly);
        await("the leader is gone", () -> !Sandbox.runs(web.pid().orElseThrow()));
        manager = sandbox.open();
        assertThat(manager.kill(WEB).get(0).failure()).isEmpty();
        assertAllGone();
    }

    /** Its variables are cleared, its logs closed, its parent is gone; but it is in the session of a leader that just ended. */
    @Test
    void aWorkerOfALeaderThatCrashedIsEndedThoughNothingButItsSessionTellsWhoseItIs() throws Exception {
        Service web = start(
                "env -i sleep $S </dev/null >/dev/null 2>&1 & exec sleep 1000",
                RestartPolicy.DEFAULT.withMinUptime(Duration.ZERO));
        await("the worker is there", () -> sleepers().size() == 1);
        long worker = sleepers().get(0);
        ProcessHandle.of(Sandbox.awaitProgram(web, "sleep")).orElseThrow().destroyForcibly();
        await("only the next one's worker is there", () -> {
            List<Long> workers = sleepers();
            return workers.size() == 1 && workers.get(0) != worker;
        });
        manager.stop(WEB);
        assertAllGone();
    }

    @Test
    void aWrapperThatIsFrozenInAPauseIsNoneToWaitFor() throws Exception {
        Service web = start("exit 3", RestartPolicy.DEFAULT.withDelays(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        await("it waits", () -> manager.find(new Selector.Name("web")).status() == Status.WAITING);
        long wrapper = web.run().orElseThrow().wrapper().orElseThrow().pid();
        assertThat(new ProcessBuilder("sh", "-c", "kill -s STOP -- " + wrapper)
                        .start()
                        .waitFor())
                .isZero();
        assertThat(manager.stop(WEB).get(0).failure()).isEmpty();
        assertThat(Sandbox.runs(wrapper)).isFalse();
    }

    @Test
    void aFrozenWrapperIsNoneToWaitForInADelete() throws Exception {
        Service web = start(Kind.TREE);
        long wrapper = web.run().orElseThrow().wrapper().orElseThrow().pid();
        assertThat(new ProcessBuilder("sh", "-c", "kill -s STOP -- " + wrapper)
                        .start()
                        .waitFor())
                .isZero();
        assertThat(manager.delete(WEB).get(0).failure()).isEmpty();
        assertAllGone();
        assertThat(Sandbox.runs(wrapper)).isFalse();
        assertThat(sandbox.serviceDirectories()).isEmpty();
    }

    @Test
    void whatIsLeftOfACrashedLeaderGivesThePortToTheNextOne() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Service first = manager.start(
                sandbox.spec(
                                "web",
                                "sh",
                                "-c",
                                "setsid \"$JAVA\" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
                                        + PortHolderMain.class.getName() + " $PORT & exec sleep " + SECONDS)
                        .environment(Map.of("JAVA", java, "CLASSPATH", Sandbox.classPath()))
                        .restart(RestartPolicy.DEFAULT.withMinUptime(Duration.ZERO))
                        .build(),
                Wait.NOT);
        Path out = sandbox.directory().service(first.name()).resolve("current.out");
        await("the worker has the port", () -> Files.readAllLines(out).equals(List.of("bound")));
        ProcessHandle.of(Sandbox.awaitProgram(first, "sleep")).orElseThrow().destroyForcibly();
        await("the next worker has the port", () -> Files.readAllLines(out).equals(List.of("bound", "bound")));
        Service next = manager.find(new Selector.Name("web"));
        assertThat(next.port()).isEqualTo(first.port());
        assertThat(sleepers()).containsExactly(next.pid().orElseThrow());
        assertThat(Files.readString(sandbox.directory().service(first.name()).resolve("current.err")))
                .isEmpty();
        manager.stop(WEB);
        assertAllGone();
    }
}
