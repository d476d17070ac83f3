package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.Service.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one run of a service when, and what the answers mean. Knows no clock, thread or file: times are handed in,
 * in nanoseconds since the course began, and never go back. <em>For one thread at a time.</em>
 */
final class Course {
    /** When nothing is to be done. */
    static final long NEVER = Long.MAX_VALUE;

    /** The first distance between two questions about readiness; it doubles. */
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Commands and requests cost the service or the machine something. */
    private static final long DEAR_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long an answer about readiness may take: a server that did not answer at first may do so the next time. */
    private static final Duration ANSWER_TAKES = Duration.ofSeconds(5);

    /** A command may well wait for something itself. */
    private static final Duration COMMAND_TAKES = Duration.ofSeconds(30);

    /** A question is given so long even where the readiness timeout is over sooner. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private enum Stage {
        STARTING,
        ONLINE,
        STOPPING,
        OVER
    }

    private final @Nullable Readiness readiness;
    private final @Nullable Liveness liveness;
    private final boolean adopted;
    private final RandomGenerator random;
    private final Listener out;
    private Stage stage;
    private long deadline;
    private long nextAsk = NEVER;
    private long lastAsk;
    private boolean asking;
    private int asked;
    private String lastAnswer = "it was not asked";
    private Health health = Health.NONE;

    /** Its last {@code STATUS=}. */
    private String status = "";

    private boolean reloading;
    private Optional<String> said = Optional.empty();

    /** Since when the watchdog waits for a sign of life; {@link #NEVER} while it does not. */
    private long watchedSince = NEVER;

    /**
     * A question to be asked now.
     *
     * @param limit how long the answer may take
     */
    record Asked(Probe probe, Duration limit) {}

    /**
     * @param ready whether it has shown already that it serves
     * @param adopted whether what it said before may be lost
     * @param age how long it runs already
     * @param out takes what is to be told, in the calling thread
     */
    Course(
            Optional<Readiness> readiness,
            Optional<Liveness> liveness,
            boolean ready,
            boolean adopted,
            Duration age,
            RandomGenerator random,
            Listener out) {
        this.readiness = ready ? null : readiness.orElse(null);
        this.liveness = liveness.orElse(null);
        this.adopted = adopted;
        this.random = random;
        this.out = out;
        if (this.readiness == null) {
            stage = Stage.ONLINE;
            beginLiveness(0);
        } else {
            stage = Stage.STARTING;
            deadline = Math.max(0, this.readiness.timeout().minus(age).toNanos());
            nextAsk = this.readiness.probe() instanceof Probe.Notify ? NEVER : 0;
        }
    }

    /** Whether nothing more is asked or told. */
    boolean isOver() {
        return stage == Stage.OVER;
    }

    /** When {@link #act} has something to do; {@link #NEVER} if an answer or a notification must come first. */
    long due() {
        if (asking) {
            return NEVER;
        }
        return switch (stage) {
            case STARTING -> Math.min(nextAsk, deadline);
            case ONLINE -> Math.min(nextAsk, watchdogEnds());
            case STOPPING, OVER -> NEVER;
        };
    }

    /** Does what is due. @return what is to be asked now */
    @Nullable Asked act(long now) {
        if (now < due()) {
            return null;
        }
        return switch (stage) {
            case STARTING -> actStarting(now);
            case ONLINE -> actOnline(now);
            case STOPPING, OVER -> null;
        };
    }

    private @Nullable Asked actStarting(long now) {
        if (readiness == null) {
            return null;
        }
        Probe probe = readiness.probe();
        boolean notifies = probe instanceof Probe.Notify;
        if (now >= deadline && (notifies || asked > 0)) {
            giveUp(now, notifies);
            return null;
        }
        Duration most = probe instanceof Probe.Exec ? COMMAND_TAKES : ANSWER_TAKES;
        long limit = Math.max(SHORTEST.toNanos(), Math.min(most.toNanos(), deadline - now));
        return ask(now, probe, Duration.ofNanos(limit));
    }

    /** The time is over. */
    private void giveUp(long now, boolean notifies) {
        if (notifies && adopted) {
            // It may have said so while nobody read; ending one that serves would be worse.
            online(now, "it runs, and what it said while it had no owner is lost");
            return;
        }
        stage = Stage.OVER;
        String what = notifies ? "it did not say READY=1" : lastAnswer;
        out.neverReady("not ready within " + Amounts.text(readiness == null ? Duration.ZERO : readiness.timeout())
                + ": " + what);
    }

