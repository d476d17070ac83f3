package dev.tetra.tsm.core;

import java.time.Duration;

/**
 * How long a start waits before it says that the service runs. An end within that time is a failed start. <em>Immutable.</em>
 *
 * @param settle how long it watches the new process; zero for not at all
 * @param untilReady whether it then waits until the service is ready, or its readiness has timed out
 */
public record Wait(Duration settle, boolean untilReady) {
    /** Not at all. */
    public static final Wait NOT = new Wait(Duration.ZERO, false);

    /** For {@link ServiceManager#DEFAULT_SETTLE}. */
    public static final Wait SETTLED = new Wait(ServiceManager.DEFAULT_SETTLE, false);

    /** Until it is ready; without a {@link Readiness} that is {@link #SETTLED}. */
    public static final Wait READY = new Wait(ServiceManager.DEFAULT_SETTLE, true);

    public Wait {
        if (settle.isNegative() || settle.compareTo(Amounts.LONGEST) > 0) {
            throw new IllegalArgumentException("settle not in [PT0S, " + Amounts.LONGEST + "]: " + settle);
        }
    }

    /** For that time. */
    public static Wait settled(Duration settle) {
        return new Wait(settle, false);
    }
}
