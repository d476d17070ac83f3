package dev.tetra.examples.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void durations_are_said_in_their_two_largest_units() {
        assertThat(Words.seconds(-1)).isEqualTo("0s");
        assertThat(Words.seconds(59)).isEqualTo("59s");
        assertThat(Words.seconds(60)).isEqualTo("1m 0s");
        assertThat(Words.seconds(3_599)).isEqualTo("59m 59s");
        assertThat(Words.seconds(3_600)).isEqualTo("1h 0m");
        assertThat(Words.seconds(86_399)).isEqualTo("23h 59m");
        assertThat(Words.seconds(100 * 86_400 + 7_200)).isEqualTo("100d 2h");
        assertThat(Words.cpu(Duration.ofMillis(59))).isEqualTo("0.05s");
        assertThat(Words.cpu(Duration.ofMillis(12_345))).isEqualTo("12.34s");
        assertThat(Words.cpu(Duration.ofSeconds(61))).isEqualTo("1m 1s");
    }

    @Test
    void sizes_are_said_in_powers_of_a_thousand() {
        assertThat(Words.bytes(0)).isEqualTo("0 B");
        assertThat(Words.bytes(999)).isEqualTo("999 B");
        assertThat(Words.bytes(1_000)).isEqualTo("1.0 kB");
        assertThat(Words.bytes(23_456_789)).isEqualTo("23.4 MB");
        assertThat(Words.bytes(999_999)).isEqualTo("999.9 kB");
        assertThat(Words.bytes(Long.MAX_VALUE)).isEqualTo("9.2 EB");
    }
}
