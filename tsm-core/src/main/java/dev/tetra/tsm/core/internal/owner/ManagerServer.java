package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.wire.LineSocket;
import dev.tetra.tsm.core.internal.wire.UnixSockets;
import dev.tetra.tsm.core.internal.wire.Wire;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import jdk.net.ExtendedSocketOptions;

/** Serves the owner's socket: one connection a thread, any number of requests a connection. */
final class ManagerServer implements AutoCloseable {
    private final Requests requests;
    private final Executor workers;
    private final Activity activity;
    private final Path socket;
    private final UserPrincipal user;
    private final ServerSocketChannel listener;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
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
        this.acceptor = new Thread(this::accept, "tsm-manager-socket");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        while (!closed) {
            try {
                SocketChannel channel = listener.accept();
                open.add(channel);
                workers.execute(() -> converse(channel));
            } catch (IOException closing) {
                return;
            }
        }
    }

    private void converse(SocketChannel channel) {
        try (LineSocket line = new LineSocket(channel)) {
            if (!isAllowed(channel)) {
                return;
            }
            line.write(Wire.greeting(ProcessHandle.current().pid()));
            JsonObject request = line.read();
            while (request != null && begin()) {
                try {
                    line.write(requests.answer(request));
                } finally {
                    end();
                }
                request = line.read();
            }
        } catch (IOException gone) {
            // The client has left, or sent what is no JSON: there is nobody to tell.
        } finally {
            open.remove(channel);
        }
    }

    /** Only this user and root may ask, whatever the socket's mode became. */
    private boolean isAllowed(SocketChannel channel) throws IOException {
        UserPrincipal peer =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        return peer.equals(user) || peer.getName().equals("root");
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
        Files.deleteIfExists(socket);
        listener.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
