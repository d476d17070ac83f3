package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How and when a process ended. <em>Immutable.</em>
 *
 * @param outcome how it ended
 * @param time when, to the second
 */
public record Exit(Outcome outcome, Instant time) {
    public Exit {
        requireNonNull(outcome, "outcome");
        requireNonNull(time, "time");
    }

    /** What an exit looks like from outside. */
    public sealed interface Outcome {
        /** One clause for people: {@code exit code 3}, {@code signal 9 (KILL)}, {@code an end that nobody saw}. */
        String describe();

        /** Whether this is the plain end of a program that is done: exit code 0. */
        default boolean isClean() {
            return false;
        }

        /**
         * What a shell's {@code $?} says: 128 + n is signal n, everything else an exit code. A program that exits with such
         * a number by itself (a JVM ends with 143 on TERM) is reported as ended by that signal.
         *
         * @param status 0 to 255
         */
        static Outcome ofShellStatus(int status) {
            return status > 128 && status <= 128 + UnixSignal.LAST ? new Signalled(status - 128) : new Exited(status);
        }
    }

    /**
     * It returned.
     *
     * @param code the exit code, 0 to 255
     */
    public record Exited(int code) implements Outcome {
        @Override
        public String describe() {
            return "exit code " + code;
        }

        @Override
        public boolean isClean() {
            return code == 0;
        }
    }

    /**
     * A signal ended it.
     *
     * @param signal its number, 1 to 64
     */
    public record Signalled(int signal) implements Outcome {
        @Override
        public String describe() {
            return "signal " + signal + " (" + new UnixSignal(signal) + ")";
        }
    }

    /** It is gone and nobody saw how: its wrapper was killed as well, or the machine went down. */
    public record Lost() implements Outcome {
        @Override
        public String describe() {
            return "an end that nobody saw (its wrapper was killed too, or the machine went down)";
        }
    }
}
