package dev.tetra.tsm.core.internal.owner;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Tells whoever waits that the state of some service has changed. <em>Safe for use by many threads.</em> */
final class Changes {
    private boolean closed;

    /** The state of some service is another one. */
    synchronized void happened() {
        notifyAll();
    }

    /** Nobody waits any longer. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Waits until it holds; false if that takes longer, or nobody waits any longer. */
    synchronized boolean await(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long rest = deadline - System.nanoTime();
            if (closed || rest <= 0) {
                return false;
            }
            try {
                wait(rest / 1_000_000 + 1);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
