package dev.tetra.tsm.core.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.internal.owner.RestartRule.Again;
import dev.tetra.tsm.core.internal.owner.RestartRule.Decision;
import dev.tetra.tsm.core.internal.owner.RestartRule.Done;
import dev.tetra.tsm.core.internal.owner.RestartRule.End;
import dev.tetra.tsm.core.internal.owner.RestartRule.GiveUp;
import dev.tetra.tsm.core.internal.owner.RestartRule.Stay;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What follows an end, over any ends, policies and clocks. */
class RestartRuleProperties {
    private static final Exit.Outcome CRASH = new Exit.Exited(1);

    @Property
    void exitCodesThatMeanDoneEndEveryPolicyUnlessAProbeFoundItFailed(
            @ForAll RestartPolicy.Mode mode,
            @ForAll @IntRange(max = 255) int code,
            @ForAll("uptimes") Duration uptime,
            @ForAll boolean failed) {
        RestartPolicy policy = RestartPolicy.DEFAULT.withMode(mode).withDoneCodes(Set.of(code));
        Decision decision = RestartRule.decide(policy, new End(new Exit.Exited(code), uptime, failed, false), 0, 0);
        assertThat(decision instanceof Done).isEqualTo(!failed);
    }

    @Property
    void zeroIsDoneUnlessItIsToRunAlways(@ForAll RestartPolicy.Mode mode, @ForAll("uptimes") Duration uptime) {
        Decision decision = RestartRule.decide(
                RestartPolicy.DEFAULT.withMode(mode), new End(new Exit.Exited(0), uptime, false, false), 0, 0);
        assertThat(decision instanceof Done).isEqualTo(mode != RestartPolicy.Mode.ALWAYS);
    }

    @Property
    void neverIsNever(@ForAll("ends") End end, @ForAll @IntRange(max = 99) int unstable) {
        RestartPolicy policy = RestartPolicy.DEFAULT.withMode(RestartPolicy.Mode.NEVER);
        assertThat(RestartRule.decide(policy, end, unstable, 0)).isInstanceOfAny(Done.class, Stay.class);
    }

    @Property
    void aHealthyRunIsFollowedAtOnceAndForgetsTheShortOnes(
            @ForAll("policies") RestartPolicy policy,
            @ForAll @IntRange(max = 1000) int unstable,
            @ForAll("uptimes") Duration more,
            @ForAll @DoubleRange(max = 0.99) double dice) {
        End end = new End(CRASH, policy.minUptime().plus(more), false, false);
        assertThat(RestartRule.decide(policy, end, unstable, dice)).isEqualTo(new Again(Duration.ZERO, 0));
    }

    @Property
    void aRunThatNeverServedIsAShortOneHoweverLong(
            @ForAll("policies") RestartPolicy policy,
            @ForAll @IntRange(max = 50) int unstable,
            @ForAll("uptimes") Duration more) {
        End end = new End(CRASH, policy.minUptime().plus(more), false, true);
        Decision decision = RestartRule.decide(policy, end, unstable, 0);
        if (unstable >= policy.limit()) {
            assertThat(decision).isEqualTo(new GiveUp(unstable));
        } else {
            assertThat(((Again) decision).unstable()).isEqualTo(unstable + 1);
        }
    }

    /** A service that always falls, under a clock that only this test moves. */
    @Property
    void aCrashLoopSlowsDownAndEnds(
            @ForAll("policies") RestartPolicy policy, @ForAll List<@DoubleRange(max = 0.99) Double> dice) {
        int unstable = 0;
        int starts = 0;
        Duration longest = Duration.ZERO;
        while (true) {
            double roll = dice.isEmpty() ? 0 : dice.get(starts % dice.size());
            End end = new End(CRASH, policy.minUptime().minusNanos(1), false, false);
            Decision decision = RestartRule.decide(policy, end, unstable, roll);
            if (decision instanceof GiveUp given) {
                assertThat(given.unstable()).isEqualTo(policy.limit());
                break;
            }
            Again again = (Again) decision;
            double full = Math.min((double) policy.firstDelay().toNanos() * Math.pow(2, starts), (double)
                    policy.longestDelay().toNanos());
            assertThat((double) again.pause().toNanos()).isBetween(full * 0.75 - 1, full);
            assertThat(again.pause()).isLessThanOrEqualTo(policy.longestDelay());
            longest = longest.compareTo(again.pause()) > 0 ? longest : again.pause();
            unstable = again.unstable();
            starts++;
            assertThat(unstable).isEqualTo(starts);
        }
        assertThat(starts).isEqualTo(policy.limit());
    }

    /** Any life: the count never exceeds the limit, and is that of the short runs since the last healthy one. */
    @Property
    void theCountIsThatOfShortRunsInARow(@ForAll("policies") RestartPolicy policy, @ForAll List<Boolean> healthyRuns) {
        int unstable = 0;
        int expected = 0;
        for (boolean healthy : healthyRuns) {
            Duration uptime = healthy ? policy.minUptime() : policy.minUptime().minusNanos(1);
            Decision decision = RestartRule.decide(policy, new End(CRASH, uptime, false, false), unstable, 0.5);
            expected = healthy ? 0 : expected + 1;
            if (decision instanceof GiveUp) {
                assertThat(expected).isEqualTo(policy.limit() + 1);
                return;
            }
            unstable = ((Again) decision).unstable();
            assertThat(unstable).isEqualTo(expected).isLessThanOrEqualTo(policy.limit());
        }
    }

    @Example
    void theDefaultGivesUpAfterSixteenWithinTwoMinutes() {
        Duration all = Duration.ZERO;
        for (int unstable = 0; unstable < 16; unstable++) {
            Decision decision =
                    RestartRule.decide(RestartPolicy.DEFAULT, new End(CRASH, Duration.ZERO, false, false), unstable, 0);
            all = all.plus(((Again) decision).pause());
        }
        assertThat(all).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(3));
        assertThat(RestartRule.decide(RestartPolicy.DEFAULT, new End(CRASH, Duration.ZERO, false, false), 16, 0))
                .isEqualTo(new GiveUp(16));
    }

    @Provide
    Arbitrary<Duration> uptimes() {
        return Arbitraries.longs().between(0, 10_000_000_000L).map(Duration::ofNanos);
    }

    @Provide
    Arbitrary<End> ends() {
        Arbitrary<Exit.Outcome> outcomes = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 255).map(Exit.Exited::new),
                Arbitraries.integers().between(1, 64).map(Exit.Signalled::new),
                Arbitraries.just(new Exit.Lost()));
        return Combinators.combine(outcomes, uptimes(), Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(End::new);
    }

    @Provide
    Arbitrary<RestartPolicy> policies() {
        Arbitrary<Duration> delays = Arbitraries.longs().between(0, 20_000).map(Duration::ofMillis);
        Arbitrary<Duration> uptimes = Arbitraries.longs().between(1, 20_000).map(Duration::ofMillis);
        return Combinators.combine(
                        Arbitraries.of(RestartPolicy.Mode.ALWAYS, RestartPolicy.Mode.ON_FAILURE),
                        uptimes,
                        Arbitraries.integers().between(0, 40),
                        delays,
                        delays)
                .as((mode, uptime, limit, first, longest) ->
                        new RestartPolicy(mode, Set.of(), uptime, limit, first, longest));
    }
}
