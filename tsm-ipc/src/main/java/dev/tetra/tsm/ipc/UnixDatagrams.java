package dev.tetra.tsm.ipc;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.ipc.internal.DatagramBuffer;
import dev.tetra.tsm.ipc.internal.Native;
import dev.tetra.tsm.ipc.internal.NativeException;
import dev.tetra.tsm.ipc.internal.NativeMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Unix datagram sockets (unix(7)) that other processes send to: many sockets, read by one thread. Linux only. <em>Safe for
 * use by many threads.</em>
 *
 * <p>{@link Receiver Receivers} run on the reading thread; do not block there.
 */
public final class UnixDatagrams implements AutoCloseable {
    /** How many bytes a socket's path has at most: {@code sun_path} without its last byte. */
    public static final int LONGEST_PATH = 107;

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.ipc");

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int OWNER_ONLY = 0600;

    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;

    /** How many datagrams of one socket are taken before the next one's turn. */
    private static final int TURN = 16;

    private final Native library;
    private final DatagramBuffer buffer;
    private final Thread thread;

    /** Rings for the reading thread; guarded by this, and -1 once the thread has ended. */
    private int bell;

    /** Guarded by this. */
    private final Set<Bound> sockets = new LinkedHashSet<>();

    private final List<Bound> closing = new ArrayList<>();
    private boolean closed;

