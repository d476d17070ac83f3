package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortSpecTest {

    @Test
    void aNumberIsThatPort() {
        assertThat(PortSpec.parse("8080")).isEqualTo(new PortSpec.Exact(8080));
    }

    @Test
    void aNumberAndPlusIsTheFirstFreeFromThere() {
        assertThat(PortSpec.parse("8000+")).isEqualTo(new PortSpec.AtLeast(8000));
    }

    @Test
    void noneIsNoPort() {
        assertThat(PortSpec.parse("none")).isEqualTo(new PortSpec.None());
    }

    @Test
    void bothEndsOfTheRangeArePorts() {
        assertThat(PortSpec.parse("1")).isEqualTo(new PortSpec.Exact(1));
        assertThat(PortSpec.parse("65535+")).isEqualTo(new PortSpec.AtLeast(65535));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "99999", "4294975376", "99999999999999999999", "0+"})
    void aNumberOutOfRangeIsRefusedByItsValue(String text) {
        String number = text.replace("+", "");
        assertThatThrownBy(() -> PortSpec.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port not in [1, 65535]: " + number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "", "+", "8080 ", " 8080", "-1", "+8080", "80++", "8x", "None", "٨٠٨٠"})
    void whatIsNoPortIsRefusedWithWhatToWrite(String text) {
        assertThatThrownBy(() -> PortSpec.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a port: " + text + "; write a number, a number followed by + (8000+), or none");
    }

    @Test
    void aSpecCannotBeMadeOutOfRange() {
        assertThatThrownBy(() -> new PortSpec.Exact(0)).hasMessage("port not in [1, 65535]: 0");
        assertThatThrownBy(() -> new PortSpec.AtLeast(65536)).hasMessage("port not in [1, 65535]: 65536");
    }

    @Test
    void aRangeMustNotEndBeforeItBegins() {
        assertThatThrownBy(() -> new PortRange(9000, 8000)).hasMessage("range ends before it begins: 9000-8000");
        assertThatThrownBy(() -> new PortRange(0, 8000)).hasMessage("port not in [1, 65535]: 0");
        assertThatThrownBy(() -> new PortRange(8000, 65536)).hasMessage("port not in [1, 65535]: 65536");
    }

    @Test
    void theDefaultRangeIsTheGuides() {
        assertThat(PortRange.DEFAULT).hasToString("8000-8999");
        assertThat(PortRange.DEFAULT.contains(8000)).isTrue();
        assertThat(PortRange.DEFAULT.contains(8999)).isTrue();
        assertThat(PortRange.DEFAULT.contains(7999)).isFalse();
        assertThat(PortRange.DEFAULT.contains(9000)).isFalse();
    }
}
