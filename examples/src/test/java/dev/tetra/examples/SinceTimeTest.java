package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.examples.args.UsageException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SinceTimeTest {
    private static final ZonedDateTime NOW =
            LocalDateTime.parse("2026-11-22T15:00:00").atZone(ZoneId.of("Europe/Berlin"));

    private static String here(String text) {
        return LocalDateTime.ofInstant(SinceTime.parse(text, NOW), NOW.getZone())
                .toString();
    }

    @Test
    void a_duration_is_so_long_ago() {
        assertThat(here("10m")).isEqualTo("2026-11-22T14:50");
        assertThat(here("1.5h")).isEqualTo("2026-11-22T13:30");
        assertThat(here("2d")).isEqualTo("2026-11-20T15:00");
    }

    @Test
    void a_time_of_day_is_the_last_one() {
        assertThat(here("14:30")).isEqualTo("2026-11-22T14:30");
        assertThat(here("9:05")).isEqualTo("2026-11-22T09:05");
        assertThat(here("15:00:01")).isEqualTo("2026-11-21T15:00:01");
    }

    @Test
    void a_date_is_read_here_or_with_its_offset() {
        assertThat(here("2026-11-22")).isEqualTo("2026-11-22T00:00");
        assertThat(here("2026-11-22T10:00")).isEqualTo("2026-11-22T10:00");
        assertThat(here("2026-11-22 10:00:30")).isEqualTo("2026-11-22T10:00:30");
        assertThat(SinceTime.parse("2026-11-22T10:00:00Z", NOW)).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(SinceTime.parse("2026-11-22T10:00-03:00", NOW)).isEqualTo(Instant.parse("2026-11-22T13:00:00Z"));
    }

    @Property(tries = 500)
    void what_is_no_time_is_refused_in_one_sentence(@ForAll("scribble") String text) {
        try {
            SinceTime.parse(text, NOW);
        } catch (UsageException refused) {
            assertThat(refused.getMessage()).startsWith("--since takes 10m").endsWith("not " + text);
        }
    }

    @Provide
    Arbitrary<String> scribble() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("0123456789:-TZ+ .mhsd").ofMaxLength(22),
                Arbitraries.strings().ofMaxLength(10));
    }

    @Property(tries = 200)
    void seconds_ago_are_seconds_ago(@ForAll @IntRange(max = 1_000_000) int seconds) {
        assertThat(SinceTime.parse(seconds + "s", NOW))
                .isEqualTo(NOW.toInstant().minus(Duration.ofSeconds(seconds)));
    }

    @Test
    void nothing_at_all_is_no_time() {
        assertThatThrownBy(() -> SinceTime.parse("", NOW)).isInstanceOf(UsageException.class);
    }
}
