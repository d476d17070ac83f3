package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

class CourseProperties {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** An answer that takes that part of the time that it may take. */
    record Reply(boolean ok, double part) {}

    private Told told = new Told();
    private final List<Long> asks = new ArrayList<>();
    private long now;

    @BeforeTry
    void beginAnew() {
        told = new Told();
        asks.clear();
        now = 0;
    }

    /** Answers questions until there are no more answers, or nothing is asked. */
    private void drive(Course course, List<Reply> replies) {
        int answered = 0;
        while (course.due() != Course.NEVER && answered < replies.size()) {
            assertThat(course.due()).as("time does not go back").isGreaterThanOrEqualTo(Math.min(now, course.due()));
            now = Math.max(now, course.due());
            Course.Asked asked = course.act(now);
            if (asked != null) {
                assertThat(course.due()).isEqualTo(Course.NEVER);
                asks.add(now);
                Reply reply = replies.get(answered++);
                now += (long) (asked.limit().toNanos() * reply.part());
                course.answered(now, new Answer(reply.ok(), "answer " + answered));
            }
        }
    }

    @Property
    void aServiceIsReadyWithTheFirstGoodAnswerOrNeverWhenItsTimeIsOver(
            @ForAll("replies") List<Reply> replies,
            @ForAll @IntRange(min = 1, max = 20_000) int timeoutMillis,
            @ForAll("probes") Probe probe) {
        Duration timeout = Duration.ofMillis(timeoutMillis);
        Course course = new Course(
                Optional.of(new Readiness(probe, timeout)),
                Optional.empty(),
                false,
                false,
                Duration.ZERO,
                new Random(1),
                told);
        drive(course, replies);
        if (asks.size() < replies.size() || replies.isEmpty()) {
            // It ended by itself.
            assertThat(told.calls()).hasSize(replies.isEmpty() ? 0 : 1);
        }
        boolean good = !asks.isEmpty() && replies.get(asks.size() - 1).ok();
        assertThat(told.calls("ready")).hasSize(good ? 1 : 0);
        assertThat(replies.subList(0, Math.max(0, asks.size() - 1))).noneMatch(Reply::ok);
        if (course.isOver()) {
            assertThat(told.calls())
                    .containsExactly("never ready: not ready within " + dev.tetra.tsm.core.Amounts.text(timeout)
                            + ": answer " + asks.size());
            assertThat(now).isBetween(timeout.toNanos(), timeout.toNanos() + 100 * MILLI);
        }
        for (int i = 1; i < asks.size(); i++) {
            assertThat(asks.get(i) - asks.get(i - 1)).isGreaterThanOrEqualTo(shortest(probe));
        }
    }

    @Property
    void aServiceFailsExactlyWhenAsManyAnswersInARowAsItsThresholdAreBad(
            @ForAll("replies") List<Reply> replies,
            @ForAll @IntRange(min = 1, max = 5) int threshold,
            @ForAll @IntRange(min = 1, max = 5_000) int periodMillis,
            @ForAll @IntRange(min = 1, max = 5_000) int timeoutMillis,
            @ForAll("probes") Probe probe,
            @ForAll long seed) {
        Liveness liveness =
                new Liveness(probe, Duration.ofMillis(periodMillis), Duration.ofMillis(timeoutMillis), threshold);
        Course course =
                new Course(Optional.empty(), Optional.of(liveness), true, false, Duration.ZERO, new Random(seed), told);
        drive(course, replies);
        int row = 0;
        int bad = -1;
        int changes = 0;
        int last = -1;
        for (int i = 0; i < replies.size() && bad < 0; i++) {
            row = replies.get(i).ok() ? 0 : row + 1;
            changes += row == last ? 0 : 1;
            last = row;
            bad = row == threshold ? i : -1;
        }
        assertThat(course.isOver()).isEqualTo(bad >= 0);
        assertThat(asks).hasSize(bad >= 0 ? bad + 1 : replies.size());
        assertThat(told.calls("failed")).hasSize(bad >= 0 ? 1 : 0);
        assertThat(told.calls("health")).as("told on change only").hasSize(changes);
        assertThat(told.calls()).hasSize(changes + (bad >= 0 ? 1 : 0));
        long period = periodMillis * MILLI;
        for (int i = 1; i < asks.size(); i++) {
            long distance = asks.get(i) - asks.get(i - 1);
            long longest = Math.max((long) (period * 1.06), timeoutMillis * MILLI + shortest(probe));
            assertThat(distance).isBetween(Math.max(shortest(probe), (long) (period * 0.94)), longest);
        }
    }

    private static long shortest(Probe probe) {
        return (probe instanceof Probe.Exec || probe instanceof Probe.Http ? 100 : 5) * MILLI;
    }

    @Provide
    Arbitrary<List<Reply>> replies() {
        Arbitrary<Boolean> ok =
                Arbitraries.frequency(net.jqwik.api.Tuple.of(1, true), net.jqwik.api.Tuple.of(4, false));
        return Combinators.combine(ok, Arbitraries.doubles().between(0, 1))
                .as(Reply::new)
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<Probe> probes() {
        return Arbitraries.of(
                new Probe.Port(), new Probe.Socket(), Probe.parse("exec:true"), Probe.parse("http://127.0.0.1/"));
    }
}
