package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.RestartPolicy;
import java.time.Duration;

/** Decides what follows the end of a process that nobody asked for. Pure: no clock, no dice, no state of its own. */
final class RestartRule {
    /** Pauses are shorter by up to this part of them, so that services that fell together do not rise together. */
    private static final double JITTER = 0.25;

    private RestartRule() {}

    /**
     * The end of a run.
     *
     * @param outcome how the process ended
     * @param uptime how long it ran
     * @param failed whether it counts as failed whatever the outcome: a probe found it so
     * @param neverServed whether it counts as short whatever its length: it was never ready, or could not be launched
     */
    record End(Exit.Outcome outcome, Duration uptime, boolean failed, boolean neverServed) {}

    /** What follows. */
    sealed interface Decision {}

    /** It is done: its end is none to be mended. */
    record Done() implements Decision {}

    /** It failed, and the policy is not to start it again. */
    record Stay() implements Decision {}

    /**
     * It is started again.
     *
     * @param pause after that time; zero for at once
     * @param unstable how often in a row this happened after a run that was too short, this time included
     */
    record Again(Duration pause, int unstable) implements Decision {}

    /**
     * It is not started any more.
     *
     * @param unstable how often in a row it was, after runs that were too short
     */
    record GiveUp(int unstable) implements Decision {}

    /**
     * The decision.
     *
     * @param unstable how often in a row it was started again after a run that was too short
     * @param dice from 0 to below 1
     */
    static Decision decide(RestartPolicy policy, End end, int unstable, double dice) {
        if (!end.failed() && policy.isDone(end.outcome())) {
            return new Done();
        }
        if (policy.mode() == RestartPolicy.Mode.NEVER) {
            return new Stay();
        }
        if (!end.neverServed() && end.uptime().compareTo(policy.minUptime()) >= 0) {
            return new Again(Duration.ZERO, 0);
        }
        return unstable >= policy.limit()
                ? new GiveUp(unstable)
                : new Again(pause(policy, unstable, dice), unstable + 1);
    }

    /** The first pause, doubled for each short run before, up to the longest; then less the jitter. */
    private static Duration pause(RestartPolicy policy, int before, double dice) {
        double first = (double) policy.firstDelay().toNanos();
        double pause = Math.min(
                first * Math.pow(2, before), (double) policy.longestDelay().toNanos());
        return Duration.ofNanos((long) (pause * (1 - JITTER * dice)));
    }
}
