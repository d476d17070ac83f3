package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnixSignalTest {
    @ParameterizedTest
    @CsvSource({
        "TERM,15",
        "SIGTERM,15",
        "term,15",
        "15,15",
        "HUP,1",
        "usr2,12",
        "CHLD,17",
        "64,64",
        "RTMIN,34",
        "RTMIN+2,36",
        "SIGRTMAX-1,63"
    })
    void aSignalIsCalledByNameOrNumber(String text, int number) {
        assertThat(UnixSignal.parse(text).number()).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIG", "0", "65", "-9", "TERMX", "RTMIN+", "RTMIN+99", "RTMINx", "15 ", "999999999999"})
    void whatIsNoSignalIsRefused(String text) {
        assertThatThrownBy(() -> UnixSignal.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachIsReadByItsOwnName() {
        for (int number = 1; number <= UnixSignal.LAST; number++) {
            UnixSignal signal = new UnixSignal(number);
            assertThat(UnixSignal.parse(signal.name())).isEqualTo(signal);
        }
    }

    @Test
    void theGuidesTableSaysWhatTheyAreFor() {
        assertThat(UnixSignal.HUP.purpose()).contains("reload configuration");
        assertThat(UnixSignal.parse("USR1").purpose()).contains("user-defined signal 1");
        assertThat(UnixSignal.parse("SEGV").purpose()).isEmpty();
    }
}
