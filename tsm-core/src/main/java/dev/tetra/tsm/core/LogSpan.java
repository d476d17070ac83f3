package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Which part of a log is meant, up to its end. <em>Immutable.</em>
 *
 * @param lines how many of the last lines at most, at least 0
 * @param since only what was written then or later, to about a second
 */
public record LogSpan(int lines, Optional<Instant> since) {
    /** All that is kept. */
    public static final LogSpan ALL = new LogSpan(Integer.MAX_VALUE, Optional.empty());

    public LogSpan {
        if (lines < 0) {
            throw new IllegalArgumentException("lines negative: " + lines);
        }
        requireNonNull(since, "since");
    }

    /** The last lines. */
    public static LogSpan last(int lines) {
        return new LogSpan(lines, Optional.empty());
    }

    /** What was written then or later. */
    public static LogSpan since(Instant time) {
        return new LogSpan(Integer.MAX_VALUE, Optional.of(time));
    }

    /** The same, and of that the last lines. */
    public LogSpan atMost(int most) {
        return new LogSpan(Math.min(lines, most), since);
    }
}
