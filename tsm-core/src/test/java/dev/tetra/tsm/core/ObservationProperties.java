package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ObservationProperties {
    private static Observation seen(long cpuMillis, long uptimeMillis) {
        return new Observation(List.of(), 0, Duration.ofMillis(cpuMillis), Duration.ofMillis(uptimeMillis), List.of());
    }

    @Example
    void aShareIsOfOneProcessor() {
        assertThat(seen(500, 1000).cpuPercent()).isEqualTo(50);
        assertThat(seen(4000, 1000).cpuPercent()).isEqualTo(400);
        assertThat(seen(10, 0).cpuPercent()).isZero();
        assertThat(seen(600, 3000).cpuPercentSince(seen(500, 1000))).isEqualTo(5);
    }

    @Example
    void anotherRunIsNotComparedWithTheOneBefore() {
        assertThat(seen(100, 1000).cpuPercentSince(seen(90_000, 100_000))).isEqualTo(10);
    }

    @Example
    void aChildThatEndedBetweenTwoLooksMakesNoNegativeShare() {
        assertThat(seen(400, 2000).cpuPercentSince(seen(500, 1000))).isZero();
    }

    @Property
    void aShareIsANumberFromZeroOn(
            @ForAll @LongRange(min = 0) long cpu,
            @ForAll @LongRange(min = 0) long uptime,
            @ForAll @LongRange(min = 0) long earlierCpu,
            @ForAll @LongRange(min = 0) long earlierUptime) {
        assertThat(seen(cpu, uptime).cpuPercentSince(seen(earlierCpu, earlierUptime)))
                .isGreaterThanOrEqualTo(0)
                .isFinite();
    }
}
