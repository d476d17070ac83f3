package dev.tetra.tsm.core.internal.client;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.wire.UnixSockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One line to a service's control socket, and the line that comes back. <em>For one thread at a time.</em> */
public final class ControlClient {
    /** Neither line is longer, in bytes. */
    static final int LONGEST = 1 << 20;

    private static final Duration LONGEST_WAIT = Duration.ofDays(365);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Service service;
    private final Duration timeout;
    private final long deadline;

    private final List<Path> paths;

    private ControlClient(List<Path> paths, Service service, Duration timeout) {
        this.paths = paths;
        this.service = service;
        this.timeout = timeout;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /** As {@link RuntimeDirectory#send} says: to the service itself, if it listens, else to whoever serves its socket. */
    public static String send(RuntimeDirectory directory, Service service, String line, Duration timeout)
            throws IOException {
        String name = service.name();
        List<Path> paths = List.of(directory.ownSocket(name), directory.controlSocket(name));
        return new ControlClient(paths, service, checked(timeout)).send(encoded(line));
    }

    /**
     * The same, but only to the service itself, at {@code TSM_SOCKET_PATH}.
     *
     * @return empty if it does not listen there, and nothing was said
     * @throws ServiceException {@link Reason#NO_ANSWER} if no whole line came back
     */
    public static Optional<String> sendToItself(
            RuntimeDirectory directory, Service service, String line, Duration timeout) throws IOException {
        List<Path> paths = List.of(directory.ownSocket(service.name()));
        try {
            return Optional.of(new ControlClient(paths, service, checked(timeout)).send(encoded(line)));
        } catch (ServiceException refused) {
            if (refused.reason() == Reason.NO_SOCKET) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static Duration checked(Duration timeout) {
        if (timeout.isNegative() || timeout.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException("timeout not in [PT0S, " + LONGEST_WAIT + "]: " + timeout);
        }
        return timeout;
    }

    private static ByteBuffer encoded(String line) {
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("more than one line cannot be sent at once");
        }
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (text.length > LONGEST) {
            throw new IllegalArgumentException("a line of more than " + LONGEST + " bytes cannot be sent");
        }
        return ByteBuffer.wrap(text);
    }

    private String send(ByteBuffer line) throws IOException {
        try (SocketChannel channel = connect();
                Selector selector = Selector.open()) {
            return converse(channel, selector, line);
        }
    }

    /** A connection to the first of the paths where somebody listens. */
    private SocketChannel connect() throws IOException {
        while (true) {
            Optional<Path> stale = Optional.empty();
            Optional<Path> busy = Optional.empty();
            for (Path path : paths) {
                if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                try {
                    return UnixSockets.connectAtOnce(path);
                } catch (ConnectException refused) {
                    stale = Optional.of(path);
                } catch (IOException notNow) {
                    busy = Optional.of(path);
                }
            }
            if (busy.isEmpty()) {
                throw nobodyListens(stale);
            }
            if (!Files.isWritable(busy.get())) {
                throw new ServiceException(
                        Reason.NO_SOCKET, busy.get() + " cannot be reached by this user, or leads nowhere");
            }
            if (System.nanoTime() - deadline > 0) {
                throw noAnswer("nobody is accepted at " + busy.get() + " within " + timeout.toMillis()
                        + " ms: too many others wait");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private ServiceException nobodyListens(Optional<Path> stale) {
        String name = service.name();
        String why;
        if (!service.status().isActive()) {
            why = "service " + name + " has no socket: it does not run ("
                    + service.status().text() + "); tsm start " + name + " starts it";
        } else if (stale.isPresent()) {
            why = "nobody answers at " + stale.get() + ", which is stale; service " + name
                    + " does not listen there, nor does an owner";
        } else {
            why = "service " + name + " has no socket: nobody supervises it now, and it does not listen itself";
        }
        return new ServiceException(Reason.NO_SOCKET, why);
    }

    private ServiceException noAnswer(String why) {
        return new ServiceException(Reason.NO_ANSWER, "service " + service.name() + " gave no answer: " + why);
    }

    private String converse(SocketChannel channel, Selector selector, ByteBuffer out) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocate(16 << 10);
        try {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            while (true) {
                if (out.hasRemaining()) {
                    channel.write(out);
                }
                int count = channel.read(in.clear());
                if (count < 0 && line.size() == 0) {
                    throw noAnswer("whoever listens at its socket closed the connection");
                }
                if (count < 0 || isWhole(in.flip(), line)) {
                    return line.toString(StandardCharsets.UTF_8);
                }
                if (line.size() > LONGEST) {
                    throw noAnswer("its line is longer than " + LONGEST + " bytes");
                }
                key.interestOps(SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0));
                await(selector);
            }
        } catch (IOException broken) {
            throw noAnswer("the connection broke off (" + broken.getMessage() + ")");
        }
    }

    private void await(Selector selector) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw noAnswer("it said nothing whole within " + timeout.toMillis()
                    + " ms; what was asked for may still be done, and --timeout waits longer");
        }
        selector.select(key -> {}, left);
        if (Thread.currentThread().isInterrupted()) {
            throw new IOException("interrupted");
        }
    }

    /** Adds what came to the line. @return whether its end came */
    private static boolean isWhole(ByteBuffer in, ByteArrayOutputStream line) {
        int end = 0;
        while (end < in.limit() && in.get(end) != '\n') {
            end++;
        }
        byte[] part = new byte[end];
        in.get(part);
        line.writeBytes(part);
        return in.hasRemaining();
    }
}
