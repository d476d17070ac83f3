package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import dev.tetra.tsm.ipc.UnixDatagrams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of the services that speak sd_notify(3), read by one thread. The first one loads the native library and starts
 * the thread; an owner whose services do not ask for it has neither. <em>Safe for use by many threads.</em>
 */
final class NotifySockets implements AutoCloseable {
    private final RuntimeDirectory directory;
    private final ShortPaths paths;

    /** Guarded by this, as is all below. */
    private @Nullable UnixDatagrams datagrams;

    /** Bound for a launch, and not yet taken by who watches it; by the service's token. */
    private final Map<String, NotifySocket> prepared = new HashMap<>();

    private boolean closed;

    NotifySockets(RuntimeDirectory directory, ShortPaths paths) {
        this.directory = directory;
        this.paths = paths;
    }

    /** Binds the socket of a service before its launch; one that was prepared for it before is closed. */
    synchronized NotifySocket prepare(Service service) throws IOException {
        discard(service);
        NotifySocket socket = bind(service);
        prepared.put(service.token(), socket);
        return socket;
    }

    /** The socket that was prepared, or a new one where an earlier owner launched the service. */
    synchronized NotifySocket take(Service service) throws IOException {
        NotifySocket socket = prepared.remove(service.token());
        return socket == null ? bind(service) : socket;
    }

    /** Closes what was prepared for a launch that failed. */
    synchronized void discard(Service service) {
        NotifySocket socket = prepared.remove(service.token());
        if (socket != null) {
            socket.close();
        }
    }

    private NotifySocket bind(Service service) throws IOException {
        if (closed) {
            throw new IOException("the owner is closing");
        }
        UnixDatagrams open = datagrams;
        if (open == null) {
            open = UnixDatagrams.open("tsm-notify", Notification.LONGEST);
            datagrams = open;
        }
        Path path = directory.sockets().resolve(ShortPaths.fileName(service.name(), ".notify"));
        long user = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        return new NotifySocket(open, paths.reachable(path), user);
    }

    @Override
    public void close() {
        UnixDatagrams open;
        synchronized (this) {
            closed = true;
            prepared.clear();
            open = datagrams;
        }
        if (open != null) {
            open.close();
        }
    }
}
