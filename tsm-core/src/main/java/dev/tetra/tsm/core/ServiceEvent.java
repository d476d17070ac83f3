package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that happened to a service, as it is written to {@code events.jsonl} and published to subscribers.
 * <em>Immutable.</em>
 *
 * @param time when, to the millisecond
 * @param service its name
 * @param id its {@code tsm_id}
 * @param kind what happened
 * @param cause who or what made it happen: {@code user}, {@code policy}, {@code probe}, {@code dependency}, {@code owner}, or
 *     the service {@code itself}
 * @param pid the process that it is about
 * @param exit how that process ended
 * @param text one clause for people
 * @param details further lines, such as what the process wrote last or which variables changed
 */
public record ServiceEvent(
        Instant time,
        String service,
        int id,
        Kind kind,
        Cause cause,
        Optional<Long> pid,
        Optional<Exit.Outcome> exit,
        String text,
        List<String> details) {
    public ServiceEvent {
        requireNonNull(time, "time");
        requireNonNull(service, "service");
        requireNonNull(kind, "kind");
        requireNonNull(cause, "cause");
        requireNonNull(pid, "pid");
        requireNonNull(exit, "exit");
        requireNonNull(text, "text");
        details = List.copyOf(details);
    }

    /** What happened. */
    public enum Kind {
        /** A process was launched. */
        LAUNCHED,
        /** It serves: it has settled, or showed that it is ready. */
        ONLINE,
        /** A start failed, and was taken back. */
        START_FAILED,
        /** Its process ended by itself. */
        EXITED,
        /** It is to be started again after a pause. */
        WAITING,
        /** It is not started again: too many short runs, or it cannot be started. */
        ERRORED,
        /** Its process was ended. */
        STOPPED,
        /** It was forgotten. */
        DELETED,
        /** Processes that a run left behind were ended. */
        SWEPT,
        /** A signal was sent. */
        SIGNALLED,
        /** It was told to reload. */
        RELOADED,
        /** A probe's answer changed, or it said something about itself. */
        HEALTH,
        /** Another owner took it over. */
        ADOPTED,
        /** A hook ran. */
        HOOK,
        /** A log was cut, or could not be. */
        ROTATED,
        /** Something is not as it should be, and the service goes on: its socket's place is taken, a log cannot be cut. */
        PROBLEM;

        private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The word in files. */
        public String text() {
            return text;
        }

        /** The kind of that {@link #text()}. @throws IllegalArgumentException if there is none */
        public static Kind parse(String text) {
            for (Kind kind : values()) {
                if (kind.text.equals(text)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("not a kind of event: " + text);
        }
    }

    /** Who or what made it happen. */
    public enum Cause {
        /** A verb. */
        USER,
        /** The restart policy. */
        POLICY,
        /** A readiness or liveness probe. */
        PROBE,
        /** Another service, on which it depends or to which it belongs. */
        RELATIVE,
        /** The owner, at its own begin or in its rounds. */
        OWNER,
        /** Nobody but the service. */
        ITSELF;

        private final String text = name().toLowerCase(Locale.ROOT);

        /** The word in files. */
        public String text() {
            return text;
        }

        /** The cause of that {@link #text()}. @throws IllegalArgumentException if there is none */
        public static Cause parse(String text) {
            for (Cause cause : values()) {
                if (cause.text.equals(text)) {
                    return cause;
                }
            }
            throw new IllegalArgumentException("not a cause of an event: " + text);
        }
    }
}
