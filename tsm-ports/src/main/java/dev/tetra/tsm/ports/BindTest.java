package dev.tetra.tsm.ports;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/** Whether the system would let a server have a TCP port. */
interface BindTest {

    /**
     * Binds to the wildcard and the loopback address of both families, as servers do: with SO_REUSEADDR, so that
     * connections which have just ended (TIME_WAIT) do not make a port look taken. Never listens, so that no client can
     * connect by mistake.
     */
    BindTest SYSTEM = port -> isTaken(StandardProtocolFamily.INET6, "::", port)
            || isTaken(StandardProtocolFamily.INET, "0.0.0.0", port)
            || isTaken(StandardProtocolFamily.INET, "127.0.0.1", port)
            || isTaken(StandardProtocolFamily.INET6, "::1", port);

    /**
     * Whether somebody has the port.
     *
     * @param port from 1 to 65535
     */
    boolean isTaken(int port);

    private static boolean isTaken(ProtocolFamily family, String host, int port) {
        try {
            bind(family, host, port);
            return false;
        } catch (BindException refused) {
            return !isPermission(refused) && canBindAtAll(family, host);
        } catch (IOException | UnsupportedOperationException noSuchFamily) {
            return false;
        }
    }

    /** A port below 1024 is refused to a user without the right, taken or not: that says nothing. */
    private static boolean isPermission(BindException refused) {
        return String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT).contains("permission");
    }

    private static boolean canBindAtAll(ProtocolFamily family, String host) {
        try {
            bind(family, host, 0);
            return true;
        } catch (IOException noSuchAddress) {
            return false;
        }
    }

    private static void bind(ProtocolFamily family, String host, int port) throws IOException {
        try (SocketChannel channel = SocketChannel.open(family)) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(host, port));
        }
    }
}
