package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.NO_WAIT;
import static dev.tetra.tsm.core.Sandbox.await;
import static dev.tetra.tsm.core.Sandbox.awaitProgram;
import static dev.tetra.tsm.core.Sandbox.runs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every manager promises, owner or client. */
abstract class ServiceManagerContract {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(150);

    @TempDir
    Path root;

    Sandbox sandbox;
    ServiceManager manager;

    /** The manager under test, which the sandbox closes. */
    abstract ServiceManager openManager(Sandbox place) throws IOException;

    @BeforeEach
    void openTheManager() throws IOException {
        sandbox = new Sandbox(root);
        manager = openManager(sandbox);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private Service start(String name, String... command) throws IOException {
        return manager.start(sandbox.spec(name, command).build(), NO_WAIT);
    }

    private Service startShell(String name, String text) throws IOException {
        return manager.start(sandbox.shell(name, text), NO_WAIT);
    }

    private static List<Selector> named(String... names) {
        return java.util.Arrays.stream(names).map(Selector::parse).toList();
    }

    private Change only(List<Change> changes) {
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).failure()).isEmpty();
        return changes.get(0);
    }

    private Service now(String name) throws IOException {
        return manager.find(new Selector.Name(name));
    }

    private ServiceException refusal(ServiceSpec spec, Duration settle) {
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> manager.start(spec, settle));
        assertThat(refused).as("nothing was refused").isNotNull();
        return refused;
    }

    private void assertNothingLeft() throws Exception {
        assertThat(sandbox.serviceDirectories()).isEmpty();
        assertThat(sandbox.claims()).doesNotContain("\ttcp\t");
        assertThat(manager.list().services()).isEmpty();
        sandbox.awaitNothingRuns();
    }

    @Test
    void aStartedServiceRunsInASessionAndGroupOfItsOwn() throws Exception {
        Service service = manager.start(sandbox.sleeper("web"));
        assertThat(service.id()).isZero();
        assertThat(service.name()).isEqualTo("web");
        assertThat(service.status()).isEqualTo(Status.ONLINE);
        long pid = awaitProgram(service, "sleep");
        assertThat(Sandbox.words(pid)).containsExactly("sleep", "1000");
        assertThat(Sandbox.stat(pid, 2)).as("group").isEqualTo(Long.toString(pid));
        assertThat(Sandbox.stat(pid, 3)).as("session").isEqualTo(Long.toString(pid));
        assertThat(now("web")).isEqualTo(service);
        assertThat(sandbox.directory().read().services()).containsExactly(now("web"));
    }

    @Test
    void anIdIsTheLowestFreeNumber() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            start(name, "sleep", "1000");
        }
        assertThat(manager.list().services()).extracting(Service::id).containsExactly(0, 1, 2);
        manager.delete(named("b"));
        assertThat(start("d", "sleep", "1000").id()).isEqualTo(1);
        assertThat(start("e", "sleep", "1000").id()).isEqualTo(3);
    }

    @Test
    void anEarlyEndIsToldWithItsExitCodeAndLastLinesAndLeavesNothing() throws Exception {
        ServiceException failed = refusal(sandbox.shell("web", "echo one; echo broken >&2; exit 3"), LONG);
        assertThat(failed.reason()).isEqualTo(Reason.START_FAILED);
        assertThat(failed).hasMessageContaining("exit code 3");
        assertThat(failed.details()).containsExactly("current.out: one", "current.err: broken");
        assertNothingLeft();
    }

    @Test
    void anEarlyEndOfAServiceWithAPortGivesThePortBack() throws Exception {
        ServiceException failed = refusal(sandbox.shell("web", "echo $PORT; exit 1"), LONG);
        assertThat(failed.details().get(0)).startsWith("current.out: 8");
        assertNothingLeft();
    }

    @Test
    void anEarlyDeathByASignalIsToldByTheSignalsName() throws Exception {
        ServiceException failed = refusal(sandbox.shell("web", "kill -SEGV $$"), LONG);
        assertThat(failed).hasMessageContaining("signal 11 (SEGV)");
        assertNothingLeft();
    }

    @Test
    void whatAFailedStartLeftRunningIsEndedToo() throws Exception {
        refusal(sandbox.shell("web", "setsid sleep 1000 & sleep 1000 & exit 4"), LONG);
        assertNothingLeft();
    }

    @Test
    void aMissingExecutableIsToldBeforeAnythingIsMade() throws Exception {
        ServiceException failed =
                refusal(sandbox.spec("web", "no-such-program-here").build(), NO_WAIT);
        assertThat(failed.reason()).isEqualTo(Reason.MISSING_FILE);
        assertThat(failed).hasMessageContaining("no-such-program-here");
        assertNothingLeft();
    }

    @Test
    void aProgramWhoseInterpreterIsMissingFailsToStart() throws Exception {
        Path program = sandbox.write("program", "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        ServiceException failed = refusal(sandbox.spec("web", "./program").build(), LONG);
        assertThat(failed.reason()).isEqualTo(Reason.START_FAILED);
        assertThat(failed).hasMessageContaining("exit code 127");
        assertThat(failed.details()).anyMatch(line -> line.contains("not found"));
        assertNothingLeft();
    }

    @Test
    void aMissingDirectoryIsRefused() throws Exception {
        ServiceSpec spec =
                sandbox.spec("web", "sleep", "1").cwd(root.resolve("gone")).build();
        assertThat(refusal(spec, NO_WAIT))
                .hasMessageContaining(root.resolve("gone").toString());
        assertNothingLeft();
    }

    @Test
    void aJobThatIsDoneWithinTheSettlingTimeIsStoppedAndNoFailure() throws Exception {
        Service job = manager.start(sandbox.shell("job", "echo done"), LONG);
        assertThat(job.status()).isEqualTo(Status.STOPPED);
        assertThat(job.run()).isEmpty();
        assertThat(job.lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Exited(0));
        assertThat(manager.logs(job).tail(1)).extracting(LogLine::text).containsExactly("done");
        assertThat(sandbox.directory().read().services()).containsExactly(job);
    }

    @Test
    void withoutASettlingTimeAnEndIsNoticedAfterwards() throws Exception {
        startShell("web", "exit 7");
        await("its end is noticed", () -> now("web").status() == Status.CRASHED);
        assertThat(now("web").lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Exited(7));
        await(
                "it is written",
                () -> sandbox.directory().read().services().get(0).equals(now("web")));
    }

    @Test
    void aNameThatRunsIsTaken() throws Exception {
        long pid = start("web", "sleep", "1000").pid().orElseThrow();
        ServiceException refused = refusal(sandbox.sleeper("web"), NO_WAIT);
        assertThat(refused.reason()).isEqualTo(Reason.NAME_TAKEN);
        assertThat(refused).hasMessageContaining("web").hasMessageContaining("pid " + pid);
        assertThat(runs(pid)).isTrue();
        assertThat(sandbox.serviceDirectories()).containsExactly("web");
    }

    @Test
    void aStoppedServiceOfThatNameIsStartedAgainWithItsIdAndItsLogs() throws Exception {
        start("other", "sleep", "1000");
        startShell("web", "echo first; exec sleep 1000");
        await("it wrote", () -> !manager.logs(now("web")).tail(1).isEmpty());
        manager.stop(named("web"));
        manager.delete(named("other"));
        Service again = startShell("web", "echo second; exec sleep 1000");
        assertThat(again.id()).isEqualTo(1);
        await("it wrote again", () -> manager.logs(again).tail(9).size() == 2);
        assertThat(manager.logs(again).tail(9)).extracting(LogLine::text).containsExactly("first", "second");
    }

    @Test
    void aPortThatIsTakenIsRefusedByItsHoldersName() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServiceSpec spec = sandbox.spec("web", "sleep", "1000")
                    .port(holder.getLocalPort())
                    .build();
            ServiceException refused = refusal(spec, NO_WAIT);
            assertThat(refused.reason()).isEqualTo(Reason.PORT_TAKEN);
            assertThat(refused)
                    .hasMessageContaining("port " + holder.getLocalPort())
                    .hasMessageContaining("pid " + ProcessHandle.current().pid());
            assertNothingLeft();
        }
    }

    @Test
    void aPortThatAServiceClaimsIsRefusedByTheServicesName() throws Exception {
        int port = startShell("web", "exec sleep 1000 # $PORT").port().orElseThrow();
        ServiceException refused =
                refusal(sandbox.spec("second", "sleep", "1000").port(port).build(), NO_WAIT);
        assertThat(refused.reason()).isEqualTo(Reason.PORT_TAKEN);
        assertThat(refused).hasMessageContaining("web-" + port);
        manager.stop(named("web"));
        assertThat(manager.start(
                                sandbox.spec("second", "sleep", "1000")
                                        .port(port)
                                        .build(),
                                NO_WAIT)
                        .name())
                .isEqualTo("second-" + port);
    }

    @Test
    void everyVariableReachesTheServiceExactly() throws Exception {
        Map<String, String> odd = Map.of(
                "SPACES", "  a  b ",
                "QUOTES", "it's \"so\" `x` $HOME \\ \\n",
                "LINES", "one\ntwo\n\n",
                "UNICODE", "äöü 漢字 🎵",
                "EMPTY", "",
                "FROM_BOTH", "spec");
        Path envFile = sandbox.write("web.env", "FROM_FILE='a b'\nexport FROM_BOTH=file\n");
        Service service = manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .envFile(envFile)
                        .environment(odd)
                        .port(new dev.tetra.tsm.ports.PortSpec.AtLeast(8000))
                        .build(),
                NO_WAIT);
        Map<String, String> seen = Sandbox.variables(awaitProgram(service, "sleep"));
        Map<String, String> wanted = new HashMap<>(odd);
        String port = Integer.toString(service.port().orElseThrow());
        wanted.put("FROM_FILE", "a b");
        wanted.put("PORT", port);
        wanted.put("TSM_PORT", port);
        wanted.put("TSM_ID", service.token());
        wanted.put("TSM_NAME", "web-" + port);
        wanted.put("TSM_DIR", sandbox.directory().service("web-" + port).toString());
        wanted.put("PWD", sandbox.work().toString());
        wanted.put("PATH", System.getenv("PATH"));
        assertThat(seen).containsAllEntriesOf(wanted);
        for (String variable : System.getenv().keySet()) {
            assertThat(seen.containsKey(variable) || variable.equals("OLDPWD") || variable.startsWith("TSM_"))
                    .as(variable)
                    .isTrue();
        }
        String meta =
                Files.readString(sandbox.directory().service(service.name()).resolve("meta.json"));
        assertThat(meta).doesNotContain("漢字").doesNotContain("one\\ntwo");
    }

    @Test
    void aMissingEnvironmentFileIsRefused() throws Exception {
        ServiceSpec spec = sandbox.spec("web", "sleep", "1000")
                .envFile(root.resolve("gone.env"))
                .build();
        ServiceException refused = refusal(spec, NO_WAIT);
        assertThat(refused.reason()).isEqualTo(Reason.MISSING_FILE);
        assertThat(refused).hasMessageContaining("gone.env");
        assertNothingLeft();
    }

    @Test
    void aServiceRunsInItsDirectory() throws Exception {
        Path directory = Files.createDirectory(root.resolve("a b"));
        Service service = manager.start(
                sandbox.spec("web", "sleep", "1000").cwd(directory).build(), NO_WAIT);
        long pid = awaitProgram(service, "sleep");
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))).isEqualTo(directory.toRealPath());
    }

    @Test
    void aStoppedServiceIsGoneWithItsWrapper() throws Exception {
        long pid = awaitProgram(start("web", "sleep", "1000"), "sleep");
        Change change = only(manager.stop(named("web"), LONG));
        assertThat(change.changed()).isTrue();
        assertThat(change.note().orElseThrow()).isEqualTo("signal 15 (TERM)");
        assertThat(change.service().status()).isEqualTo(Status.STOPPED);
        assertThat(change.service().lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(15));
        assertThat(runs(pid)).isFalse();
        sandbox.awaitNothingRuns();
        assertThat(sandbox.directory().read().services()).containsExactly(change.service());
        Change again = only(manager.stop(named("web")));
        assertThat(again.changed()).isFalse();
        assertThat(again.note().orElseThrow()).isEqualTo("was not running");
    }

    @Test
    void whoIgnoresTheStopSignalIsKilledAfterItsGrace() throws Exception {
        startShell("web", "trap '' TERM; echo up; while :; do sleep 0.1; done");
        await("it is up", () -> !manager.logs(now("web")).tail(1).isEmpty());
        Change change = only(manager.stop(named("web"), SHORT));
        assertThat(change.note().orElseThrow()).startsWith("signal 9 (KILL), killed after 150 ms");
        assertThat(change.service().reason().orElseThrow()).contains("did not end within 150 ms");
        sandbox.awaitNothingRuns();
    }

    @Test
    void aStopDuringALongGraceIsSeenAsStoppingAndAKillEndsTheGrace() throws Exception {
        startShell("web", "trap '' TERM; echo up; while :; do sleep 0.1; done");
        await("it is up", () -> !manager.logs(now("web")).tail(1).isEmpty());
        ExecutorService aside = sandbox.keep(Threads.of(1)).threads();
        Future<List<Change>> stop = aside.submit(() -> manager.stop(named("web"), Duration.ofHours(1)));
        await("it is stopping", () -> now("web").status() == Status.STOPPING);
        await(
                "it is written",
                () -> sandbox.directory().read().services().get(0).status() == Status.STOPPING);
        only(manager.kill(named("web")));
        assertThat(only(stop.get()).service().status()).isEqualTo(Status.STOPPED);
        sandbox.awaitNothingRuns();
    }

    @Test
    void aFrozenServiceIsStopped() throws Exception {
        long pid = awaitProgram(start("web", "sleep", "1000"), "sleep");
        signal("STOP", pid);
        await("it is frozen", () -> Sandbox.stat(pid, 0).equals("T"));
        Change change = only(manager.stop(named("web"), LONG));
        assertThat(change.note().orElseThrow()).isEqualTo("signal 15 (TERM)");
        sandbox.awaitNothingRuns();
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -s " + name + " -- " + pid)
                        .start()
                        .waitFor())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 1000 & sleep 1000 & echo up; wait",
                "setsid sleep 1000 & sleep 1000 & echo up; wait",
                "(setsid sh -c '(sleep 1000 &) ; sleep 1000' &) ; echo up; exec sleep 1000",
                "setsid env -i sleep 1000 & echo up; wait",
            })
    void whateverCameFromAServiceIsGoneAfterItsStop(String text) throws Exception {
        startShell("web", text);
        await("it is up", () -> !manager.logs(now("web")).tail(1).isEmpty());
        await("its children run", () -> sleepers() >= 1);
        only(manager.stop(named("web"), LONG));
        assertThat(sleepers()).isZero();
        sandbox.awaitNothingRuns();
    }

    /** Counts by directory, which no process changes, so that one without variables counts too. */
    private long sleepers() {
        return ProcessHandle.allProcesses()
                .filter(process -> Sandbox.words(process.pid()).get(0).equals("sleep") && runs(process.pid()))
                .filter(process -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                                .equals(sandbox.work().toRealPath());
                    } catch (IOException gone) {
                        return false;
                    }
                })
                .count();
    }

    @Test
    void whatAServiceLeftBehindWhenItEndedIsEndedByAStop() throws Exception {
        Service job = manager.start(sandbox.shell("job", "setsid sleep 1000 & exit 0"), LONG);
        assertThat(job.status()).isEqualTo(Status.STOPPED);
        await("the daemon runs", () -> sleepers() == 1);
        Change change = only(manager.stop(named("job"), LONG));
        assertThat(change.changed()).isTrue();
        assertThat(change.note().orElseThrow()).contains("was not running, but 1 process that it left behind ended");
        assertThat(sleepers()).isZero();
    }

    @Test
    void aKillAsksNobody() throws Exception {
        startShell("web", "trap '' TERM; echo up; while :; do sleep 0.1; done");
        await("it is up", () -> !manager.logs(now("web")).tail(1).isEmpty());
        Change change = only(manager.kill(named("web")));
        assertThat(change.service().lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
        sandbox.awaitNothingRuns();
    }

    @Test
    void aDeletedServiceLeavesNothing() throws Exception {
        startShell("web", "exec sleep 1000 # $PORT");
        Change change = only(manager.delete(named("web")));
        assertThat(change.changed()).isTrue();
        assertNothingLeft();
        assertThatThrownBy(() -> manager.delete(named("web")))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        gone -> assertThat(gone.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    @Test
    void aServiceWhoseDirectorySomebodyRemovedCanBeStoppedAndDeleted() throws Exception {
        long pid = awaitProgram(start("web", "sleep", "1000"), "sleep");
        Path directory = sandbox.directory().service("web");
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
        manager.stop(named("web"), LONG);
        assertThat(runs(pid)).isFalse();
        only(manager.delete(named("web")));
        assertNothingLeft();
    }

    @Test
    void aRestartKeepsEverythingButTheProcessAndTheVariables() throws Exception {
        Path envFile = sandbox.write("web.env", "VALUE=old\n");
        Path marks = root.resolve("marks");
        Service first = manager.start(
                sandbox.spec("web", "sh", "-c", "exec sleep 1000 # $PORT")
                        .envFile(envFile)
                        .preHook("sh:echo hook >>" + marks)
                        .build(),
                NO_WAIT);
        awaitProgram(first, "sleep");
        Files.writeString(envFile, "VALUE=new\n");
        Service second = only(manager.restart(named("web"), NO_WAIT)).service();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.name()).isEqualTo(first.name());
        assertThat(second.port()).isEqualTo(first.port());
        assertThat(second.spec()).isEqualTo(first.spec());
        assertThat(second.token()).isEqualTo(first.token());
        assertThat(second.restarts()).isEqualTo(1);
        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(Sandbox.variables(awaitProgram(second, "sleep"))).containsEntry("VALUE", "new");
        assertThat(runs(first.pid().orElseThrow())).isFalse();
        assertThat(Files.readAllLines(marks)).hasSize(2);
        assertThat(sandbox.claims()).contains("\t" + second.name() + "\n");
    }

    @Test
    void aRestartWhosePortWasTakenMeanwhileFailsAndTheServiceIsStopped() throws Exception {
        int port = startShell("web", "exec sleep 1000 # $PORT").port().orElseThrow();
        try (ServerSocket thief = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Change change = manager.restart(named("web"), NO_WAIT).get(0);
            assertThat(change.failure().orElseThrow()).contains("port " + thief.getLocalPort());
        }
        assertThat(now("web").status()).isEqualTo(Status.STOPPED);
        assertThat(sandbox.directory().read().services()).containsExactly(now("web"));
        sandbox.awaitNothingRuns();
    }

    @Test
    void aRestartThatFailsLeavesTheServiceInErrorWithItsLogs() throws Exception {
        Path switchFile = sandbox.write("ok", "");
        manager.start(sandbox.shell("web", "test -e ok || exit 9; exec sleep 1000"), NO_WAIT);
        awaitProgram(now("web"), "sleep");
        Files.delete(switchFile);
        Change change = manager.restart(named("web"), LONG).get(0);
        assertThat(change.failure().orElseThrow()).contains("exit code 9");
        assertThat(now("web").status()).isEqualTo(Status.ERRORED);
        assertThat(now("web").reason().orElseThrow()).contains("exit code 9");
        assertThat(sandbox.directory().read().services()).containsExactly(now("web"));
        sandbox.awaitNothingRuns();
    }

    @Test
    void selectorsFindAServiceByEachOfItsMarks() throws Exception {
        Service web = startShell("web", "exec sleep 1000 # $PORT");
        Service worker = start("worker", "sleep", "1000");
        long pid = worker.pid().orElseThrow();
        int port = web.port().orElseThrow();
        for (Selector selector : List.of(
                new Selector.Name("worker"),
                new Selector.Name("wor"),
                new Selector.Id(1),
                new Selector.Pid(pid),
                new Selector.Number(1),
                new Selector.Number(pid))) {
            assertThat(manager.find(selector)).as(selector.toString()).isEqualTo(worker);
        }
        for (Selector selector : List.of(
                new Selector.Name("web-" + port),
                new Selector.Name("web"),
                new Selector.Port(port),
                new Selector.Number(port))) {
            assertThat(manager.find(selector)).as(selector.toString()).isEqualTo(web);
        }
        assertThatThrownBy(() -> manager.stop(named("w")))
                .hasMessageContaining("fits 2 services")
                .hasMessageContaining("worker (id 1");
        assertThatThrownBy(() -> manager.stop(named("wroker"))).hasMessageContaining("did you mean worker?");
        assertThatThrownBy(() -> manager.stop(named("worker", "nobody"))).hasMessageContaining("nobody");
        assertThat(runs(pid)).as("nobody was stopped").isTrue();
        only(manager.stop(List.of(new Selector.Port(port))));
        only(manager.stop(List.of(new Selector.Pid(pid))));
        sandbox.awaitNothingRuns();
    }

    @Test
    void aStarStopsAllAtOnce() throws Exception {
        for (int i = 0; i < 4; i++) {
            // Each waits for the next to be told to stop: one after the other they would need KILL.
            startShell(
                    "s" + i,
                    "trap 'touch told-" + i + "; while ! test -e told-" + (i + 1) % 4
                            + "; do sleep 0.02; done; exit 0' TERM; echo up; while :; do sleep 0.02; done");
        }
        for (Service service : manager.list().services()) {
            await("it is up", () -> !manager.logs(service).tail(1).isEmpty());
        }
        List<Change> changes = manager.stop(named("*"), LONG);
        assertThat(changes).extracting(change -> change.service().id()).containsExactly(0, 1, 2, 3);
        assertThat(changes)
                .allMatch(change ->
                        change.service().lastExit().orElseThrow().outcome().isClean());
        sandbox.awaitNothingRuns();
        assertThat(manager.stop(List.of(), LONG)).isEmpty();
    }

    @Test
    void filesAndDirectoriesAreForTheirUserAlone() throws Exception {
        startShell("web", "exec sleep 1000 # $PORT");
        RuntimeDirectory directory = sandbox.directory();
        Path service =
                directory.processes().resolve(sandbox.serviceDirectories().get(0));
        for (Path path : List.of(directory.runtime(), directory.processes(), directory.sockets(), service)) {
            assertThat(mode(path)).as(path.toString()).isEqualTo("rwx------");
        }
        for (Path path : List.of(
                service.resolve("meta.json"),
                service.resolve("current.out"),
                service.resolve("current.err"),
                service.resolve("wrapper.err"),
                directory.ports(),
                directory.ownerLock(),
                directory.managerSocket())) {
            assertThat(mode(path)).as(path.toString()).isEqualTo("rw-------");
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @ParameterizedTest
    @CsvSource({
        "./hook.sh, from-file",
        "named, from-name",
        "sh:export HOOKED=from-sh, from-sh",
        "'bash:export HOOKED=$(printf %s a-{b,c}); [[ 1 == 1 ]]', a-ba-c",
        "sh:export HOOKED=left; sleep 1000 &, left",
        "sh:exit 0, unset",
    })
    void aHookRunsBeforeTheServiceAndItsExportsReachIt(String hook, String value) throws Exception {
        sandbox.write("hook.sh", "HOOKED=from-file; export HOOKED\necho said\n");
        Files.createDirectories(sandbox.directory().hooks());
        Files.writeString(sandbox.directory().hooks().resolve("named.sh"), "export HOOKED=from-name TSM_ID=mine\n");
        Service service = manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .preHook(hook)
                        .environment(Map.of("HOOKED", "unset", "LINES", "a\nb=c\n\n"))
                        .build(),
                NO_WAIT);
        Map<String, String> seen = Sandbox.variables(awaitProgram(service, "sleep"));
        assertThat(seen)
                .containsEntry("HOOKED", value)
                .containsEntry("LINES", "a\nb=c\n\n")
                .containsEntry("TSM_ID", service.token())
                .containsEntry("PWD", sandbox.work().toString());
        assertThat(seen.containsKey("SHLVL")).isEqualTo(System.getenv().containsKey("SHLVL"));
        only(manager.stop(named("web"), LONG));
        sandbox.awaitNothingRuns();
    }

    @Test
    void aFailingHookFailsTheStartWithItsLastLines() throws Exception {
        ServiceSpec spec = sandbox.spec("web", "sleep", "1000")
                .preHook("sh:echo no database; sleep 1000 & exit 5")
                .build();
        ServiceException failed = refusal(spec, NO_WAIT);
        assertThat(failed.reason()).isEqualTo(Reason.START_FAILED);
        assertThat(failed).hasMessageContaining("pre-hook").hasMessageContaining("exit code 5");
        assertThat(failed.details()).containsExactly("hook: no database");
        assertNothingLeft();
    }

    @Test
    void aHookThatIsNowhereIsRefused() throws Exception {
        ServiceSpec spec =
                sandbox.spec("web", "sleep", "1000").preHook("nowhere").build();
        assertThat(refusal(spec, NO_WAIT)).hasMessageContaining("pre-hook not found: nowhere");
        assertNothingLeft();
    }

    @Test
    void aPlanChangesNothing() throws Exception {
        ServiceSpec spec = sandbox.spec("web", "sh", "-c", "exec sleep 1000 # $PORT")
                .environment(Map.of("B", "1", "A", "2"))
                .build();
        StartPlan plan = manager.plan(spec);
        assertThat(plan.name()).startsWith("web-8");
        assertThat(plan.environmentNames()).containsExactly("A", "B");
        assertThat(plan.refusal()).isEmpty();
        assertThat(plan.launch().ladder()).hasSize(6);
        assertNothingLeft();
        Service started = manager.start(spec, NO_WAIT);
        assertThat(started.name()).isEqualTo(plan.name());
        StartPlan taken = manager.plan(sandbox.spec("x", "sleep", "1")
                .port(started.port().orElseThrow())
                .build());
        assertThat(taken.refusal().orElseThrow()).contains(started.name());
    }

    @Test
    void anUnreadableMetaFileIsNamedAndHidesNobody() throws Exception {
        start("web", "sleep", "1000");
        Path broken = Files.createDirectory(sandbox.directory().service("broken"));
        Files.writeString(broken.resolve("meta.json"), "{\"name\": ");
        Inventory inventory = manager.list();
        assertThat(inventory.services()).extracting(Service::name).containsExactly("web");
        assertThat(inventory.unreadable())
                .extracting(Inventory.Unreadable::name)
                .containsExactly("broken");
        assertThatThrownBy(() -> manager.stop(named("broken")))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.UNREADABLE));
        ServiceException refused = refusal(sandbox.sleeper("broken"), NO_WAIT);
        assertThat(refused.reason()).isEqualTo(Reason.UNREADABLE);
        assertThat(Files.readString(broken.resolve("meta.json"))).isEqualTo("{\"name\": ");
    }

    @Test
    void fieldsThatAreNotOursAreKept() throws Exception {
        start("web", "sleep", "1000");
        Path meta = sandbox.directory().service("web").resolve("meta.json");
        String text = Files.readString(meta);
        Files.writeString(meta, text.replaceFirst("\\{", "{ \"colour\": {\"of\": [1, \"blue\"]},"));
        manager.stop(named("web"), LONG);
        manager.restart(named("web"), NO_WAIT);
        assertThat(Files.readString(meta)).contains("\"colour\"").contains("\"blue\"");
    }

    @Test
    void negativeDurationsAreTheCallersFault() throws Exception {
        Duration negative = Duration.ofMillis(-1);
        assertThatThrownBy(() -> manager.start(sandbox.sleeper("web"), negative))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> manager.stop(named("*"), negative)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> manager.restart(named("*"), negative)).isInstanceOf(IllegalArgumentException.class);
        assertNothingLeft();
    }

    @Test
    void anInterruptedCallerGetsAnExceptionAndTheServiceStaysWhole() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> manager.start(sandbox.sleeper("web"), NO_WAIT)).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).as("the flag is set again").isTrue();
        await("what was begun is done", () -> {
            Inventory inventory = manager.list();
            return inventory.services().stream().allMatch(service -> service.status() == Status.ONLINE)
                    && inventory.services().size()
                            == sandbox.serviceDirectories().size();
        });
        assertThat(manager.list().unreadable()).isEmpty();
    }

    @Test
    void afterItsCloseAManagerRefusesEverything() throws Exception {
        Service service = start("web", "sleep", "1000");
        manager.close();
        manager.close();
        ServiceSpec spec = sandbox.sleeper("late");
        assertThatThrownBy(() -> manager.start(spec, NO_WAIT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> manager.plan(spec)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> manager.stop(named("*"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> manager.kill(named("*"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> manager.delete(named("*"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> manager.restart(named("*"), NO_WAIT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(manager::list).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> manager.logs(service)).isInstanceOf(IllegalStateException.class);
        assertThat(runs(service.pid().orElseThrow())).as("services go on").isTrue();
    }

    /** Threads that end with their test. */
    record Threads(ExecutorService threads) implements AutoCloseable {
        static Threads of(int count) {
            return new Threads(Executors.newFixedThreadPool(count));
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    @Test
    void aCommandThatCouldNotBeReadAgainIsRefused() throws Exception {
        String[] words = new String[40];
        java.util.Arrays.fill(words, "x".repeat(120_000));
        words[0] = "true";

        assertThatThrownBy(() -> start("web", words))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
        assertNothingLeft();
    }

    @Test
    void aWrapperScriptThatWasSweptAwayIsPutBack() throws Exception {
        try (var files = Files.list(sandbox.directory().runtime())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sh")).toList()) {
                Files.delete(file);
            }
        }
        assertThat(start("web", "sleep", "1000").status()).isEqualTo(Status.ONLINE);
    }

    @Test
    void aFailedRestartSaysWhyAndThatItsLogsAreThere() throws Exception {
        Path script = root.resolve("flip.sh");
        Files.writeString(script, "exec sleep 1000");
        manager.start(sandbox.spec("flip", "sh", script.toString()).build(), NO_WAIT);
        Files.writeString(script, "echo config broken >&2; exit 3");

        Change change = manager.restart(named("flip"), LONG).get(0);

        assertThat(change.failure().orElse(""))
                .contains("exit code 3", "tsm logs flip")
                .doesNotContain("nothing behind");
        assertThat(change.details()).containsExactly("current.err: config broken");
        assertThat(manager.find(new Selector.Name("flip")).status()).isEqualTo(Status.ERRORED);
    }

    @Test
    void metricsTellOfServicesAndOfTheOwner() throws Exception {
        start("sleeper", "sleep", "1000");
        assertThat(manager.metrics())
                .contains("tsm_service_up{service=\"sleeper\"} 1.0\n", "tsm_owner_up 1.0\n")
                .contains("pid=\"" + ProcessHandle.current().pid() + "\"")
                .contains("tsm_events_dropped_total{by=\"log\"} 0.0\n")
                .containsPattern("tsm_owner_threads [1-9]")
                .containsPattern("tsm_owner_heap_bytes [1-9]");
        manager.stop(List.of(Selector.parse("sleeper")));
        assertThat(manager.metrics()).contains("tsm_service_status{service=\"sleeper\",status=\"stopped\"} 1.0\n");
    }

    @Test
    void subscribersAreToldTheEndWhenTheManagerIsClosed() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        manager.events().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ServiceEvent event) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {
                over.countDown();
            }
        });
        manager.close();
        assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> manager.events()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> manager.metrics()).isInstanceOf(IllegalStateException.class);
    }
}
