package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Service;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Hands what is told of one run to its listener, one call at a time, on worker threads. A listener that is slow is told the
 * newest state and status and not each in between, so that no more than one call of a kind waits. <em>Safe for use by many
 * threads.</em>
 */
final class Calls implements Listener {
    private final Listener listener;
    private final Lane lane;

    /** What waits, by its kind, in the order in which it came; guarded by this. */
    private final Map<String, Runnable> waiting = new LinkedHashMap<>();

    private boolean closed;

    Calls(Listener listener, Executor workers) {
        this.listener = listener;
        this.lane = new Lane(workers, 1);
    }

    private void tell(String kind, Runnable call) {
        synchronized (this) {
            if (closed) {
                return;
            }
            boolean replaced = waiting.remove(kind) != null;
            waiting.put(kind, call);
            if (replaced) {
                return;
            }
        }
        lane.execute(this::callNext);
    }

    private void callNext() {
        Runnable call = next();
        if (call != null) {
            call.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        if (waiting.isEmpty()) {
            return null;
        }
        String first = waiting.keySet().iterator().next();
        return waiting.remove(first);
    }

    /** No call begins any more. */
    synchronized void close() {
        closed = true;
        waiting.clear();
    }

    @Override
    public void ready(String how) {
        tell("ready", () -> listener.ready(how));
    }

    @Override
    public void neverReady(String why) {
        tell("neverReady", () -> listener.neverReady(why));
    }

    @Override
    public void health(Service.Health now) {
        tell("health", () -> listener.health(now));
    }

    @Override
    public void failed(String why) {
        tell("failed", () -> listener.failed(why));
    }

    @Override
    public void said(String status) {
        tell("said", () -> listener.said(status));
    }

    @Override
    public void stopping() {
        tell("stopping", listener::stopping);
    }
}
