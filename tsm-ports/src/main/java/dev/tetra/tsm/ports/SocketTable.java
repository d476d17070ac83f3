package dev.tetra.tsm.ports;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;

/** The open ports in {@code /proc/net/{tcp,tcp6,udp,udp6}} (man 5 proc). */
final class SocketTable {

    /** The states, in hex, of a listening TCP socket and of a UDP socket that is bound and not connected. */
    private static final String TCP_LISTEN = "0A";

    private static final String UDP_BOUND = "07";

    /** The places of two fields in a line, from 0. */
    private static final int STATE = 3;

    private static final int INODE = 9;

    private final List<Socket> sockets;

    private SocketTable(List<Socket> sockets) {
        this.sockets = sockets;
    }

    /**
     * One open port.
     *
     * @param address the local address as text
     * @param inode the number by which {@code /proc/PID/fd} names the socket
     */
    record Socket(int port, Transport transport, String address, long inode) {}

    /** The listening TCP sockets; empty where the system has no such table. */
    static Optional<SocketTable> tcp(Path proc) {
        List<Socket> sockets = new ArrayList<>();
        boolean seen = read(proc, "net/tcp", Transport.TCP, sockets);
        seen |= read(proc, "net/tcp6", Transport.TCP, sockets);
        return seen ? Optional.of(new SocketTable(sockets)) : Optional.empty();
    }

    /** The listening TCP and bound UDP sockets by port, in a list the caller owns. */
    static List<Socket> all(Path proc) {
        List<Socket> sockets = new ArrayList<>();
        read(proc, "net/tcp", Transport.TCP, sockets);
        read(proc, "net/tcp6", Transport.TCP, sockets);
        read(proc, "net/udp", Transport.UDP, sockets);
        read(proc, "net/udp6", Transport.UDP, sockets);
        sockets.sort(Comparator.comparingInt(Socket::port));
        return sockets;
    }

    static Set<Long> inodes(List<Socket> sockets) {
        Set<Long> inodes = new HashSet<>();
        for (Socket socket : sockets) {
            inodes.add(socket.inode());
        }
        return inodes;
    }

    Set<Integer> ports() {
        Set<Integer> ports = new HashSet<>();
        for (Socket socket : sockets) {
            ports.add(socket.port());
        }
        return ports;
    }

    boolean listensOn(int port) {
        for (Socket socket : sockets) {
            if (socket.port() == port) {
                return true;
            }
        }
        return false;
    }

    Set<Long> inodesOn(int port) {
        Set<Long> inodes = new HashSet<>();
        for (Socket socket : sockets) {
            if (socket.port() == port) {
                inodes.add(socket.inode());
            }
        }
        return inodes;
    }

    private static boolean read(Path proc, String file, Transport transport, List<Socket> sockets) {
        String text;
        try {
            text = new String(Files.readAllBytes(proc.resolve(file)), StandardCharsets.ISO_8859_1);
        } catch (IOException noSuchTable) {
            return false;
        }
        int begin = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
            parse(text.substring(begin, end), transport).ifPresent(sockets::add);
            begin = end + 1;
        }
        return true;
    }

    /** The open port in one line; empty for the heading, other states, and whatever cannot be read. */
    static Optional<Socket> parse(String line, Transport transport) {
        StringTokenizer fields = new StringTokenizer(line);
        if (fields.countTokens() <= INODE) {
            return Optional.empty();
        }
        fields.nextToken();
        String local = fields.nextToken();
        fields.nextToken();
        if (!fields.nextToken().equals(transport == Transport.TCP ? TCP_LISTEN : UDP_BOUND)) {
            return Optional.empty();
        }
        for (int skipped = STATE + 1; skipped < INODE; skipped++) {
            fields.nextToken();
        }
        return socket(local, fields.nextToken(), transport);
    }

    private static Optional<Socket> socket(String local, String inode, Transport transport) {
        int colon = local.indexOf(':');
        try {
            int port = Integer.parseInt(local.substring(colon + 1), 16);
            if (colon < 0 || port < Ports.FIRST || port > Ports.LAST) {
                return Optional.empty();
            }
            String address = address(local.substring(0, colon));
            return Optional.of(new Socket(port, transport, address, Long.parseLong(inode)));
        } catch (NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    /** The kernel prints 32-bit words of the machine's byte order: {@code 0100007F} is 127.0.0.1 on most. */
    private static String address(String hex) {
        int length = hex.length() / 2;
        if (length != 4 && length != 16) {
            throw new NumberFormatException("not an address: " + hex);
        }
        int[] bytes = new int[length];
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < length; i++) {
            int at = little ? (i & ~3) + 3 - (i & 3) : i;
            bytes[at] = Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return length == 4 ? bytes[0] + "." + bytes[1] + "." + bytes[2] + "." + bytes[3] : IPv6Text.of(bytes);
    }
}
