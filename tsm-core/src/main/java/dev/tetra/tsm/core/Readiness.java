package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a service shows that it serves. Until then it is {@link Status#STARTING}; if the time is over first, it is ended and
 * counts as failed. <em>Immutable.</em>
 *
 * @param probe what is asked
 * @param timeout how long after its launch
 */
public record Readiness(Probe probe, Duration timeout) {
    /** How long a service may take to be ready by default. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    public Readiness {
        requireNonNull(probe, "probe");
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Amounts.LONGEST) > 0) {
            throw new IllegalArgumentException("ready timeout not in (0, a year]: " + timeout);
        }
    }

    /** With {@link #DEFAULT_TIMEOUT}. */
    public Readiness(Probe probe) {
        this(probe, DEFAULT_TIMEOUT);
    }
}
