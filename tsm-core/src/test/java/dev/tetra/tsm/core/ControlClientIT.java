package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.client.ControlClient;
import dev.tetra.tsm.ports.ServiceType;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes back from a service's control socket, whoever listens there. */
@Timeout(60)
class ControlClientIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path root;

    private RuntimeDirectory directory;
    private Service web;

    @BeforeEach
    void makeDirectories() throws IOException {
        directory = RuntimeDirectory.of(root.resolve("tsm"));
        directory.create();
        Files.createDirectory(directory.ownSockets());
        Service.Launch launch = new Service.Launch(
                List.of("web"), Optional.empty(), ProcessType.PYTHON, ServiceType.SOCKET, List.of(), List.of());
        web = Service.of(0, "web", "token", ServiceSpec.command("web").cwd(root).build(), launch)
                .status(Status.ONLINE, Optional.empty())
                .build();
    }

    private static ServerSocketChannel listen(Path path, int backlog) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path), backlog);
        return channel;
    }

    /** Takes one client, waits for its line and says that, then closes the connection. */
    private static CompletableFuture<String> answer(ServerSocketChannel listener, String text) {
        return CompletableFuture.supplyAsync(() -> {
            try (SocketChannel channel = listener.accept()) {
                ByteBuffer line = ByteBuffer.allocate(4 << 20);
                while (line.position() == 0 || line.get(line.position() - 1) != '\n') {
                    channel.read(line);
                }
                ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                return new String(line.array(), 0, line.position(), StandardCharsets.UTF_8);
            } catch (IOException left) {
                return "";
            }
        });
    }

    /** The same, where what it heard does not matter. */
    private static void serve(ServerSocketChannel listener, String text) {
        assertThat(answer(listener, text)).isNotNull();
    }

    private static void assertRefused(Reason reason, ThrowingCallable sending, String... parts) {
        assertThatThrownBy(sending)
                .isInstanceOf(ServiceException.class)
                .hasMessageContainingAll(parts)
                .extracting(refused -> ((ServiceException) refused).reason())
                .isEqualTo(reason);
    }

    @Test
    void theLineThatComesBackIsGivenAsItIs() throws Exception {
        try (ServerSocketChannel listener = listen(directory.controlSocket("web"), 5)) {
            CompletableFuture<String> heard = answer(listener, "{\"grüße\": 1}  \nmore\n");

            assertThat(directory.send(web, "any text ☃", LONG)).isEqualTo("{\"grüße\": 1}  ");
            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("any text ☃\n");
        }
    }

    @Test
    void theServiceItselfIsAskedWhereItListens() throws Exception {
        try (ServerSocketChannel shown = listen(directory.controlSocket("web"), 5);
                ServerSocketChannel own = listen(directory.ownSocket("web"), 5)) {
            serve(shown, "the owner\n");
            serve(own, "the service\n");

            assertThat(directory.send(web, "WHO", LONG)).isEqualTo("the service");
        }
        Files.delete(directory.controlSocket("web"));
        try (ServerSocketChannel shown = listen(directory.controlSocket("web"), 5)) {
            serve(shown, "the owner\n");

            assertThat(directory.send(web, "WHO", LONG)).as("its own is stale").isEqualTo("the owner");
        }
    }

    @Test
    void aServiceThatDoesNotListenItselfIsNotAskedItself() throws Exception {
        try (ServerSocketChannel shown = listen(directory.controlSocket("web"), 5)) {
            assertThat(ControlClient.sendToItself(directory, web, "RELOAD", LONG))
                    .isEmpty();
            assertThat(shown.isOpen()).isTrue();
        }
        try (ServerSocketChannel own = listen(directory.ownSocket("web"), 5)) {
            serve(own, "reloaded\n");

            assertThat(ControlClient.sendToItself(directory, web, "RELOAD", LONG))
                    .contains("reloaded");
            assertRefused(
                    Reason.NO_ANSWER,
                    () -> ControlClient.sendToItself(directory, web, "RELOAD", Duration.ofMillis(50)),
                    "gave no answer");
        }
    }

    @Test
    void aLineWithoutEndCountsWhenItIsTheLast() throws Exception {
        try (ServerSocketChannel listener = listen(directory.controlSocket("web"), 5)) {
            serve(listener, "PONG");

            assertThat(directory.send(web, "PING", LONG)).isEqualTo("PONG");
        }
    }

    @Test
    void longLinesGoBothWays() throws Exception {
        try (ServerSocketChannel listener = listen(directory.controlSocket("web"), 5)) {
            String line = "é".repeat(500_000);
            CompletableFuture<String> heard = answer(listener, line + "\n");

            assertThat(directory.send(web, line, LONG)).isEqualTo(line);
            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo(line + "\n");
        }
    }

    @Test
    void whereNobodyListensItSaysWhy() throws Exception {
        assertRefused(
                Reason.NO_SOCKET,
                () -> directory.send(web.withStatus(Status.STOPPED, Optional.empty()), "STATUS", LONG),
                "service web has no socket: it does not run (stopped); tsm start web starts it");
        assertRefused(
                Reason.NO_SOCKET,
                () -> directory.send(web, "STATUS", LONG),
                "service web has no socket: nobody supervises it now");
        listen(directory.controlSocket("web"), 5).close();
        assertRefused(
                Reason.NO_SOCKET,
                () -> directory.send(web, "STATUS", LONG),
                "nobody answers at " + directory.controlSocket("web") + ", which is stale");
        Files.delete(directory.controlSocket("web"));
        Files.createSymbolicLink(directory.controlSocket("web"), Path.of("own/web.sock"));
        assertRefused(
                Reason.NO_SOCKET,
                () -> directory.send(web, "STATUS", LONG),
                directory.controlSocket("web") + " cannot be reached by this user, or leads nowhere");
    }

    @Test
    void whoeverSaysNothingOrTooMuchOrLeavesGivesNoAnswer() throws Exception {
        try (ServerSocketChannel listener = listen(directory.controlSocket("web"), 5)) {
            assertRefused(
                    Reason.NO_ANSWER,
                    () -> directory.send(web, "STATUS", Duration.ofMillis(50)),
                    "service web gave no answer: it said nothing whole within 50 ms");
            listener.accept().close();
            serve(listener, "");
            assertRefused(
                    Reason.NO_ANSWER,
                    () -> directory.send(web, "STATUS", LONG),
                    "service web gave no answer: whoever listens at its socket closed the connection");
            serve(listener, "x".repeat(2 << 20));
            assertRefused(
                    Reason.NO_ANSWER,
                    () -> directory.send(web, "STATUS", LONG),
                    "its line is longer than 1048576 bytes");
        }
    }

    @Test
    void whoeverAcceptsNobodyGivesNoAnswer() throws Exception {
        try (ServerSocketChannel listener = listen(directory.controlSocket("web"), 1)) {
            List<SocketChannel> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(directory.controlSocket("web"))));
                }
                assertRefused(
                        Reason.NO_ANSWER,
                        () -> directory.send(web, "STATUS", Duration.ofMillis(50)),
                        "nobody is accepted at " + directory.controlSocket("web") + " within 50 ms");
                assertThat(listener.isOpen()).isTrue();
            } finally {
                for (SocketChannel channel : waiting) {
                    channel.close();
                }
            }
        }
    }

    @Test
    void whatIsNoLineIsNotSent() {
        for (String text : List.of("a\nb", "a\r", "x".repeat(1 << 20))) {
            assertThatThrownBy(() -> directory.send(web, text, LONG)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> directory.send(web, "STATUS", Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
