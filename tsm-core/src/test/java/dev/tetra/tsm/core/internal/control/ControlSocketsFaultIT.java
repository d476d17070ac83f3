package dev.tetra.tsm.core.internal.control;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.internal.control.ControlBench.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do not behave hurt nobody but themselves. */
@Timeout(90)
class ControlSocketsFaultIT {
    /** Lets clients go soon. */
    private static final ControlSockets.Limits STRICT =
            new ControlSockets.Limits(4, Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(20));

    @TempDir
    Path root;

    private ControlBench bench;
    private Path shown;

    @BeforeEach
    void open() throws IOException {
        bench = new ControlBench(RuntimeDirectory.of(root.resolve("tsm")));
        shown = bench.directory().controlSocket("web");
        bench.add("web");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        bench.close();
    }

    private void serve(ControlSockets.Limits limits) throws IOException {
        assertThat(bench.open(limits).offer("web")).isEmpty();
    }

    private void assertStillServes() throws IOException {
        assertThat(bench.ask("web", "HEALTH")).isEqualTo("{\"ok\":true,\"status\":\"online\",\"text\":null}");
    }

    @Test
    void aFloodOfClientsDoesNotKeepTheNextOneOut() throws Exception {
        serve(new ControlSockets.Limits(4, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(20)));
        List<Peer> flood = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            flood.add(bench.connect("web"));
        }

        assertStillServes();

        int kept = 0;
        for (Peer peer : flood) {
            try {
                kept += peer.send("HEALTH\n").answer().isEmpty() ? 0 : 1;
            } catch (IOException letGo) {
                assertThat(letGo).hasMessageMatching("Broken pipe|Connection reset.*");
            }
        }
        assertThat(kept).isLessThanOrEqualTo(4);
        assertStillServes();
    }

    @Test
    void whoIsBeingAnsweredIsNotPushedOut() throws Exception {
        serve(new ControlSockets.Limits(1, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(20)));
        Peer stopper = bench.connect("web").send("STOP\n");
        assertThat(bench.stopping.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(bench.connect("web").answer()).as("nobody else is let in").isEmpty();

        bench.mayStop.countDown();
        assertThat(stopper.answer()).contains("stopped");
    }

    @Test
    void whoSaysNothingOrHalfALineIsLetGo() throws Exception {
        serve(STRICT);
        Peer silent = bench.connect("web");
        Peer half = bench.connect("web").send("STAT");

        assertThat(silent.answer()).isEmpty();
        assertThat(half.answer()).isEmpty();
        assertStillServes();
    }

    @Test
    void bytesOneAtATimeDoNotProlongIt() throws Exception {
        serve(STRICT);
        Peer slow = bench.connect("web");

        await("it is let go", () -> {
            try {
                slow.send("x");
                return false;
            } catch (IOException letGo) {
                return true;
            }
        });
        assertStillServes();
    }

    @Test
    void garbageIsAnsweredAsWhatIsNoCommand() throws Exception {
        serve(ControlBench.PATIENT);
        Random random = new Random(1985);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[1 + random.nextInt(3000)];
            random.nextBytes(garbage);
            garbage[garbage.length - 1] = '\n';
            try (Peer peer = new Peer(shown)) {
                assertThat(peer.send(garbage).answer()).startsWith("{\"ok\":false,\"error\":\"");
            }
        }
        assertStillServes();
    }

    @Test
    void aLineThatDoesNotEndIsCutOff() throws Exception {
        serve(ControlBench.PATIENT);
        Peer endless = bench.connect("web").send("x".repeat(4097));

        assertThat(endless.answer())
                .isEqualTo("{\"ok\":false,\"error\":\"a line of more than 4096 bytes is no command\"}");
        assertThat(endless.answer()).isEmpty();
        assertStillServes();
    }

    @Test
    void aClientThatNeverReadsIsLetGoAndHoldsNobodyUp() throws Exception {
        serve(STRICT);
        Peer deaf = bench.connect("web");
        byte[] lines = "HEALTH\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> {
                    while (true) {
                        deaf.send(lines);
                        assertStillServes();
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageMatching("Broken pipe|Connection reset.*");
        assertStillServes();
    }

    @Test
    void aClientThatLeavesBeforeItsAnswerIsForgotten() throws Exception {
        serve(ControlBench.PATIENT);
        try (Peer gone = new Peer(shown)) {
            gone.send("STOP\n");
            assertThat(bench.stopping.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertStillServes();
        bench.mayStop.countDown();
        await("the stop is done", () -> !Files.exists(shown));
    }

    @Test
    void workersWhoHaveEndedAreSaid() throws Exception {
        ControlSockets sockets = bench.openWithoutWorkers();
        sockets.offer("web");

        assertThat(bench.ask("web", "STATUS")).contains("\"ok\":false", "the owner of ", " ends");
        assertThat(bench.ask("web", "DANCE")).contains("there is no command DANCE");
    }

    @Test
    void anotherUserMayNotAsk() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "no /usr/bin/python3 to connect with");
        serve(ControlBench.PATIENT);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(asNobody(python)).as("the directory").isEqualTo("refused");

        RuntimeDirectory directory = bench.directory();
        for (Path path : List.of(directory.root(), directory.runtime(), directory.sockets())) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(asNobody(python)).as("the mode of the socket").isEqualTo("refused");

        Files.setPosixFilePermissions(shown, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(asNobody(python)).as("the credentials").isEqualTo("closed");
        assertStillServes();
    }

    private String asNobody(Path python) throws Exception {
        String code = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX)
                try:
                    s.connect(sys.argv[1])
                    s.sendall(b'STATUS\\n')
                    print(s.recv(100) or 'closed')
                except PermissionError:
                    print('refused')
                except (BrokenPipeError, ConnectionResetError):
                    print('closed')
                """;
        Process other = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        python.toString(),
                        "-c",
                        code,
                        shown.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertThat(other.waitFor()).as(said).isZero();
        return said;
    }
}
