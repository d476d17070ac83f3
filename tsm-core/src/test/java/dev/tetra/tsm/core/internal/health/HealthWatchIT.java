package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceSpec;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthWatchIT {
    /** A program that speaks sd_notify(3) by hand, and sends what it is told by lines in a file. */
    private static final String NOTIFIER = """
            import os, socket, time
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            seen = 0
            while True:
                try:
                    lines = open("say").read().split("\\n")[:-1]
                except OSError:
                    lines = []
                for line in lines[seen:]:
                    try:
                        s.sendto(line.replace("|", "\\n").encode(), os.environ["NOTIFY_SOCKET"])
                    except OSError as nobody:
                        print(nobody)
                seen = len(lines)
                open("said", "w").write(str(seen))
                time.sleep(0.005)
            """;

    @TempDir
    Path root;

    private Sandbox sandbox;
    private Runs runs;
    private HealthWatch watch;
    private final Told told = new Told();
    private int said;

    @BeforeEach
    void prepare() throws Exception {
        use(new Sandbox(root));
    }

    private void use(Sandbox next) throws Exception {
        sandbox = next;
        runs = new Runs(sandbox);
        watch = runs.watch();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private static Readiness ready(String probe) {
        return new Readiness(Probe.parse(probe));
    }

    private static Liveness every(String probe, int millis, int threshold) {
        return new Liveness(Probe.parse(probe), Duration.ofMillis(millis), Duration.ofMillis(millis), threshold);
    }

    private void awaitCall(Told listener, String beginning) throws Exception {
        Sandbox.await(
                beginning + " in " + listener.calls(),
                () -> !listener.calls(beginning).isEmpty());
    }

    /** Has the notifier say it, and waits until it has. */
    private void say(String line) throws Exception {
        Path file = sandbox.work().resolve("say");
        String before = Files.exists(file) ? Files.readString(file) : "";
        Path next = sandbox.work().resolve("say.new");
        Files.writeString(next, before + line + "\n");
        Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        said++;
        Path done = sandbox.work().resolve("said");
        Sandbox.await(
                "it says " + line,
                () -> Files.exists(done) && Files.readString(done).equals("" + said));
    }

    @Test
    void aServerIsReadyThenHealthyThenFailsAndThatIsTold() throws Exception {
        int port = Runs.freePort();
        Target target = runs.launch(
                runs.python("web", """
                                import http.server, os, sys
                                class Answer(http.server.BaseHTTPRequestHandler):
                                    def do_GET(self):
                                        self.send_response(503 if os.path.exists("broken") else 204)
                                        self.end_headers()
                                http.server.HTTPServer(("127.0.0.1", %d), Answer).serve_forever()
                                """.formatted(port)).build(),
                ready("http://127.0.0.1:" + port + "/"),
                every("http://127.0.0.1:" + port + "/", 100, 3));
        sandbox.keep(watch.begin(target, told));
        awaitCall(told, "health: healthy");
        assertThat(told.calls()).containsExactly("ready: HTTP 204", "health: healthy 0 -");
        sandbox.write("broken", "");
        awaitCall(told, "failed");
        assertThat(told.calls().subList(2, told.calls().size()))
                .containsExactly(
                        "health: unhealthy 1 HTTP 503",
                        "health: unhealthy 2 HTTP 503",
                        "health: unhealthy 3 HTTP 503",
                        "failed: 3 probes in a row failed: HTTP 503");
    }

    @Test
    void aServiceThatIsNeverReadyIsToldWithTheLastAnswer() throws Exception {
        Target target = runs.launch(
                sandbox.spec("web", "sleep", "1000").port(Runs.freePort()).build(),
                new Readiness(new Probe.Port(), Duration.ofMillis(400)),
                null);
        sandbox.keep(watch.begin(target, told));
        awaitCall(told, "never ready");
        assertThat(told.calls())
                .containsExactly("never ready: not ready within 400ms: nothing listens on port "
                        + target.service().port().getAsInt());
    }

    @Test
    void probesThatGetNoAnswerDelayNobodyElse() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
            Service running = runs.manager().start(sandbox.sleeper("idle"), Sandbox.NO_WAIT);
            List<Told> hanging = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Told listener = new Told();
                hanging.add(listener);
                String probe = i % 5 == 0 ? "exec:sleep 1000" : "http://127.0.0.1:" + silent.getLocalPort();
                sandbox.keep(watch.begin(runs.target(running, "t", ready(probe), null), listener));
            }
            List<Told> good = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Told listener = new Told();
                good.add(listener);
                String probe = i % 5 == 0 ? "exec:true" : "tcp:127.0.0.1:" + silent.getLocalPort();
                sandbox.keep(watch.begin(runs.target(running, "t", ready(probe), null), listener));
            }
            for (Told listener : good) {
                awaitCall(listener, "ready");
            }
            for (Told listener : hanging) {
                assertThat(listener.calls()).as("it has not even failed yet").isEmpty();
            }
        }
    }

    @Test
    void aQuestionUnderWayEndsWithTheWatchAndNothingIsToldAnyMore() throws Exception {
        String mark = "mark-" + UUID.randomUUID();
        Target target = runs.launch(
                sandbox.sleeper("idle"),
                new Readiness(new Probe.Exec(List.of("sh", "-c", "while :; do sleep 1; done", mark))),
                null);
        Watching watching = watch.begin(target, told);
        Sandbox.await("the probe runs", () -> !Runs.processesWith(mark).isEmpty());
        watching.close();
        watching.close();
        Sandbox.await("the probe is gone", () -> Runs.processesWith(mark).isEmpty());
        assertThat(told.calls()).isEmpty();
    }

    @Test
    void aCommandEndsWithAnOwnerThatIsKilled() throws Exception {
        String mark = "mark-" + UUID.randomUUID();
        Path directory = Files.createDirectory(root.resolve("other"));
        sandbox.keep(() -> new Sandbox(directory).close());
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WatchMain.class.getName(),
                        directory.toString(),
                        "exec:sh -c 'trap \"\" TERM HUP PIPE; while :; do sleep 1; done' " + mark)
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("jvm.log").toFile())
                .start();
        sandbox.keep(() -> Sandbox.killNow(jvm));
        Sandbox.await("the probe runs", () -> !Runs.processesWith(mark).isEmpty());
        Sandbox.killNow(jvm);
        Sandbox.await("the probe is gone", () -> Runs.processesWith(mark).isEmpty());
    }

    @Test
    void aListenerThatBlocksIsToldOneThingAtATimeAndDelaysNobody() throws Exception {
        Service running = runs.manager().start(sandbox.sleeper("idle"), Sandbox.NO_WAIT);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Told> blocked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Told listener = new Told();
            blocked.add(listener);
            AtomicInteger ofThis = new AtomicInteger();
            Listener slow = new Listener() {
                private void call(Runnable call) {
                    most.accumulateAndGet(ofThis.incrementAndGet(), Math::max);
                    inside.incrementAndGet();
                    try {
                        leave.await();
                    } catch (InterruptedException unexpected) {
                        throw new IllegalStateException(unexpected);
                    }
                    call.run();
                    ofThis.decrementAndGet();
                }

                @Override
                public void ready(String how) {
                    call(() -> listener.ready(how));
                }

                @Override
                public void neverReady(String why) {
                    call(() -> listener.neverReady(why));
                }

                @Override
                public void health(Service.Health now) {
                    call(() -> listener.health(now));
                }

                @Override
                public void failed(String why) {
                    call(() -> listener.failed(why));
                }

                @Override
                public void said(String status) {
                    call(() -> listener.said(status));
                }

                @Override
                public void stopping() {
                    call(listener::stopping);
                }
            };
            sandbox.keep(watch.begin(runs.target(running, "t", ready("exec:true"), every("exec:false", 100, 3)), slow));
        }
        Sandbox.await("all are inside", () -> inside.get() == 10);
        sandbox.keep(watch.begin(runs.target(running, "t", ready("exec:true"), null), told));
        awaitCall(told, "ready");
        leave.countDown();
        for (Told listener : blocked) {
            awaitCall(listener, "failed");
            List<String> calls = listener.calls();
            assertThat(calls).startsWith("ready: true ended with exit code 0");
            assertThat(calls.get(calls.size() - 1)).startsWith("failed: 3 probes in a row failed: ");
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void aProgramSaysItselfHowItDoes() throws Exception {
        Target target = runs.launchNotifying(
                watch, runs.python("notifier", NOTIFIER), ready("notify"), every("notify", 60_000, 2));
        // In the middle of execve(2) a process shows no variables.
        Sandbox.await(
                "it was told its period",
                () -> "60000000"
                        .equals(Sandbox.variables(target.process().pid()).get("WATCHDOG_USEC")));
        assertThat(Sandbox.variables(target.process().pid())).doesNotContainKey("WATCHDOG_PID");
        Path socket = sandbox.directory().sockets().resolve("notifier.notify");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        say("STATUS=early");
        Watching watching = watch.begin(target, told);
        awaitCall(told, "said: early");
        say("UNKNOWN=1|STATUS=serving 3 users|READY=1|MAINPID=1");
        awaitCall(told, "ready");
        say("WATCHDOG=1");
        awaitCall(told, "health: healthy");
        say("STOPPING=1");
        awaitCall(told, "stopping");
        assertThat(told.calls("ready")).containsExactly("ready: it said READY=1");
        assertThat(told.calls("health")).last().isEqualTo("health: healthy 0 serving 3 users");
        watching.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void aWatchdogThatIsMissedFails() throws Exception {
        Target target = runs.launchNotifying(watch, runs.python("notifier", NOTIFIER), null, every("notify", 100, 2));
        sandbox.keep(watch.begin(target, told));
        awaitCall(told, "failed");
        assertThat(told.calls("failed"))
                .containsExactly("failed: 2 watchdog periods in a row failed: no WATCHDOG=1 within 100ms");
    }

    @Test
    void aProgramThatWaitsUntilItWasHeardGoesOn() throws Exception {
        // BARRIER=1 comes with the write end of a pipe, whose closing says that all before it was read.
        Target target = runs.launchNotifying(watch, runs.python("barrier", """
                        import array, os, socket, time
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                        to = os.environ["NOTIFY_SOCKET"]
                        r, w = os.pipe()
                        s.sendmsg([b"BARRIER=1"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [w]))], 0, to)
                        os.close(w)
                        assert os.read(r, 1) == b""
                        s.sendto(b"READY=1", to)
                        time.sleep(1000)
                        """), ready("notify"), null);
        sandbox.keep(watch.begin(target, told));
        awaitCall(told, "ready");
    }

    @Test
    void theNextOwnerHearsAProgramThatAnEarlierOneLaunched() throws Exception {
        Target target = runs.launchNotifying(
                watch, runs.python("notifier", NOTIFIER), ready("notify"), every("notify", 200, 2));
        // Nobody closes the first one, as if its owner had been killed.
        watch.begin(target, new Told());
        HealthWatch next = runs.watch();
        Target adopted = Target.adopted(target.service(), target.files(), target.socket());
        sandbox.keep(next.begin(adopted, told));
        say("STATUS=still here");
        awaitCall(told, "said: still here");
        say("READY=1");
        awaitCall(told, "ready");
        assertThat(told.calls("failed"))
                .as("it is watched from its first word on")
                .isEmpty();
        say("WATCHDOG=1");
        awaitCall(told, "health: healthy");
        awaitCall(told, "failed");
    }

    @Test
    void aSocketThatWasPreparedForALaunchThatFailedIsRemoved() throws Exception {
        ServiceSpec spec =
                sandbox.spec("web", "sleep", "1000").ready(ready("notify")).build();
        Service service = Service.of(
                        1,
                        "web",
                        "token",
                        spec,
                        runs.manager()
                                .start(sandbox.sleeper("other"), Sandbox.NO_WAIT)
                                .launch())
                .build();
        Path socket = sandbox.directory().sockets().resolve("web.notify");
        assertThat(watch.environment(service)).isEqualTo(Map.of("NOTIFY_SOCKET", socket.toString()));
        assertThat(watch.environment(service)).hasSize(1);
        assertThat(socket).exists();
        watch.discard(service);
        assertThat(socket).doesNotExist();
        Files.createDirectory(socket);
        assertThatThrownBy(() -> watch.environment(service))
                .hasMessage(socket + " is a directory where a socket is to be; move it away");
        Service plain = service.with().build();
        assertThat(watch.environment(Service.of(1, "plain", "token", sandbox.sleeper("plain"), plain.launch())
                        .build()))
                .isEmpty();
    }

    @Test
    void aRuntimeDirectoryThatIsTooLongForTheKernelIsReachedAllTheSame() throws Exception {
        sandbox.close();
        Path deep = Files.createDirectories(root.resolve("d".repeat(100)).resolve("e".repeat(60)));
        use(new Sandbox(deep));
        Target target =
                runs.launchNotifying(watch, runs.python("notifier-" + "x".repeat(80), NOTIFIER), ready("notify"), null);
        assertThat(Sandbox.variables(target.process().pid()).get("NOTIFY_SOCKET"))
                .hasSizeLessThan(108);
        sandbox.keep(watch.begin(target, told));
        say("READY=1");
        awaitCall(told, "ready");
    }

    @Test
    void anotherUserIsNotListenedTo() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "no /usr/bin/python3 to send with");
        Target target = runs.launchNotifying(watch, runs.python("notifier", NOTIFIER), ready("notify"), null);
        sandbox.keep(watch.begin(target, told));
        Path socket = sandbox.directory().sockets().resolve("notifier.notify");
        // Somebody opens what is closed by default: the kernel's word about the sender still holds.
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (Path above : List.of(
                sandbox.directory().sockets(),
                sandbox.directory().runtime(),
                sandbox.directory().root(),
                root)) {
            Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Process stranger = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--clear-groups",
                        python.toString(),
                        "-c",
                        "import socket,sys\nsocket.socket(socket.AF_UNIX,socket.SOCK_DGRAM).sendto(b'READY=1\\nSTATUS=x',sys.argv[1])",
                        socket.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(stranger.waitFor()).isZero();
        say("STATUS=mine");
        awaitCall(told, "said: mine");
        assertThat(told.calls("said")).containsExactly("said: mine");
        assertThat(told.calls("ready")).isEmpty();
    }

    @Test
    void twoHundredServicesAreWatchedByFewThreads() throws Exception {
        Service running = runs.manager().start(sandbox.sleeper("idle"), Sandbox.NO_WAIT);
        try (ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
            String probe = "tcp:127.0.0.1:" + server.getLocalPort();
            Thread accepting = new Thread(() -> acceptAll(server));
            accepting.start();
            List<Told> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Told listener = new Told();
                all.add(listener);
                sandbox.keep(watch.begin(runs.target(running, "t", ready(probe), every(probe, 2000, 3)), listener));
            }
            for (Told listener : all) {
                awaitCall(listener, "health: healthy");
                assertThat(listener.calls()).hasSize(2);
            }
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("tsm-health")
                            || thread.getName().equals("test-worker"))
                    .count();
            assertThat(threads).isLessThan(40);
        }
    }

    private static void acceptAll(ServerSocket server) {
        while (true) {
            try {
                server.accept().close();
            } catch (java.io.IOException closed) {
                return;
            }
        }
    }
}
