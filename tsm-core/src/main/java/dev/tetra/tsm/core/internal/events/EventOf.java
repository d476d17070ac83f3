package dev.tetra.tsm.core.internal.events;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.ServiceEvent.Kind;
import dev.tetra.tsm.core.UnixSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Makes events, each kind in one place, so that the same thing is always told in the same words. The time is now. A service
 * is handed in as it was when it happened: with its run where the event is about a process, and with the new counts of
 * restarts where it is started again.
 */
public final class EventOf {
    private EventOf() {}

    /**
     * A process was launched.
     *
     * @param service with its run; its last exit and its restarts say what this start follows
     * @param cause {@code USER} for a verb, {@code POLICY} for a restart after an end, {@code PROBE} for one after failed
     *     probes, {@code RELATIVE} for one that another service made necessary
     * @param variables what is different since the last start, a clause for each
     */
    public static ServiceEvent launched(Service service, Cause cause, List<String> variables) {
        StringBuilder text = new StringBuilder(service.restarts() > 0 ? "started again" : "started");
        if (cause == Cause.POLICY && service.lastExit().isPresent()) {
            text.append(" after ").append(service.lastExit().get().outcome().describe());
        } else if (cause == Cause.PROBE) {
            text.append(" after its probe failed");
        } else if (cause == Cause.RELATIVE) {
            text.append(" because of another service");
        }
        if (service.restarts() > 0) {
            text.append("; restart ").append(service.restarts());
            if (service.unstableRestarts() > 0) {
                text.append(", unstable ").append(service.unstableRestarts());
            }
        }
        return event(service, Kind.LAUNCHED, cause, Optional.empty(), text.toString(), variables);
    }

    /** It serves, so long after its launch. */
    public static ServiceEvent online(Service service, Duration took) {
        boolean probed = service.spec().ready().isPresent();
        String text = probed
                ? "ready after " + span(took) + ": "
                        + service.spec().ready().get().probe().text()
                : "stayed up for " + span(took);
        return event(service, Kind.ONLINE, probed ? Cause.PROBE : Cause.OWNER, Optional.empty(), text, List.of());
    }

    /**
     * A start failed, and was taken back.
     *
     * @param why one sentence
     * @param wrote the last lines that it wrote
     */
    public static ServiceEvent startFailed(
            Service service, Cause cause, Optional<Exit.Outcome> exit, String why, List<String> wrote) {
        return event(service, Kind.START_FAILED, cause, exit, why, wrote);
    }

    /**
     * A process ended although nobody stopped its service.
     *
     * @param service with the run that ended
     * @param doer whose doing that was
     * @param uptime how long it ran
     * @param wrote the last lines that it wrote
     */
    public static ServiceEvent exited(Service service, Exit exit, Doer doer, Duration uptime, List<String> wrote) {
        String text = doer.of(exit.outcome()) + ", after " + span(uptime) + doer.why();
        return event(service, Kind.EXITED, doer.cause(), Optional.of(exit.outcome()), text, wrote);
    }

    /** It is to be started again after that pause; the service has the count of unstable restarts so far. */
    public static ServiceEvent waiting(Service service, Duration pause) {
        int limit = service.spec().restart().limit();
        String text = "waits " + span(pause) + ", then start " + (service.unstableRestarts() + 1) + " of " + limit
                + " in a row";
        return event(service, Kind.WAITING, Cause.POLICY, Optional.empty(), text, List.of());
    }

    /**
     * It is not started again.
     *
     * @param cause {@code POLICY} where the limit is reached, {@code OWNER} where it cannot be started
     * @param why one clause: {@code not started again after 16 restarts in a row}
     * @param wrote the last lines that it wrote
     */
    public static ServiceEvent errored(Service service, Cause cause, String why, List<String> wrote) {
        return event(service, Kind.ERRORED, cause, Optional.empty(), why, wrote);
    }

    /**
     * Its process was ended.
     *
     * @param service with the run that was ended
     * @param cause {@code USER} for a verb, {@code PROBE}, {@code RELATIVE}, {@code OWNER} for a stop of the owner with all
     * @param how what was done: {@code stopped}, {@code killed: it did not end within 5 s}
     */
    public static ServiceEvent stopped(Service service, Cause cause, Exit exit, String how) {
        String text = how + "; " + exit.outcome().describe();
        return event(service, Kind.STOPPED, cause, Optional.of(exit.outcome()), text, List.of());
    }

