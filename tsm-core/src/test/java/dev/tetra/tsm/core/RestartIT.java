package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes end by themselves; what follows is what the policy says. */
class RestartIT {
    private static final Duration SHORT = Duration.ofMillis(20);

    /** Every run is a healthy one. */
    private static final RestartPolicy AT_ONCE = RestartPolicy.DEFAULT.withMinUptime(Duration.ZERO);

    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager manager;

    @BeforeEach
    void prepare() throws Exception {
        sandbox = new Sandbox(root);
        manager = sandbox.open();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private Service now(String name) throws Exception {
        return manager.find(new Selector.Name(name));
    }

    private Service onDisk(String name) throws Exception {
        return sandbox.directory().read().one(new Selector.Name(name));
    }

    private static void kill(Service service) {
        ProcessHandle.of(service.pid().orElseThrow()).orElseThrow().destroyForcibly();
    }

    private Service awaitNext(Service before) throws Exception {
        await("another process of " + before.name(), () -> {
            Service next = now(before.name());
            return next.status() == Status.ONLINE && !next.pid().equals(before.pid());
        });
        return now(before.name());
    }

    @Test
    void whatIsToRunAlwaysRunsOnThoughItsStartSawItEnd() throws Exception {
        Service web = manager.start(
                sandbox.spec("web", "sh", "-c", "test -e go || exit 0; exec sleep 1000")
                        .restart(RestartPolicy.DEFAULT
                                .withMode(RestartPolicy.Mode.ALWAYS)
                                .withDelays(Duration.ofMillis(20), Duration.ofMillis(20)))
                        .build(),
                Wait.settled(Duration.ofSeconds(20)));
        assertThat(web.status().isActive()).isTrue();
        sandbox.write("go", "");
        await("it runs on", () -> {
            Service now = now("web");
            return now.pid().isPresent()
                    && Sandbox.words(now.pid().getAsLong()).get(0).equals("sleep");
        });
    }

    @Test
    void whoSentTheSignalIsTold() throws Exception {
        Service web = manager.start(
                sandbox.spec("web", "sleep", "1000").restart(AT_ONCE).build(), Wait.NOT);
        Sandbox.awaitProgram(web, "sleep");
        manager.signal(List.of(new Selector.Name("web")), UnixSignal.parse("USR1"));
        Service second = awaitNext(web);
        Sandbox.awaitProgram(second, "sleep");
        kill(second);
        awaitNext(second);
        List<ServiceEvent> ends = new ArrayList<>();
        for (ServiceEvent event : sandbox.directory().events(100, "web")) {
            if (event.kind() == ServiceEvent.Kind.EXITED) {
                ends.add(event);
            }
        }
        assertThat(ends.get(0).text()).startsWith("signal 10 (USR1), sent by tsm signal, after ");
        assertThat(ends.get(0).cause()).isEqualTo(ServiceEvent.Cause.USER);
        assertThat(ends.get(1).text()).startsWith("signal 9 (KILL), which TSM did not send, after ");
        assertThat(ends.get(1).cause()).isEqualTo(ServiceEvent.Cause.ITSELF);
    }

    @Test
    void aKilledProcessIsFollowedByAnotherWithTheSameIdPortAndVariables() throws Exception {
        Service first = manager.start(
                sandbox.spec("web", "sh", "-c", "echo $MARK-$PORT >>marks; exec sleep 1000")
                        .port(18231)
                        .environment(Map.of("MARK", "m"))
                        .restart(AT_ONCE)
                        .build(),
                Wait.NOT);
        Sandbox.awaitProgram(first, "sleep");
        kill(first);
        Service second = awaitNext(first);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.port()).hasValue(18231);
        assertThat(second.restarts()).isEqualTo(1);
        assertThat(second.unstableRestarts()).isZero();
        assertThat(second.lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
        await(
                "it has written its mark",
                () -> Files.readAllLines(sandbox.work().resolve("marks")).equals(List.of("m-18231", "m-18231")));
        await("the disk says so too", () -> onDisk("web").run().equals(second.run()));
        assertThat(onDisk("web").restarts()).isEqualTo(1);
        assertThat(sandbox.claims()).contains("18231");
        assertThat(sandbox.processes()).as("one process and its wrapper").hasSize(2);
    }

    @Test
    void exitCodeZeroIsDoneOnFailureAndFollowedAlways() throws Exception {
        String text = "echo x >>runs; sleep 0.05";
        manager.start(sandbox.spec("done", "sh", "-c", text).restart(AT_ONCE).build(), Wait.NOT);
        await("it is done", () -> now("done").status() == Status.STOPPED);
        assertThat(now("done").restarts()).isZero();
        manager.start(
                sandbox.spec("again", "sh", "-c", text)
                        .restart(AT_ONCE.withMode(RestartPolicy.Mode.ALWAYS))
                        .build(),
                Wait.NOT);
        await("it comes again and again", () -> now("again").restarts() >= 3);
        manager.stop(List.of(new Selector.Name("again")));
        assertThat(now("again").status()).isEqualTo(Status.STOPPED);
    }

    @Test
    void codesThatMeanDoneAreDone() throws Exception {
        manager.start(
                sandbox.spec("job", "sh", "-c", "sleep 0.05; exit 3")
                        .restart(AT_ONCE.withDoneCodes(Set.of(3)))
                        .build(),
                Wait.NOT);
        await("it is done", () -> !now("job").status().isActive());
        assertThat(now("job").status()).isEqualTo(Status.STOPPED);
        assertThat(now("job").restarts()).isZero();
    }

    @Test
    void aCrashLoopWaitsLongerAndLongerAndEndsErroredWithTheReason() throws Exception {
        manager.start(
                sandbox.spec("loop", "sh", "-c", "echo run; exit 7")
                        .restart(RestartPolicy.DEFAULT.withLimit(4).withDelays(SHORT, Duration.ofMillis(80)))
                        .build(),
                Wait.NOT);
        await(
                "it waits",
                () -> now("loop").status() == Status.WAITING || now("loop").status() == Status.ERRORED);
        await("it gives up", () -> onDisk("loop").status() == Status.ERRORED);
        Service loop = now("loop");
        assertThat(loop.reason().orElseThrow())
                .isEqualTo("not started again after 4 unstable restarts in a row; last: ended by itself: exit code 7");
        assertThat(loop.restarts()).isEqualTo(4);
        assertThat(loop.unstableRestarts()).isEqualTo(4);
        assertThat(onDisk("loop")).isEqualTo(loop);
        assertThat(Files.readAllLines(sandbox.directory().service("loop").resolve("current.out")))
                .hasSize(5);
        sandbox.awaitNothingRuns();
    }

    @Test
    void aServiceThatWaitsCanBeStoppedStartedAndDeleted() throws Exception {
        RestartPolicy slow = RestartPolicy.DEFAULT.withDelays(Duration.ofHours(1), Duration.ofHours(1));
        for (String name : List.of("a", "b", "c")) {
            manager.start(
                    sandbox.spec(name, "sh", "-c", "test -e go || exit 1; exec sleep 1000")
                            .restart(slow)
                            .build(),
                    Wait.NOT);
            await(name + " waits", () -> now(name).status() == Status.WAITING);
        }
        assertThat(now("a").reason().orElseThrow())
                .matches("ended by itself: exit code 1; start 1 of 16 follows after (2[789]|3[0-6])\\d\\d s");
        Change stopped = manager.stop(List.of(new Selector.Name("a"))).get(0);
        assertThat(stopped.note()).contains("was waiting to be started again");
        assertThat(onDisk("a").status()).isEqualTo(Status.STOPPED);
        sandbox.write("go", "");
        manager.restart(List.of(new Selector.Name("b")), Wait.NOT);
        assertThat(now("b").status()).isEqualTo(Status.ONLINE);
        manager.delete(List.of(new Selector.Name("c")));
        assertThat(sandbox.serviceDirectories()).containsExactly("a", "b");
    }

    @Test
    void whatACrashedLeaderLeftIsEndedBeforeTheNextOneStarts() throws Exception {
        String text = "setsid sleep 1001 & (setsid sleep 1002 &); sleep 1003 & echo $$ >>leaders; wait";
        Service first = manager.start(
                sandbox.spec("tree", "sh", "-c", text).restart(AT_ONCE).build(), Wait.NOT);
        await("all are there", () -> sandbox.processes().size() == 5);
        kill(first);
        awaitNext(first);
        await("all are there once", () -> sandbox.processes().size() == 5);
        Change stopped = manager.stop(List.of(new Selector.Name("tree"))).get(0);
        assertThat(stopped.failure()).isEmpty();
        assertThat(sandbox.processes()).isEmpty();
    }

    @Test
    void aDaemonThatClearedItsEnvironmentIsFoundByItsLogs() throws Exception {
        String text = "(setsid env -i sleep 1001 &); (setsid env -i sleep 1002 >/dev/null 2>&1 &); exec sleep 1003";
        Service service = manager.start(sandbox.shell("tree", text), Wait.NOT);
        Sandbox.awaitProgram(service, "sleep");
        long daemon = awaitSleep("1001");
        long hidden = awaitSleep("1002");
        manager.stop(List.of(new Selector.Name("tree")));
        assertThat(Sandbox.runs(daemon)).isFalse();
        assertThat(Sandbox.runs(hidden)).as("nothing tells whose it is").isTrue();
        ProcessHandle.of(hidden).orElseThrow().destroyForcibly();
    }

    /** The process that sleeps so long and has no environment. */
    private static long awaitSleep(String seconds) throws Exception {
        await("sleep " + seconds, () -> sleeping(seconds) > 0);
        return sleeping(seconds);
    }

    private static long sleeping(String seconds) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> Sandbox.words(pid).equals(List.of("sleep", seconds)))
                .filter(pid -> Sandbox.variables(pid).isEmpty())
                .findFirst()
                .orElse(0L);
    }

    @Test
    void theCountOfShortRunsEndsWithAHealthyOne() throws Exception {
        manager.start(
                sandbox.spec("web", "sh", "-c", "test -e go || exit 1; exec sleep 1000")
                        .restart(RestartPolicy.DEFAULT
                                .withMinUptime(Duration.ofMillis(300))
                                .withDelays(SHORT, SHORT))
                        .build(),
                Wait.NOT);
        await("it has fallen", () -> now("web").unstableRestarts() >= 2);
        sandbox.write("go", "");
        await(
                "it is stable",
                () -> onDisk("web").status() == Status.ONLINE && onDisk("web").unstableRestarts() == 0);
        assertThat(now("web").restarts()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void theNextOwnerGoesOnRestartingWithTheSameVariables() throws Exception {
        Service first = manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .environment(Map.of("MARK", "m", "a.b", "c"))
                        .restart(AT_ONCE)
                        .build(),
                Wait.NOT);
        Sandbox.awaitProgram(first, "sleep");
        manager.close();
        manager = sandbox.open();
        kill(first);
        Service second = awaitNext(first);
        assertThat(Sandbox.variables(Sandbox.awaitProgram(second, "sleep")))
                .containsEntry("MARK", "m")
                .containsEntry("a.b", "c");
    }

    @Test
    void whoDiedWithoutAnOwnerIsStartedByTheNextOne() throws Exception {
        Service first = manager.start(
                sandbox.spec("web", "sleep", "1000").restart(AT_ONCE).build(), Wait.NOT);
        manager.close();
        kill(first);
        sandbox.awaitNothingRuns();
        manager = sandbox.open();
        Service second = awaitNext(first);
        assertThat(second.restarts()).isEqualTo(1);
        assertThat(second.lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
        Sandbox.awaitProgram(second, "sleep");
        assertThat(sandbox.processes()).hasSize(2);
    }

    @Test
    void aStopDoesNotWaitForAStartThatOnlyWatches() throws Exception {
        Thread starting = new Thread(() -> {
            try {
                manager.start(sandbox.sleeper("web"), Duration.ofHours(1));
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        starting.start();
        await(
                "it runs",
                () -> !manager.list().services().isEmpty() && now("web").pid().isPresent());
        Change change = manager.stop(List.of(new Selector.Name("web"))).get(0);
        assertThat(change.changed()).isTrue();
        starting.join();
        assertThat(now("web").status()).isEqualTo(Status.STOPPED);
    }

    @Test
    void signalsReachTheProcessAloneAndByName() throws Exception {
        manager.start(
                sandbox.spec("web", "sh", "-c", "trap 'echo got it' USR1; echo ready; while :; do sleep 0.02; done")
                        .stop(new StopPolicy(
                                new UnixSignal(2),
                                Duration.ofSeconds(5),
                                java.util.Optional.of(UnixSignal.parse("USR1"))))
                        .build(),
                Wait.NOT);
        Path out = sandbox.directory().service("web").resolve("current.out");
        await("it is ready", () -> Files.readString(out).equals("ready\n"));
        List<Selector> web = List.of(new Selector.Name("web"));
        assertThat(manager.signal(web, UnixSignal.parse("SIGUSR1")).get(0).note())
                .contains("sent USR1");
        await("it got it", () -> Files.readString(out).equals("ready\ngot it\n"));
        assertThat(manager.reload(web).get(0).failure()).isEmpty();
        await("it got it again", () -> Files.readString(out).equals("ready\ngot it\ngot it\n"));
        Change stopped = manager.stop(web).get(0);
        assertThat(stopped.note().orElseThrow()).contains("signal 2 (INT)");
        assertThat(manager.signal(web, UnixSignal.HUP).get(0).failure()).contains("service web does not run (stopped)");
    }
}
