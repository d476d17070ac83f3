package dev.tetra.examples.monit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.Service;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Service web = Some.service("web", "t1", OptionalLong.of(7));
    private final Meter meter = new Meter();

    @Test
    void the_share_of_a_processor_is_what_was_used_between_two_looks() {
        read(web, 5000, 10 * SECOND);
        assertThat(percent(web)).isEmpty();

        read(web, 5250, 11 * SECOND);
        assertThat(percent(web)).hasValue(25);
        read(web, 10_250, 13 * SECOND);
        assertThat(percent(web)).hasValue(250);
        assertThat(meter.of(web).orElseThrow().residentBytes()).isEqualTo(1234);
    }

    @Test
    void another_process_begins_anew_and_a_child_that_is_gone_makes_nothing_negative() {
        read(web, 5000, SECOND);
        read(web, 4000, 2 * SECOND);
        assertThat(percent(web)).hasValue(0);

        Service restarted = Some.service("web", "t1", OptionalLong.of(8));
        assertThat(meter.of(restarted)).isEmpty();
        read(restarted, 10, 3 * SECOND);
        assertThat(percent(restarted)).isEmpty();
        assertThat(meter.of(Some.service("web", "t1", OptionalLong.empty()))).isEmpty();
    }

    private void read(Service service, long usedMillis, long nanos) {
        Observation seen =
                new Observation(List.of(7L), 1234, Duration.ofMillis(usedMillis), Duration.ofSeconds(9), List.of());
        meter.read(List.of(service), List.of(seen), nanos);
    }

    private OptionalInt percent(Service service) {
        return meter.of(service).orElseThrow().percent();
    }
}
