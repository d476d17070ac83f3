package dev.tetra.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what is not measured. */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(2);

    private Await() {}

    /** What is waited for. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * Returns as soon as the condition holds.
     *
     * @param what what is waited for, as a sentence that says that it is so
     * @throws IOException if it does not within a minute
     */
    static void that(String what, Condition condition) throws IOException {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException("not so after " + PATIENCE.toSeconds() + " s: " + what);
            }
            pause(LOOK);
        }
    }

    /** Lets that time go by. @throws IOException if this thread is interrupted */
    static void pause(Duration time) throws IOException {
        long begin = System.nanoTime();
        for (long left = time.toNanos(); left > 0; left = time.toNanos() - (System.nanoTime() - begin)) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
        }
    }
}
