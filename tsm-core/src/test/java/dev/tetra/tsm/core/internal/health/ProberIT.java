package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Sandbox;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProberIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path root;

    private Sandbox sandbox;
    private Runs runs;

    @BeforeEach
    void prepare() throws Exception {
        sandbox = new Sandbox(root);
        runs = new Runs(sandbox);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private Prober prober(Target target) {
        return sandbox.keep(new Prober(target, () -> false, runs.workers()));
    }

    /** A prober of a service that does nothing. */
    private Prober idle() throws Exception {
        return prober(runs.launch(sandbox.sleeper("idle")));
    }

    private static Answer ask(Prober prober, String probe) {
        return prober.ask(Probe.parse(probe), LONG);
    }

    private static void awaitYes(Prober prober, String probe) throws Exception {
        Sandbox.await(probe, () -> ask(prober, probe).ok());
    }

    @Test
    void aWebServerIsSeenByItsPortByAConnectionAndByItsAnswers() throws Exception {
        int port = Runs.freePort();
        Target target =
                runs.launch(sandbox.spec("web", "python3", "-m", "http.server", "--bind", "127.0.0.1", "" + port)
                        .port(port)
                        .build());
        Prober prober = prober(target);
        awaitYes(prober, "port");
        assertThat(ask(prober, "port")).isEqualTo(Answer.yes("listens on port " + port));
        assertThat(ask(prober, "tcp:127.0.0.1:{port}")).isEqualTo(Answer.yes("connected to 127.0.0.1:" + port));
        assertThat(ask(prober, "tcp::" + port).ok()).isTrue();
        assertThat(ask(prober, "tcp:localhost:" + port).ok()).isTrue();
        assertThat(ask(prober, "http://127.0.0.1:{port}/")).isEqualTo(Answer.yes("HTTP 200"));
        assertThat(ask(prober, "http://localhost:{port}")).isEqualTo(Answer.yes("HTTP 200"));
        assertThat(ask(prober, "http://127.0.0.1:{port}/missing?a=b")).isEqualTo(Answer.no("HTTP 404"));
        // A request that it does not understand is one: what was sent is a whole one.
        assertThat(Files.readString(target.files().err())).contains("\"GET /missing?a=b HTTP/1.1\" 404");
    }

    @Test
    void whereNobodyListensIsSaid() throws Exception {
        Prober prober = idle();
        int port = Runs.freePort();
        assertThat(ask(prober, "tcp:127.0.0.1:" + port))
                .isEqualTo(Answer.no("connection refused on 127.0.0.1:" + port));
        assertThat(ask(prober, "http://localhost:" + port + "/"))
                .isEqualTo(Answer.no("connection refused on localhost:" + port));
        assertThat(ask(prober, "http://[::1]:" + port + "/").ok()).isFalse();
        assertThat(ask(prober, "tcp:no-such-host.invalid:80").ok()).isFalse();
        assertThat(ask(prober, "port")).isEqualTo(Answer.no("the service has no port"));
        assertThat(ask(prober, "http://127.0.0.1:{port}/")).isEqualTo(Answer.no("the service has no port"));
        assertThat(ask(prober, "http://127.0.0.1:70000/"))
                .isEqualTo(Answer.no("no place to ask: http://127.0.0.1:70000/"));
        assertThat(ask(prober, "notify")).isEqualTo(Answer.no("it has not said READY=1"));
        assertThat(ask(prober, "socket").text()).startsWith("nobody answers at ");
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpAndNothingOfItIsLeft() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Prober prober = idle();
            String place = "127.0.0.1:" + silent.getLocalPort();
            prober.ask(Probe.parse("http://" + place), SHORT);
            int before = Runs.openDescriptors().size();
            for (int i = 0; i < 5; i++) {
                assertThat(prober.ask(Probe.parse("http://" + place), SHORT))
                        .isEqualTo(Answer.no("no answer from " + place + " within 300ms"));
                assertThat(prober.ask(Probe.parse("https://" + place), SHORT))
                        .isEqualTo(Answer.no("no answer from " + place + " within 300ms"));
            }
            assertThat(Runs.openDescriptors()).hasSizeLessThan(before + 5);
        }
    }

    @Test
    void headersWithoutEndAreGivenUp() throws Exception {
        int port = Runs.freePort();
        Prober prober = prober(runs.launch(runs.python("endless", """
                        import socket, sys
                        s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
                        while True:
                            c, _ = s.accept()
                            try:
                                c.sendall(b"HTTP/1.1 200 OK\\r\\n")
                                while True:
                                    c.sendall(b"X-More: and more\\r\\n" * 100)
                            except OSError:
                                pass
                        """)
                .command(List.of(
                        "python3", "-u", sandbox.work().resolve("endless.py").toString(), "" + port))
                .build()));
        awaitYes(prober, "tcp::" + port);
        assertThat(ask(prober, "http://127.0.0.1:" + port))
                .isEqualTo(Answer.no(
                        "no answer from 127.0.0.1:" + port + ": the head of the answer has no end within 16384 bytes"));
    }

    @Test
    void aServerThatSpeaksSomethingElseOrHangsUpIsSaid() throws Exception {
        int port = Runs.freePort();
        Prober prober = prober(runs.launch(runs.python("odd", """
                        import socket, sys
                        s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
                        for answer in [b"", b"220 smtp ready\\r\\n", b"HTTP/1.1 200 OK\\r\\nA: b", b"HTTP/1.0 302\\r\\nLocation: http://192.0.2.1/\\r\\n\\r\\n"]:
                            c, _ = s.accept()
                            c.recv(4096)
                            c.sendall(answer)
                            c.shutdown(socket.SHUT_WR)
                            c.recv(4096)
                            c.close()
                        """)
                .command(List.of(
                        "python3", "-u", sandbox.work().resolve("odd.py").toString(), "" + port))
                .build()));
        Sandbox.await("it listens", () -> dev.tetra.tsm.ports.PortProbe.system().isOpen(port));
        String prefix = "no answer from 127.0.0.1:" + port + ": ";
        assertThat(ask(prober, "http://127.0.0.1:" + port).text()).isEqualTo(prefix + "the connection was closed");
        assertThat(ask(prober, "http://127.0.0.1:" + port).text())
                .isEqualTo(prefix + "no HTTP: the answer begins with 220 smtp ready");
        assertThat(ask(prober, "http://127.0.0.1:" + port).text()).isEqualTo(prefix + "its answer breaks off");
        assertThat(ask(prober, "http://127.0.0.1:" + port)).isEqualTo(Answer.yes("HTTP 302"));
    }

    @Test
    void tlsOnLoopbackNeedsNoCertificateThatAnybodyKnows() throws Exception {
        Path store = root.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "secret",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "own",
                        "-dname",
                        "CN=somebody else",
                        "-storetype",
                        "PKCS12")
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        Prober prober = idle();
        try (ServerSocket server =
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serveTls(server));
            serving.start();
            assertThat(ask(prober, "https://127.0.0.1:" + server.getLocalPort() + "/"))
                    .isEqualTo(Answer.no("HTTP 503"));
            assertThat(ask(prober, "https://localhost:" + server.getLocalPort() + "/"))
                    .isEqualTo(Answer.no("HTTP 503"));
            serving.join();
        }
        int plain = Runs.freePort();
        Prober web = prober(
                runs.launch(sandbox.spec("plain", "python3", "-m", "http.server", "--bind", "127.0.0.1", "" + plain)
                        .build()));
        awaitYes(web, "tcp::" + plain);
        assertThat(ask(web, "https://127.0.0.1:" + plain).text()).startsWith("no answer from 127.0.0.1:" + plain);
    }

    private static void serveTls(ServerSocket server) {
        for (int i = 0; i < 2; i++) {
            try (var connection = server.accept()) {
                connection.getInputStream().read(new byte[100]);
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 503 Busy\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                connection.getOutputStream().flush();
                connection.getInputStream().readAllBytes();
            } catch (java.io.IOException hungUp) {
                // The prober has what it wants.
            }
        }
    }

    @Test
    void aCommandAnswersByItsExitCodeAndTheLastLineItPrints() throws Exception {
        Prober prober = idle();
        assertThat(ask(prober, "exec:true")).isEqualTo(Answer.yes("true ended with exit code 0"));
        assertThat(ask(prober, "exec:sh -c 'echo first; echo \"  last  \" >&2; echo; exit 3'"))
                .isEqualTo(Answer.no("exit code 3: last"));
        assertThat(ask(prober, "exec:false")).isEqualTo(Answer.no("exit code 1"));
        assertThat(ask(prober, "exec:sh -c 'kill -9 $$'").text()).startsWith("exit code 137");
        assertThat(ask(prober, "exec:sh -c 'test \"$GREETING\" = hello'").ok()).isTrue();
        assertThat(ask(prober, "exec:sh -c 'test \"$PWD\" = \"$0\"' " + sandbox.work())
                        .ok())
                .isTrue();
        assertThat(ask(prober, "exec:cat")).isEqualTo(Answer.yes("cat ended with exit code 0"));
        assertThat(ask(prober, "exec:no-such-program -x").text())
                .startsWith("exit code 127: ")
                .endsWith("not found");
        assertThat(ask(prober, "exec:exit").text()).startsWith("exit code 127: ");
        assertThat(ask(prober, "exec:sh -c 'echo $1' sh '$(touch broken);`touch broken`'")
                        .ok())
                .isTrue();
        assertThat(sandbox.work().resolve("broken")).doesNotExist();
        assertThat(ask(
                                prober,
                                "exec:sh -c 'for i in 1 2 3 4 5 6; do head -c 100000 /dev/zero; done; echo; echo done; exit 1'")
                        .text())
                .isEqualTo("exit code 1: done");
    }

    @Test
    void aCommandThatHangsIsEndedWithAllItStarted() throws Exception {
        String mark = "mark-" + UUID.randomUUID();
        Prober prober = idle();
        int before = Runs.openDescriptors().size();
        Answer answer = prober.ask(
                new Probe.Exec(List.of(
                        "sh",
                        "-c",
                        "trap '' TERM HUP; python3 -c 'import time; time.sleep(1000)' $1 & "
                                + "setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' $1 & "
                                + "while :; do echo still here; done",
                        "sh",
                        mark)),
                Duration.ofMillis(1500));
        assertThat(answer).isEqualTo(Answer.no("sh did not end within 1500ms"));
        Sandbox.await("nothing of it runs", () -> Runs.processesWith(mark).isEmpty());
        Sandbox.await("its pipes are closed", () -> Runs.openDescriptors().size() <= before);
    }

    @Test
    void whatACommandLeftInItsGroupEndsWithIt() throws Exception {
        String mark = "mark-" + UUID.randomUUID();
        Answer answer = idle().ask(
                        new Probe.Exec(
                                List.of("sh", "-c", "sh -c 'while :; do sleep 1; done' $1 & exit 0", "sh", mark)),
                        LONG);
        assertThat(answer.ok()).isTrue();
        Sandbox.await("nothing of it runs", () -> Runs.processesWith(mark).isEmpty());
    }

    @Test
    void aPortCountsWhenAnyProcessOfTheServiceHasItOpen() throws Exception {
        int port = Runs.freePort();
        sandbox.write("index.html", "");
        String server = "python3 -m http.server --bind 127.0.0.1 " + port;
        Prober child = prober(runs.launch(
                sandbox.spec("child", "sh", "-c", server + " & wait").port(port).build()));
        awaitYes(child, "port");

        int other = Runs.freePort();
        Prober escaped = prober(runs.launch(sandbox.spec(
                        "escaped",
                        "sh",
                        "-c",
                        "(setsid python3 -m http.server --bind 127.0.0.1 " + other + " &); sleep 1000")
                .port(other)
                .build()));
        awaitYes(escaped, "port");
    }

    @Test
    void aPortThatIsAnothersDoesNotCount() throws Exception {
        int port = Runs.freePort();
        Target target =
                runs.launch(sandbox.spec("web", "sleep", "1000").port(port).build());
        Prober prober = prober(target);
        assertThat(ask(prober, "port")).isEqualTo(Answer.no("nothing listens on port " + port));
        try (ServerSocket stranger = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            Answer expected = Answer.no("port " + port + " is open by pid "
                    + ProcessHandle.current().pid() + ", which is none of its processes");
            Sandbox.await(
                    expected + " at " + stranger, () -> ask(prober, "port").equals(expected));
        }
    }

    @Test
    void aUdpPortCountsToo() throws Exception {
        int port = Runs.freePort();
        Prober prober = prober(
                runs.launch(runs.python("udp", """
                        import socket, sys, time
                        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                        s.bind(("127.0.0.1", %d))
                        time.sleep(1000)
                        """.formatted(port)).port(port).build()));
        awaitYes(prober, "port");
    }

    @Test
    void aLineThatWasWrittenSinceTheLaunchIsFoundInEitherLog() throws Exception {
        Target target = runs.launch(sandbox.shell("talker", "echo starting; echo 'ready on 8080' >&2; sleep 1000"));
        Prober prober = prober(target);
        awaitYes(prober, "log:ready on \\d+");
        assertThat(ask(prober, "log:ready on \\d+").text())
                .isEqualTo("current.err has a line that matches ready on \\d+");
        assertThat(ask(prober, "log:never")).isEqualTo(Answer.no("no line matches never"));
        Target later = new Target(
                target.service(),
                target.environment(),
                target.files(),
                Files.size(target.files().out()),
                Files.size(target.files().err()),
                target.socket(),
                false);
        assertThat(ask(prober(later), "log:ready").ok()).isFalse();
    }

    @Test
    void anExpressionThatBacktracksWithoutEndHarmsNobody() throws Exception {
        Target target = runs.launch(sandbox.shell("talker", "printf '%0300d\\n' 0; echo up; sleep 1000"));
        Prober prober = prober(target);
        Sandbox.await("it wrote", () -> Files.readString(target.files().out()).endsWith("up\n"));
        assertThat(ask(prober, "log:(.*)(.*)(.*)(.*)(.*)\\1\\2y"))
                .isEqualTo(Answer.no("no line matches (.*)(.*)(.*)(.*)(.*)\\1\\2y"
                        + "; 1 line was given up, since the expression backtracks without end there"));
    }

    @Test
    void aServiceAnswersHealthAtItsOwnSocket() throws Exception {
        Target target =
                runs.launch(runs.python("own", """
                        import socket, sys
                        s = socket.socket(socket.AF_UNIX)
                        s.bind("%s")
                        s.listen()
                        for answer in [b'{"ok":true,"users":3}\\n', b'{"ok":false,\\n', b'{"ok":false,"why":"full"}\\n', b'yes\\n', b'', b'x' * 100000]:
                            c, _ = s.accept()
                            assert c.recv(100) == b"HEALTH\\n"
                            try:
                                c.sendall(answer)
                            except OSError:
                                pass
                            c.close()
                        while True:
                            c, _ = s.accept()
                            while c.recv(100):
                                pass
                        """.formatted(sandbox.directory().ownSocket("own")))
                        .build());
        Prober prober = prober(target);
        awaitYes(prober, "socket");
        assertThat(ask(prober, "socket"))
                .isEqualTo(Answer.no("HEALTH was not answered with a line of JSON but with {\"ok\":false,"));
        assertThat(ask(prober, "socket")).isEqualTo(Answer.no("HEALTH: {\"ok\":false,\"why\":\"full\"}"));
        assertThat(ask(prober, "socket"))
                .isEqualTo(Answer.no("HEALTH was not answered with a line of JSON but with yes"));
        assertThat(ask(prober, "socket")).isEqualTo(Answer.no("no answer to HEALTH: the connection was closed"));
        assertThat(ask(prober, "socket"))
                .isEqualTo(Answer.no("no answer to HEALTH: its line has no end within 65536 bytes"));
        assertThat(prober.ask(new Probe.Socket(), SHORT))
                .isEqualTo(Answer.no("no answer to HEALTH from " + target.socket() + " within 300ms"));
    }
}
