package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Moment;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SinceTimeProperties {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");

    private static Instant read(String text) {
        return SinceTime.parse(text, NOW.atZone(BERLIN));
    }

    @Example
    void everyFormIsRead() {
        assertThat(read("90s")).isEqualTo("2026-11-22T12:58:30Z");
        assertThat(read("10m")).isEqualTo("2026-11-22T12:50:00Z");
        assertThat(read("10min")).isEqualTo("2026-11-22T12:50:00Z");
        assertThat(read("2h")).isEqualTo("2026-11-22T11:00:00Z");
        assertThat(read("7d")).isEqualTo("2026-11-15T13:00:00Z");
        assertThat(read("13:30")).isEqualTo("2026-11-22T12:30:00Z");
        assertThat(read("13:30:05")).isEqualTo("2026-11-22T12:30:05Z");
        assertThat(read("23:30")).isEqualTo("2026-11-21T22:30:00Z");
        assertThat(read("2026-11-20")).isEqualTo("2026-11-19T23:00:00Z");
        assertThat(read("2026-11-20T10:00")).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(read("2026-11-20 10:00:30.5")).isEqualTo("2026-11-20T09:00:30.500Z");
        assertThat(read("2026-11-20T10:00:00Z")).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(read("2026-11-20T10:00:00-05:00")).isEqualTo("2026-11-20T15:00:00Z");
    }

    @Property(tries = 1000)
    void anyTextIsAMomentOrRefusedInOneSentence(@ForAll("texts") String text) {
        try {
            assertThat(read(text)).isNotNull();
        } catch (UsageException refused) {
            assertThat(refused.getMessage()).startsWith("--since takes ").endsWith(text);
        }
    }

    @Example
    void whatIsNoneIsRefused() {
        for (String text : new String[] {"", "yesterday", "10", "-5m", "25:00", "2026-13-01", "999999999999d", "T"}) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(UsageException.class);
        }
    }

    @Property
    void aMomentIsReadAsItIsWritten(@ForAll("moments") Instant moment) {
        assertThat(SinceTime.parse(Moment.local(moment, ZoneId.of("UTC")), NOW.atZone(ZoneId.of("UTC"))))
                .isEqualTo(moment.truncatedTo(ChronoUnit.MILLIS));
    }

    @Example
    void aDateIsSaidOnlyWhereItIsAnother() {
        assertThat(Moment.near(NOW, NOW, BERLIN)).isEqualTo("14:00:00");
        assertThat(Moment.near(NOW.minusSeconds(86_400), NOW, BERLIN)).isEqualTo("2026-11-21 14:00:00");
        assertThat(Moment.local(Instant.parse("2026-11-22T13:05:09.007Z"), BERLIN))
                .isEqualTo("2026-11-22 14:05:09.007");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("0123456789:-TZ +.smhd").ofMaxLength(24);
    }

    @Provide
    Arbitrary<Instant> moments() {
        return Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
    }
}