    /** It was forgotten. */
    public static ServiceEvent deleted(Service service, Cause cause) {
        return event(service, Kind.DELETED, cause, Optional.empty(), "forgotten, logs included", List.of());
    }

    /** So many processes that a run left behind were ended. */
    public static ServiceEvent swept(Service service, Cause cause, int count) {
        String text = count == 1
                ? "1 process that it had left behind was ended"
                : count + " processes that it had left behind were ended";
        return event(service, Kind.SWEPT, cause, Optional.empty(), text, List.of());
    }

    /** A signal was sent to its process. */
    public static ServiceEvent signalled(Service service, Cause cause, UnixSignal signal) {
        String text = "got " + new Exit.Signalled(signal.number()).describe();
        return event(service, Kind.SIGNALLED, cause, Optional.empty(), text, List.of());
    }

    /** It was told to reload: by {@code signal 1 (HUP)}, {@code RELOAD on its socket}. */
    public static ServiceEvent reloaded(Service service, Cause cause, String how) {
        return event(service, Kind.RELOADED, cause, Optional.empty(), "told to reload by " + how, List.of());
    }

    /** A probe's answer changed, or it said something about itself; the service has its health of now. */
    public static ServiceEvent health(Service service) {
        Service.Health health = service.health();
        String said = health.text().isPresent() ? ": " + health.text().get() : "";
        boolean probed = service.spec().liveness().isPresent();
        StringBuilder text = new StringBuilder();
        if (health.failures() > 0) {
            text.append("probe failed, ").append(health.failures());
            if (probed) {
                text.append(" of ").append(service.spec().liveness().get().threshold());
            }
            text.append(" in a row").append(said);
        } else if (health.healthy().isPresent()) {
            text.append(health.healthy().get() ? "healthy" : "not healthy").append(said);
        } else {
            text.append("says").append(said);
        }
        Cause cause = health.failures() > 0 || health.healthy().isPresent() ? Cause.PROBE : Cause.ITSELF;
        return event(service, Kind.HEALTH, cause, Optional.empty(), text.toString(), List.of());
    }

    /** Another owner, of that process id, took it over. */
    public static ServiceEvent adopted(Service service, long owner) {
        String text = (service.run().isPresent() ? "taken over while it ran" : "taken over") + " by the owner with pid "
                + owner;
        return event(service, Kind.ADOPTED, Cause.OWNER, Optional.empty(), text, List.of());
    }

    /**
     * A hook ran.
     *
     * @param which {@code pre-hook}, {@code post-start}, {@code post-stop}
     * @param failure why it failed; empty when it did not
     * @param wrote the last lines that it wrote
     */
    public static ServiceEvent hook(
            Service service, String which, Duration took, Optional<String> failure, List<String> wrote) {
        String subject = "the " + which + " ";
        String text = failure.isEmpty()
                ? which + " done after " + span(took)
                : failure.get().startsWith(subject)
                        ? which + " " + failure.get().substring(subject.length()) + ", after " + span(took)
                        : which + " failed after " + span(took) + ": " + failure.get();
        return event(service, Kind.HOOK, Cause.OWNER, Optional.empty(), text, wrote);
    }

    /** A log, a file of that name, was cut; so many bytes went into the piece. */
    public static ServiceEvent rotated(Service service, Cause cause, String log, long bytes) {
        return event(
                service, Kind.ROTATED, cause, Optional.empty(), log + " was cut at " + bytes + " bytes", List.of());
    }

    /** Something is not as it should be, which is one sentence, and the service goes on. */
    public static ServiceEvent problem(Service service, String text) {
        return event(service, Kind.PROBLEM, Cause.OWNER, Optional.empty(), text, List.of());
    }

    private static ServiceEvent event(
            Service service, Kind kind, Cause cause, Optional<Exit.Outcome> exit, String text, List<String> details) {
        Optional<Long> pid =
                service.pid().isPresent() ? Optional.of(service.pid().getAsLong()) : Optional.empty();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new ServiceEvent(now, service.name(), service.id(), kind, cause, pid, exit, text, details);
    }

    /** A length of time in its largest unit, with a tenth below ten, or two units: {@code 312 ms 2.1 s 40 s 5 min 3 s}. */
    static String span(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 10_000 && millis % 1000 >= 100) {
            return millis / 1000 + "." + millis % 1000 / 100 + " s";
        }
        long seconds = millis / 1000;
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        return seconds < 86_400
                ? two(seconds / 3600, "h", seconds % 3600 / 60, "min")
                : two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long large, String unit, long small, String smaller) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smaller);
    }
}
