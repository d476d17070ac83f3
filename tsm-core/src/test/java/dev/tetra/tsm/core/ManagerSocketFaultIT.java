package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not behave do not hurt the owner. */
class ManagerSocketFaultIT {
    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager owner;

    @BeforeEach
    void open() throws Exception {
        sandbox = new Sandbox(root);
        owner = sandbox.open();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(sandbox.directory().managerSocket()));
    }

    private void assertStillServes() throws Exception {
        ServiceManager client = sandbox.open();
        assertThat(client.isOwner()).isFalse();
        assertThat(client.list().services()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "{}",
                "[]",
                "{\"verb\": 7}",
                "{\"verb\": \"dance\"}",
                "{\"verb\": \"start\"}",
                "{\"verb\": \"start\", \"spec\": {}}",
                "{\"verb\": \"start\", \"spec\": {\"command\": [\"sleep\", \"1\"], \"cwd\": \"/\\u0000\"}}",
                "{\"verb\": \"start\", \"spec\": {\"command\": [\"sleep\", \"1\"], \"cwd\": \"/\", \"name\": \"../x\"}}",
                "{\"verb\": \"start\", \"spec\": {\"command\": [\"sleep\", \"1\"], \"cwd\": \"/\"}, \"settle_ms\": 9223372036854775807}",
                "{\"verb\": \"stop\", \"selectors\": [{\"all\": true}], \"grace_ms\": -1}",
                "{\"verb\": \"stop\", \"selectors\": [{\"all\": false}]}",
                "{\"verb\": \"list\", \"selectors\": 1}",
            })
    void whatIsNoRequestIsAnsweredWithWhatIsWrong(String line) throws Exception {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            var answers = new java.io.BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            assertThat(answers.readLine()).startsWith("{\"tsm\":1,\"pid\":");
            assertThat(answers.readLine()).startsWith("{\"ok\":false,").contains("\"message\":\"");
        }
        assertStillServes();
    }

    @Test
    void aLineWithoutEndIsCutOffBeforeItFillsTheMemory() throws Exception {
        byte[] chunk = new byte[1 << 16];
        Arrays.fill(chunk, (byte) 'a');
        long sent = 0;
        try (SocketChannel channel = connect()) {
            while (sent < 100L << 20) {
                sent += channel.write(ByteBuffer.wrap(chunk));
            }
        } catch (IOException cutOff) {
            assertThat(sent).isLessThan(16L << 20);
        }
        assertThat(sent).as("the owner closed the connection").isLessThan(100L << 20);
        assertStillServes();
    }

    @Test
    void clientsThatSayNothingOrLeaveAreForgotten() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                silent.add(connect());
            }
            assertStillServes();
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
        assertStillServes();
    }

    @Test
    void aClientThatSaysNothingDoesNotKeepTheOwnerFromClosing() throws Exception {
        try (SocketChannel silent = connect()) {
            assertThat(silent.isConnected()).isTrue();
            owner.close();
            await(
                    "its threads are gone",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("tsm-")));
        }
        assertThat(sandbox.open().isOwner()).isTrue();
    }

    @Test
    void aClientThatTakesNoAnswerDoesNotKeepTheOwnerFromClosing() throws Exception {
        try (SocketChannel deaf = connect()) {
            deaf.configureBlocking(false);
            byte[] request = "{\"verb\":\"dance\"}\n".getBytes(StandardCharsets.UTF_8);
            ByteBuffer many = ByteBuffer.allocate(request.length * 50_000);
            for (int i = 0; i < 50_000; i++) {
                many.put(request);
            }
            many.flip();
            // Until the owner, which cannot write, no longer reads.
            await("both buffers are full", () -> {
                int before = many.position();
                for (int i = 0; i < 20; i++) {
                    deaf.write(many);
                    Thread.onSpinWait();
                }
                return many.position() == before || !many.hasRemaining();
            });
            owner.close();
        }
        assertThat(sandbox.open().isOwner()).isTrue();
    }

    @Test
    void anotherUserMayNotConnect() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        Files.setPosixFilePermissions(root, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        String code = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX)
                try:
                    s.connect(sys.argv[1])
                    print(s.recv(100) or 'closed')
                except PermissionError:
                    print('refused')
                """;
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "no /usr/bin/python3 to connect with");
        String socket = sandbox.directory().managerSocket().toString();
        assertThat(asNobody(python, code, socket)).isEqualTo("refused");
        // And by its credentials, even where the modes have been opened.
        for (Path path :
                List.of(sandbox.directory().runtime(), sandbox.directory().sockets())) {
            Files.setPosixFilePermissions(path, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(
                sandbox.directory().managerSocket(),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(asNobody(python, code, socket)).isEqualTo("closed");
        assertStillServes();
    }

    private static String asNobody(Path python, String code, String socket) throws Exception {
        Process other = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        python.toString(),
                        "-c",
                        code,
                        socket)
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertThat(other.waitFor()).as(said).isZero();
        return said;
    }
}