    private @Nullable Asked actOnline(long now) {
        if (liveness == null) {
            return null;
        }
        if (now < watchdogEnds()) {
            return ask(now, liveness.probe(), liveness.timeout());
        }
        watchedSince = watchdogEnds();
        failed(liveness, "no WATCHDOG=1 within " + Amounts.text(liveness.period()), "watchdog periods");
        return null;
    }

    private Asked ask(long now, Probe probe, Duration limit) {
        asking = true;
        asked++;
        lastAsk = now;
        return new Asked(probe, limit);
    }

    /** Takes the answer to what was asked last. */
    void answered(long now, Answer answer) {
        asking = false;
        lastAnswer = answer.text();
        if (stage == Stage.STARTING && readiness != null) {
            if (answer.ok()) {
                online(now, answer.text());
            } else {
                nextAsk = now + distance(readiness.probe());
            }
        } else if (stage == Stage.ONLINE && liveness != null) {
            if (answer.ok()) {
                alive();
            } else {
                failed(liveness, answer.text(), "probes");
            }
            long jittered = (long) (liveness.period().toNanos() * (0.95 + random.nextDouble() / 10));
            nextAsk = Math.max(lastAsk + jittered, now + shortest(liveness.probe()));
        }
    }

    private long distance(Probe probe) {
        long doubled = asked > 6 ? LONGEST_NANOS : FIRST_NANOS << (asked - 1);
        return Math.max(shortest(probe), Math.min(doubled, LONGEST_NANOS));
    }

    private static long shortest(Probe probe) {
        return probe instanceof Probe.Exec || probe instanceof Probe.Http ? DEAR_NANOS : FIRST_NANOS;
    }

    private void online(long now, String how) {
        stage = Stage.ONLINE;
        out.ready(how);
        beginLiveness(now);
    }

    private void beginLiveness(long now) {
        nextAsk = NEVER;
        if (liveness == null) {
            return;
        }
        if (liveness.probe() instanceof Probe.Notify) {
            // A program that is connected to an earlier owner's socket cannot be heard: it is watched from its first
            // word on.
            watchedSince = adopted ? NEVER : now;
        } else {
            nextAsk = now + (long) (liveness.period().toNanos() * (0.1 + 0.9 * random.nextDouble()));
        }
    }

    private long watchdogEnds() {
        return watchedSince == NEVER || liveness == null
                ? NEVER
                : watchedSince + liveness.period().toNanos();
    }

    /** Takes what the service said of itself. */
    void heard(long now, Notification notification) {
        if (stage == Stage.OVER) {
            return;
        }
        hearStatus(notification);
        if (notification.trigger()) {
            stage = Stage.OVER;
            out.failed("it said WATCHDOG=trigger");
            return;
        }
        if (notification.extension().isPresent() && stage == Stage.STARTING) {
            deadline = Math.max(deadline, now + notification.extension().get().toNanos());
        }
        if (notification.ready()
                && stage == Stage.STARTING
                && readiness != null
                && readiness.probe() instanceof Probe.Notify) {
            online(now, "it said READY=1");
        }
        if (notification.stopping() && stage != Stage.STOPPING) {
            stage = Stage.STOPPING;
            out.stopping();
        }
        if (notification.alive()
                && stage == Stage.ONLINE
                && liveness != null
                && liveness.probe() instanceof Probe.Notify) {
            watchedSince = now;
            alive();
        }
    }

    private void hearStatus(Notification notification) {
        if (notification.status().isPresent()) {
            status = notification.status().get();
        }
        reloading = notification.reloading() || (reloading && !notification.ready());
        says(reloading ? "reloading" : status);
    }

    private void says(String text) {
        Optional<String> next = text.isEmpty() ? Optional.empty() : Optional.of(text);
        if (!next.equals(said)) {
            said = next;
            out.said(text);
            boolean failing = health.failures() > 0;
            know(new Health(health.healthy(), health.failures(), failing ? health.text() : said));
        }
    }

    private void alive() {
        know(new Health(Optional.of(true), 0, said));
    }

    private void failed(Liveness question, String why, String what) {
        int failures = health.failures() + 1;
        know(new Health(Optional.of(false), failures, Optional.of(why)));
        if (failures >= question.threshold()) {
            stage = Stage.OVER;
            out.failed(failures == 1 ? why : failures + " " + what + " in a row failed: " + why);
        }
    }

    private void know(Health next) {
        if (!next.equals(health)) {
            health = next;
            out.health(next);
        }
    }
}
