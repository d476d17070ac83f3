package dev.tetra.tsm.core.internal.events;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.UnixSignal;
import java.util.Optional;

/**
 * Whose doing the end of a process was that no stop ended. <em>Immutable.</em>
 *
 * @param cause {@code ITSELF}, {@code USER} for a signal that was asked for, {@code PROBE} for one that failed
 * @param signal what was sent to it, if anything was
 * @param verb what sent it: {@code tsm signal}
 * @param reason why, as one clause; empty if there is nothing to say
 */
public record Doer(Cause cause, Optional<UnixSignal> signal, String verb, String reason) {
    /** Nobody that we know of. */
    public static final Doer ITSELF = new Doer(Cause.ITSELF, Optional.empty(), "", "");

    /** Who had that signal sent by a verb, such as {@code tsm signal}. */
    public static Doer user(UnixSignal signal, String verb) {
        return new Doer(Cause.USER, Optional.of(signal), verb, "");
    }

    /** The owner, since a probe said so. */
    public static Doer probe(String reason) {
        return new Doer(Cause.PROBE, Optional.empty(), "", reason);
    }

    /** Whoever it was, as far as that end shows: a signal that was sent may have ended nothing. */
    public Doer behind(Exit.Outcome outcome) {
        boolean other = signal.isPresent()
                && !(outcome instanceof Exit.Signalled ended
                        && ended.signal() == signal.get().number());
        return other ? ITSELF : this;
    }

    /** The end in words: {@code signal 9 (KILL), which TSM did not send}, {@code signal 15 (TERM), sent by tsm signal}. */
    public String of(Exit.Outcome outcome) {
        String end = outcome.describe();
        if (cause == Cause.PROBE) {
            return end + ", ended by TSM";
        }
        if (!(outcome instanceof Exit.Signalled)) {
            return end;
        }
        return end + (signal.isPresent() ? ", sent by " + verb : ", which TSM did not send");
    }

    String why() {
        return reason.isEmpty() ? "" : ": " + reason;
    }
}
