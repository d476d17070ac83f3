package dev.tetra.tsm.core;

import java.time.Duration;

/**
 * When the logs of a service are cut, and what is kept of them. <em>Immutable.</em>
 *
 * @param maxBytes the size at which a log is cut; 0 for never
 * @param maxAge the age of its first line at which a log is cut; zero for never
 * @param keep how many cut pieces of each log are kept; the oldest go
 */
public record LogPolicy(long maxBytes, Duration maxAge, int keep) {
    /** 32 MB, no age, five pieces. */
    public static final LogPolicy DEFAULT = new LogPolicy(32L << 20, Duration.ZERO, 5);

    public LogPolicy {
        if (maxBytes < 0 || keep < 0) {
            throw new IllegalArgumentException("negative: max_size " + maxBytes + ", keep " + keep);
        }
        if (maxAge.isNegative() || maxAge.compareTo(Amounts.LONGEST) > 0) {
            throw new IllegalArgumentException("max_age not in [0, a year]: " + maxAge);
        }
    }
}
