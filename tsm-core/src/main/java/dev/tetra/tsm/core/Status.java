package dev.tetra.tsm.core;

import java.util.Locale;

/** Where a service is in its life, as {@code status} in meta.json says it (guide, "Process Metadata"). */
public enum Status {
    /** Launched, and not ready yet. */
    STARTING,
    /** Its process runs. */
    ONLINE,
    /** A stop is under way. */
    STOPPING,
    /** Its process is gone because it was told to stop, or it ended by itself with exit code 0. */
    STOPPED,
    /** Its process ended by itself with another exit code or by a signal, or nobody saw how it ended. */
    CRASHED,
    /** Its process ended by itself, and the next one is started after a pause. */
    WAITING,
    /** It cannot be started or kept running; the reason is in {@link Service#reason()}. */
    ERRORED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word in meta.json: the lower-case name. */
    public String text() {
        return text;
    }

    /** Whether a process belongs to this status: starting, online or stopping. */
    public boolean isRunning() {
        return this == STARTING || this == ONLINE || this == STOPPING;
    }

    /** Whether it is meant to run: {@link #isRunning()}, or waiting to be started again. */
    public boolean isActive() {
        return isRunning() || this == WAITING;
    }

    /**
     * The status with that {@link #text()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Status parse(String text) {
        for (Status status : values()) {
            if (status.text.equals(text)) {
                return status;
            }
        }
        throw new IllegalArgumentException("not a status: " + text);
    }
}
