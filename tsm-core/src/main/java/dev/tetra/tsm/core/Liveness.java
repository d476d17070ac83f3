package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a service that is ready shows that it still serves. After {@code threshold} failures in a row it is ended and, as its
 * {@link RestartPolicy} says of failures, started again. <em>Immutable.</em>
 *
 * @param probe what is asked; with {@link Probe.Notify}, that {@code WATCHDOG=1} comes within each period
 * @param period the time between two questions
 * @param timeout how long an answer may take
 * @param threshold how many failures in a row are one too many; at least 1
 */
public record Liveness(Probe probe, Duration period, Duration timeout, int threshold) {
    /** Every 10 s, 2 s for the answer, three failures. */
    public Liveness(Probe probe) {
        this(probe, Duration.ofSeconds(10), Duration.ofSeconds(2), 3);
    }

    public Liveness {
        requireNonNull(probe, "probe");
        checkSane("period", period);
        checkSane("timeout", timeout);
        if (threshold < 1) {
            throw new IllegalArgumentException("threshold below 1: " + threshold);
        }
    }

    private static void checkSane(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(Amounts.LONGEST) > 0) {
            throw new IllegalArgumentException("liveness " + what + " not in (0, a year]: " + duration);
        }
    }
}
