package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.wire.LineSocket;
import dev.tetra.tsm.core.internal.wire.UnixSockets;
import dev.tetra.tsm.core.internal.wire.Wire;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Serves the owner's socket: one connection a thread, any number of requests a connection. */
final class ManagerServer implements AutoCloseable {
    private static final Duration ANSWER_TAKES = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final Requests requests;
    private final Executor workers;
    private final Activity activity;
    private final Path socket;
    private final UserPrincipal user;
    private volatile ServerSocketChannel listener;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger writing = new AtomicInteger();
    private volatile boolean closed;

    /** Requests that are being served; guarded by this. */
    private int serving;

    ManagerServer(RuntimeDirectory directory, Requests requests, Executor workers, Activity activity)
            throws IOException {
        this.requests = requests;
        this.workers = workers;
        this.activity = activity;
        this.socket = directory.managerSocket();
        this.user = Files.getOwner(directory.ownerLock());
        this.listener = UnixSockets.listen(socket);
        Thread acceptor = new Thread(this::accept, "tsm-manager-socket");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Listens again where somebody has removed the socket. */
    void ensureListening() throws IOException {
        if (!closed && Files.notExists(socket)) {
            ServerSocketChannel old = listener;
            listener = UnixSockets.listen(socket);
            old.close();
        }
    }

    private void accept() {
        while (!closed) {
            SocketChannel channel = null;
            try {
                channel = listener.accept();
                SocketChannel accepted = channel;
                open.add(accepted);
                workers.execute(() -> converse(accepted));
                if (closed) {
                    discard(accepted);
                }
            } catch (IOException | RuntimeException | Error failed) {
                // Too many open files, for example: it passes, and nobody would hear the owner if this thread did.
                lose(channel, failed);
            }
        }
    }

    private void lose(@Nullable SocketChannel channel, Throwable failed) {
        try {
            if (channel != null) {
                discard(channel);
            }
            if (!closed) {
                LockSupport.parkNanos(PAUSE_NANOS);
                LOG.log(System.Logger.Level.WARNING, "a client of " + socket + " was lost: " + failed);
            }
        } catch (RuntimeException | Error again) {
            // Even a line of log takes a file now and then.
        }
    }

    private void discard(SocketChannel channel) {
        open.remove(channel);
        try {
            channel.close();
        } catch (IOException gone) {
            // Nobody is there to be told.
        }
    }

    private void converse(SocketChannel channel) {
        try (LineSocket line = new LineSocket(channel, Wire.MAX_REQUEST_BYTES)) {
            if (!UnixSockets.isAllowed(channel, user)) {
                return;
            }
            line.write(Wire.greeting(ProcessHandle.current().pid()));
            JsonObject request = read(line);
            while (request != null && begin()) {
                JsonObject reply;
                try {
                    reply = requests.answer(request);
                    writing.incrementAndGet();
                } finally {
                    end();
                }
                try {
                    line.write(reply);
                } finally {
                    writing.decrementAndGet();
                }
                request = read(line);
            }
        } catch (IOException gone) {
            // The client has left: there is nobody to tell.
        } finally {
            open.remove(channel);
        }
    }

    /** The next request; null when there is none, or what came is none, which is said. */
    private static @Nullable JsonObject read(LineSocket line) throws IOException {
        try {
            return line.read();
        } catch (ClosedChannelException closing) {
            return null;
        } catch (IOException malformed) {
            line.write(Wire.failure("not a request: " + malformed.getMessage()));
            return null;
        }
    }

    private synchronized boolean begin() {
        if (closed) {
            return false;
        }
        serving++;
        activity.started();
        return true;
    }

    private synchronized void end() {
        serving--;
        activity.ended();
        notifyAll();
    }

    /** Takes no new request, and returns when those that are being served are answered. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            boolean interrupted = false;
            while (serving > 0) {
                try {
                    wait();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        // Whoever does not take the answer does not keep the owner.
        long deadline = System.nanoTime() + ANSWER_TAKES.toNanos();
        while (writing.get() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        try {
            Files.deleteIfExists(socket);
        } finally {
            listener.close();
            for (SocketChannel channel : open) {
                discard(channel);
            }
        }
    }
}
