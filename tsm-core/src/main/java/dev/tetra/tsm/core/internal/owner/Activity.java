package dev.tetra.tsm.core.internal.owner;

import java.time.Duration;

/** How much goes on: services that run and requests that are served. <em>Safe for use by many threads.</em> */
final class Activity implements AutoCloseable {
    private int busy;
    private long quietSince = System.nanoTime();
    private boolean closed;

    /** A service runs, or a request is being served. */
    synchronized void started() {
        busy++;
    }

    /** It no longer does. */
    synchronized void ended() {
        busy--;
        quietSince = System.nanoTime();
        notifyAll();
    }

    /** Waits until nothing went on for that long; false if it was closed meanwhile. */
    synchronized boolean awaitIdle(Duration quiet) throws InterruptedException {
        while (!closed) {
            long rest = busy > 0 ? quiet.toNanos() : quietSince + quiet.toNanos() - System.nanoTime();
            if (rest <= 0) {
                return true;
            }
            // Rounded up: a wait of zero would be one without end.
            wait(rest / 1_000_000 + 1);
        }
        return false;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
