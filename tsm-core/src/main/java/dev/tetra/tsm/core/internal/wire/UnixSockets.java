package dev.tetra.tsm.core.internal.wire;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Unix sockets at paths of any length. The kernel takes 108 bytes (unix(7)); a longer path is reached through a short-lived
 * symbolic link to its directory.
 */
public final class UnixSockets {
    private static final int LONGEST = 100;

    private UnixSockets() {}

    /** A listener at that path, mode 0600. A file there is replaced: the caller knows that nobody listens. */
    public static ServerSocketChannel listen(Path path) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (Reachable reachable = Reachable.of(path)) {
            channel.bind(reachable.address);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return channel;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** A connection to whoever listens at that path. */
    public static SocketChannel connect(Path path) throws IOException {
        try (Reachable reachable = Reachable.of(path)) {
            return SocketChannel.open(reachable.address);
        }
    }

    /** An address that the kernel takes, for as long as it is open. */
    private static final class Reachable implements AutoCloseable {
        private final UnixDomainSocketAddress address;
        private final @Nullable Path link;

        private Reachable(Path path, @Nullable Path link) {
            this.address = UnixDomainSocketAddress.of(path);
            this.link = link;
        }

        static Reachable of(Path path) throws IOException {
            Path directory = path.toAbsolutePath().getParent();
            if (directory == null || path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
                return new Reachable(path, null);
            }
            Path link = Files.createTempDirectory("tsm").resolve("s");
            try {
                Files.createSymbolicLink(link, directory);
            } catch (IOException | RuntimeException failed) {
                Files.deleteIfExists(temporary(link));
                throw failed;
            }
            return new Reachable(link.resolve(directory.relativize(path.toAbsolutePath())), link);
        }

        private static Path temporary(Path link) {
            return link.resolve("..").normalize();
        }

        @Override
        public void close() throws IOException {
            if (link != null) {
                Files.deleteIfExists(link);
                Files.deleteIfExists(temporary(link));
            }
        }
    }
}
