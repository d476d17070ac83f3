package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.ipc.UnixDatagrams;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where one service speaks sd_notify(3). Keeps what it says, taken together, until somebody asks. <em>Safe for use by many
 * threads.</em>
 */
final class NotifySocket implements AutoCloseable {
    private final UnixDatagrams.Bound socket;
    private final Path path;

    /** Guarded by this. */
    private Notification heard = Notification.NOTHING;

    private @Nullable Runnable bell;
    private boolean ready;

    /**
     * @param path where the service reaches it
     * @param user whose processes are listened to, besides root's
     */
    NotifySocket(UnixDatagrams sockets, Path path, long user) throws IOException {
        this.path = path;
        this.socket = sockets.bind(path, (datagram, sender) -> {
            // The file's mode lets nobody else send; this holds where somebody has changed it.
            if (sender.uid() == user || sender.uid() == 0) {
                hear(Notification.parse(datagram));
            }
        });
    }

    Path path() {
        return path;
    }

    private void hear(Notification notification) {
        Runnable rung;
        synchronized (this) {
            heard = heard.and(notification);
            ready |= notification.ready();
            rung = bell;
        }
        if (rung != null) {
            rung.run();
        }
    }

    /** Calls this whenever there is news, and now if there is some already. */
    void ring(Runnable call) {
        boolean news;
        synchronized (this) {
            bell = call;
            news = !heard.equals(Notification.NOTHING);
        }
        if (news) {
            call.run();
        }
    }

    /** What was said since the last time. */
    synchronized Notification take() {
        Notification all = heard;
        heard = Notification.NOTHING;
        return all;
    }

    /** Whether it has said {@code READY=1}. */
    synchronized boolean saidReady() {
        return ready;
    }

    @Override
    public void close() {
        socket.close();
    }
}
