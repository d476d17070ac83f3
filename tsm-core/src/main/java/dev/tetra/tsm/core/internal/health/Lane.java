package dev.tetra.tsm.core.internal.health;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs pieces of work in the order they come, a few at a time, on threads of another. <em>Safe for use by many threads.</em> */
final class Lane {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final Executor workers;
    private final int width;

    /** Guarded by this. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private int running;

    /** @param width how many run at once */
    Lane(Executor workers, int width) {
        this.workers = workers;
        this.width = width;
    }

    void execute(Runnable work) {
        synchronized (this) {
            waiting.add(work);
            if (running == width) {
                return;
            }
            running++;
        }
        try {
            workers.execute(this::drain);
        } catch (RejectedExecutionException closing) {
            synchronized (this) {
                running--;
                waiting.clear();
            }
        }
    }

    private void drain() {
        for (Runnable work = next(); work != null; work = next()) {
            try {
                work.run();
            } catch (RuntimeException | Error wrong) {
                // A mistake of ours with one service is no reason to leave the others alone.
                LOG.log(System.Logger.Level.WARNING, "the health of a service is not known", wrong);
            }
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Runnable next() {
        Runnable work = waiting.poll();
        if (work == null) {
            running--;
        }
        return work;
    }
}
