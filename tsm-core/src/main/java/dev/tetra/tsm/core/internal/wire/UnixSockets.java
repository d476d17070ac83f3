package dev.tetra.tsm.core.internal.wire;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Unix sockets at paths of any length. The kernel takes 108 bytes (unix(7)); a longer path is reached through a short-lived
 * symbolic link: to its directory when it is bound, since bind(2) follows no link at the end, and to the socket itself when
 * somebody connects.
 */
public final class UnixSockets {
    private UnixSockets() {}

    /** A listener at that path, mode 0600. A file there is replaced: the caller knows that nobody listens. */
    public static ServerSocketChannel listen(Path path) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (Reachable reachable = Reachable.toBind(path)) {
            channel.bind(reachable.address);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return channel;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** A connection to whoever listens at that path; waits while too many others wait to be accepted. */
    public static SocketChannel connect(Path path) throws IOException {
        try (Reachable reachable = Reachable.toConnect(path)) {
            return SocketChannel.open(reachable.address);
        }
    }

    /**
     * A connection that does not block, or a failure at once.
     *
     * @throws java.net.ConnectException if nobody listens at what is there
     * @throws SocketException if nothing is there, or the one who listens accepts nobody just now
     */
    public static SocketChannel connectAtOnce(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (Reachable reachable = Reachable.toConnect(path)) {
            channel.configureBlocking(false);
            if (!channel.connect(reachable.address)) {
                throw new SocketException("nobody is accepted at " + path + " just now");
            }
            return channel;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Whether the one at the other end is that user or root, whatever the socket's mode became. */
    public static boolean isAllowed(SocketChannel channel, UserPrincipal user) throws IOException {
        UserPrincipal peer =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        return peer.equals(user) || peer.getName().equals("root");
    }

    /** An address that the kernel takes, for as long as it is open. */
    private static final class Reachable implements AutoCloseable {
        private final UnixDomainSocketAddress address;
        private final @Nullable Path link;

        private Reachable(Path path, @Nullable Path link) {
            this.address = UnixDomainSocketAddress.of(path);
            this.link = link;
        }

        static Reachable toBind(Path path) throws IOException {
            Path directory = path.toAbsolutePath().getParent();
            if (directory == null || ShortPaths.fits(path)) {
                return new Reachable(path, null);
            }
            Path link = link(directory);
            return new Reachable(link.resolve(directory.relativize(path.toAbsolutePath())), link);
        }

        static Reachable toConnect(Path path) throws IOException {
            if (ShortPaths.fits(path)) {
                return new Reachable(path, null);
            }
            Path link = link(path.toAbsolutePath());
            return new Reachable(link, link);
        }

        private static Path link(Path target) throws IOException {
            Path link = Files.createTempDirectory("tsm").resolve("s");
            try {
                return Files.createSymbolicLink(link, target);
            } catch (IOException | RuntimeException failed) {
                Files.deleteIfExists(temporary(link));
                throw failed;
            }
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
