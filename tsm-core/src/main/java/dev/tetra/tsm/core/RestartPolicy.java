package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Set;

/**
 * When a service that ended by itself is started again, and after how long. After a run of at least {@code minUptime} at
 * once; after a shorter one with {@code firstDelay}, doubled from run to run up to {@code longestDelay}, with jitter; not any
 * more after {@code limit} short runs in a row. <em>Immutable.</em>
 *
 * @param mode after which ends
 * @param doneCodes exit codes that mean that it is done, in every mode; 0 is one without being named in {@link Mode#ON_FAILURE}
 * @param minUptime how long a run lasts at least that counts as healthy
 * @param limit how many starts in a row after short runs there are before {@link Status#ERRORED}; at least 0
 * @param firstDelay the pause after the first short run
 * @param longestDelay the longest pause
 */
public record RestartPolicy(
        Mode mode, Set<Integer> doneCodes, Duration minUptime, int limit, Duration firstDelay, Duration longestDelay) {
    /** On failure; healthy after 1 s; 100 ms to 15 s; 16 times. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            Mode.ON_FAILURE, Set.of(), Duration.ofSeconds(1), 16, Duration.ofMillis(100), Duration.ofSeconds(15));

    public RestartPolicy {
        requireNonNull(mode, "mode");
        doneCodes = Set.copyOf(doneCodes);
        for (int code : doneCodes) {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("not an exit code, which are 0 to 255: " + code);
            }
        }
        if (limit < 0) {
            throw new IllegalArgumentException("limit negative: " + limit);
        }
        checkSane("min_uptime", minUptime);
        checkSane("first_delay", firstDelay);
        checkSane("longest_delay", longestDelay);
    }

    /** Whether a service that ended by itself in that way is done, and so neither crashed nor started again. */
    public boolean isDone(Exit.Outcome outcome) {
        return outcome instanceof Exit.Exited exited
                && (doneCodes.contains(exited.code()) || (exited.code() == 0 && mode != Mode.ALWAYS));
    }

    private static void checkSane(String what, Duration duration) {
        if (duration.isNegative() || duration.compareTo(Amounts.LONGEST) > 0) {
            throw new IllegalArgumentException(what + " not in [0, a year]: " + duration);
        }
    }

    /** After which ends a service is started again. */
    public enum Mode {
        /** After every end. */
        ALWAYS("always"),
        /** After every end but exit code 0. */
        ON_FAILURE("on-failure"),
        /** After none. */
        NEVER("never");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        /** The word in files and options. */
        public String text() {
            return text;
        }

        /** The mode of that {@link #text()}. @throws IllegalArgumentException if there is none */
        public static Mode parse(String text) {
            for (Mode mode : values()) {
                if (mode.text.equals(text)) {
                    return mode;
                }
            }
            throw new IllegalArgumentException("not a restart policy: " + text + "; write always, on-failure or never");
        }
    }

    /** The same in another mode. */
    public RestartPolicy withMode(Mode other) {
        return new RestartPolicy(other, doneCodes, minUptime, limit, firstDelay, longestDelay);
    }

    /** The same with these exit codes that mean that it is done. */
    public RestartPolicy withDoneCodes(Set<Integer> codes) {
        return new RestartPolicy(mode, codes, minUptime, limit, firstDelay, longestDelay);
    }

    /** The same with another least length of a healthy run. */
    public RestartPolicy withMinUptime(Duration least) {
        return new RestartPolicy(mode, doneCodes, least, limit, firstDelay, longestDelay);
    }

    /** The same with another number of starts in a row. */
    public RestartPolicy withLimit(int most) {
        return new RestartPolicy(mode, doneCodes, minUptime, most, firstDelay, longestDelay);
    }

    /** The same with other pauses. */
    public RestartPolicy withDelays(Duration first, Duration longest) {
        return new RestartPolicy(mode, doneCodes, minUptime, limit, first, longest);
    }
}
