package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices that services end: at once for those that this JVM launched, within some 20 ms for those it adopted. Futures
 * complete on threads of this class; do not block there.
 */
final class ExitWatch implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ProcessTable table;
    private final Map<Service.Run, CompletableFuture<Void>> adopted = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::look, "tsm-exit-watch");
    private volatile boolean closed;

    ExitWatch(ProcessTable table) {
        this.table = table;
        thread.setDaemon(true);
        thread.start();
    }

    /** Completes when the process and its wrapper are gone. */
    CompletableFuture<Void> watch(Service.Run run, Optional<Process> wrapper) {
        if (wrapper.isEmpty()) {
            return adopt(run);
        }
        // A wrapper that was killed does not mean that the service has ended.
        return wrapper.get().onExit().thenCompose(ended -> adoptIfAlive(run));
    }

    private CompletableFuture<Void> adoptIfAlive(Service.Run run) {
        return table.isAlive(run.process()) ? adopt(run) : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> adopt(Service.Run run) {
        CompletableFuture<Void> future = adopted.computeIfAbsent(run, key -> new CompletableFuture<>());
        LockSupport.unpark(thread);
        return future;
    }

    private void look() {
        while (!closed) {
            Iterator<Map.Entry<Service.Run, CompletableFuture<Void>>> entries =
                    adopted.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<Service.Run, CompletableFuture<Void>> entry = entries.next();
                if (isGone(entry.getKey())) {
                    entries.remove();
                    entry.getValue().complete(null);
                }
            }
            if (adopted.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        }
    }

    private boolean isGone(Service.Run run) {
        return !table.isAlive(run.process())
                && (run.wrapper().isEmpty() || !table.isAlive(run.wrapper().get()));
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            LockSupport.unpark(thread);
            try {
                thread.join(LOOK_NANOS / 1_000_000);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
