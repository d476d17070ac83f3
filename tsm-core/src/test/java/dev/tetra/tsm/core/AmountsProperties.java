package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class AmountsProperties {
    @Property
    void aTimeIsReadAsItIsWritten(@ForAll @LongRange(max = 31_536_000_000L) long millis) {
        Duration duration = Duration.ofMillis(millis);
        assertThat(Amounts.duration(Amounts.text(duration))).isEqualTo(duration);
    }

    @Property
    void aSizeIsReadAsItIsWritten(@ForAll @LongRange(max = 1L << 59) long bytes) {
        assertThat(Amounts.bytes(Amounts.text(bytes))).isEqualTo(bytes);
    }

    @Property
    void anyTextIsReadOrRefusedInASentence(@ForAll String text) {
        try {
            assertThat(Amounts.duration(text)).isBetween(Duration.ZERO, Amounts.LONGEST);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).contains(text);
        }
        try {
            assertThat(Amounts.bytes(text)).isNotNegative();
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).contains(text);
        }
    }

    @Example
    void unitsAreThoseThatPeopleWrite() {
        assertThat(Amounts.duration("300ms")).isEqualTo(Duration.ofMillis(300));
        assertThat(Amounts.duration("1.5h")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Amounts.duration("2min")).isEqualTo(Duration.ofMinutes(2));
        assertThat(Amounts.duration("7d")).isEqualTo(Duration.ofDays(7));
        assertThat(Amounts.duration("0")).isEqualTo(Duration.ZERO);
        assertThat(Amounts.bytes("10MB")).isEqualTo(10 << 20);
        assertThat(Amounts.bytes("1.5k")).isEqualTo(1536);
        assertThat(Amounts.bytes("12")).isEqualTo(12);
    }

    @Example
    void whatIsNoAmountIsRefusedWithWhatToWrite() {
        for (String wrong :
                new String[] {"", "s", "2 s", "-1s", "2x", "٣s", "1.s", ".5s", "5", "366d", "99999999999999s"}) {
            assertThatThrownBy(() -> Amounts.duration(wrong))
                    .hasMessage("not a time: " + wrong + "; write 500ms, 2s, 5m, 1h or 7d, a year at most");
        }
        for (String wrong : new String[] {"", "M", "-1", "1T", "1 M", "999999999999999999G"}) {
            assertThatThrownBy(() -> Amounts.bytes(wrong))
                    .hasMessage("not a size: " + wrong + "; write 500K, 10MB or 1G");
        }
    }
}