    private UnixDatagrams(Native library, String thread, int longest) throws IOException {
        this.library = library;
        this.buffer = new DatagramBuffer(library, longest);
        this.bell = library.eventfd();
        this.thread = new Thread(this::read, thread);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Loads what is needed and starts the thread.
     *
     * @param thread its name
     * @param longest how many bytes a datagram has at most; longer ones are dropped whole
     * @throws IOException if the C library cannot be called from this JVM, or no file descriptor is left
     */
    public static UnixDatagrams open(String thread, int longest) throws IOException {
        requireNonNull(thread, "thread");
        if (longest < 1 || longest > 1 << 20) {
            throw new IllegalArgumentException("longest not in [1, 1048576]: " + longest);
        }
        return new UnixDatagrams(Native.system(), thread, longest);
    }

    /** What takes the datagrams of a socket. */
    @FunctionalInterface
    public interface Receiver {
        /** Takes one datagram; what it throws is logged. */
        void received(byte[] datagram, Sender sender);
    }

    /**
     * Who sent a datagram, as the kernel says (SCM_CREDENTIALS).
     *
     * @param pid its process; 0 if that cannot be seen from here
     * @param uid its user
     */
    public record Sender(long pid, long uid) {}

    /**
     * Binds a socket, for no user but this one (mode 0600 from its first moment). A socket that is there is replaced: the
     * caller knows that nobody reads it. Who sends to the path, and is not connected, reaches the new one.
     *
     * @param path at most {@link #LONGEST_PATH} bytes
     * @throws IOException if something else is there, or it cannot be made
     */
    public Bound bind(Path path, Receiver receiver) throws IOException {
        requireNonNull(receiver, "receiver");
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > LONGEST_PATH) {
            throw new IOException("the path of a socket has " + LONGEST_PATH + " bytes at most, and this one has "
                    + name.length + ": " + path);
        }
        removeSocket(path);
        synchronized (this) {
            checkOpen();
            int fd = library.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0);
            try {
                // Before bind(2): the file is made with this mode.
                library.fchmod(fd, OWNER_ONLY);
                library.setsockopt(fd, SOL_SOCKET, SO_PASSCRED, 1);
                ByteBuffer address = NativeMemory.allocate(2 + LONGEST_PATH + 1);
                address.putShort((short) AF_UNIX).put(name).rewind();
                library.bind(fd, address, 2 + name.length + 1);
                Bound bound = new Bound(path, keyOf(path), fd, receiver);
                sockets.add(bound);
                ring();
                return bound;
            } catch (IOException failed) {
                library.close(fd);
                throw new IOException("cannot bind the socket " + path + ": " + failed.getMessage(), failed);
            }
        }
    }

    private static void removeSocket(Path path) throws IOException {
        try {
            BasicFileAttributes there =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!there.isOther()) {
                throw new IOException(path + " is " + (there.isDirectory() ? "a directory" : "a file")
                        + " where a socket is to be; move it away");
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException free) {
            // As it should be.
        }
    }

    private static @Nullable Object keyOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("these sockets are closed");
        }
    }

    /** A socket that is bound. <em>Safe for use by many threads.</em> */
    public final class Bound implements AutoCloseable {
        private final Path path;
        private final @Nullable Object key;
        private final int fd;
        private final Receiver receiver;
        private final CountDownLatch gone = new CountDownLatch(1);

        private Bound(Path path, @Nullable Object key, int fd, Receiver receiver) {
            this.path = path;
            this.key = key;
            this.fd = fd;
            this.receiver = receiver;
        }

        /** Where it is bound. */
        public Path path() {
            return path;
        }

        /**
         * Closes it and removes its file, unless another socket is there by now. When this returns, the receiver has returned
         * and is not called again; called by the receiver itself, it does not wait. Idempotent.
         */
        @Override
        public void close() {
            synchronized (UnixDatagrams.this) {
                if (sockets.remove(this)) {
                    closing.add(this);
                    ring();
                }
            }
            awaitUninterruptibly();
        }

        private void awaitUninterruptibly() {
            boolean interrupted = false;
            while (!Thread.currentThread().equals(thread)) {
                try {
                    gone.await();
                    break;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** By the reading thread alone: a descriptor that somebody uses is not closed, since its number is given again. */
        private void end() {
            if (key != null && key.equals(keyOf(path))) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException left) {
                    LOG.log(System.Logger.Level.WARNING, "a socket is left behind: " + left.getMessage());
                }
            }
            library.close(fd);
            gone.countDown();
        }

        /** Takes what is there, but no more than one turn's. A socket that fails is closed, and no other. */
        private void receive() {
            try {
                receiveTurn();
            } catch (NativeException broken) {
                LOG.log(System.Logger.Level.WARNING, "the socket " + path + " is not read any more: " + broken);
                close();
            }
        }

        private void receiveTurn() throws NativeException {
            for (int i = 0; i < TURN; i++) {
                int length = buffer.receive(fd);
                if (length < 0) {
                    return;
                }
                if (!buffer.isCut() && buffer.hasSender()) {
                    hand(buffer.bytes(length), new Sender(buffer.pid(), Integer.toUnsignedLong(buffer.uid())));
                }
            }
        }

        private void hand(byte[] datagram, Sender sender) {
            try {
                receiver.received(datagram, sender);
            } catch (RuntimeException wrong) {
                LOG.log(System.Logger.Level.WARNING, "a datagram at " + path + " is lost", wrong);
            }
        }
    }

    /** Closes all sockets, as {@link Bound#close()} does, and ends the thread. Idempotent. */
    @Override
    public void close() {
        List<Bound> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(sockets);
            closing.addAll(open);
            sockets.clear();
            ring();
        }
        for (Bound bound : open) {
            bound.awaitUninterruptibly();
        }
    }

    private synchronized void ring() {
        if (bell >= 0) {
            try {
                library.write(bell, NativeMemory.allocate(Long.BYTES).putLong(0, 1), Long.BYTES);
            } catch (NativeException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private void read() {
        List<Bound> read = List.of();
        ByteBuffer pollfds = NativeMemory.allocate(POLLFD_BYTES);
        ByteBuffer rings = NativeMemory.allocate(Long.BYTES);
        pollfds.putInt(0, bell).putShort(4, POLLIN);
        try {
            while (true) {
                library.poll(pollfds, read.size() + 1, -1);
                for (int i = 0; i < read.size(); i++) {
                    if (pollfds.getShort((i + 1) * POLLFD_BYTES + 6) != 0) {
                        read.get(i).receive();
                    }
                }
                if (library.read(bell, rings, Long.BYTES) > 0) {
                    read = changed();
                    if (read.isEmpty() && isOver()) {
                        return;
                    }
                    pollfds = pollfds(read);
                }
            }
        } catch (NativeException broken) {
            LOG.log(System.Logger.Level.WARNING, "Unix datagrams are not read any more: " + broken.getMessage());
        } finally {
            end();
        }
    }

    /** Ends those that are to be closed. @return those that are to be read */
    private List<Bound> changed() {
        List<Bound> over;
        List<Bound> open;
        synchronized (this) {
            over = List.copyOf(closing);
            closing.clear();
            open = List.copyOf(sockets);
        }
        for (Bound bound : over) {
            bound.end();
        }
        return open;
    }

    private synchronized boolean isOver() {
        return closed && closing.isEmpty();
    }

    private ByteBuffer pollfds(List<Bound> read) {
        ByteBuffer pollfds = NativeMemory.allocate((read.size() + 1) * POLLFD_BYTES);
        pollfds.putInt(0, bell).putShort(4, POLLIN);
        for (int i = 0; i < read.size(); i++) {
            pollfds.putInt((i + 1) * POLLFD_BYTES, read.get(i).fd).putShort((i + 1) * POLLFD_BYTES + 4, POLLIN);
        }
        return pollfds;
    }

    private void end() {
        synchronized (this) {
            closed = true;
            library.close(bell);
            bell = -1;
            closing.addAll(sockets);
            sockets.clear();
        }
        changed();
    }
}
