package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How a service is asked to end, and to reload. <em>Immutable.</em>
 *
 * @param signal what its process group gets first
 * @param grace how long it may take after that before KILL
 * @param reload what its own process gets for a reload; without it, RELOAD goes to its socket where it binds one
 */
public record StopPolicy(UnixSignal signal, Duration grace, Optional<UnixSignal> reload) {
    /** TERM, 5 s, no reload signal. */
    public static final StopPolicy DEFAULT =
            new StopPolicy(UnixSignal.TERM, ServiceManager.DEFAULT_GRACE, Optional.empty());

    public StopPolicy {
        requireNonNull(signal, "signal");
        requireNonNull(reload, "reload");
        if (grace.isNegative() || grace.compareTo(Amounts.LONGEST) > 0) {
            throw new IllegalArgumentException("grace not in [0, a year]: " + grace);
        }
    }
}
