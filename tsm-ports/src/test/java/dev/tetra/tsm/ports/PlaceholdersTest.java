package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {

    @Test
    void everyPlaceInAnyWordGetsTheNumber() {
        assertThat(Placeholders.fill(List.of("s", "{port}", "--at=0.0.0.0:$PORT", "${PORT}/$PORT", "$PORT:$PORT"), 80))
                .containsExactly("s", "80", "--at=0.0.0.0:80", "80/80", "80:80");
    }

    @Test
    void aLongerNameIsAnotherVariable() {
        List<String> words = List.of("s", "$PORTAL", "$PORT_2", "$PORT2", "PORT", "${PORTAL}");
        assertThat(Placeholders.in(words)).isFalse();
        assertThat(Placeholders.fill(words, 80)).isEqualTo(words);
        assertThat(Placeholders.fill(List.of("s", "$PORTAL$PORT"), 80)).containsExactly("s", "$PORTAL80");
    }

    @Test
    void aShellFillsTheVariablesOfItsOwnScript() {
        assertThat(Placeholders.fill(List.of("bash", "-c", "PORT=$((PORT+1)); s $PORT ${PORT} {port}", "$PORT"), 80))
                .containsExactly("bash", "-c", "PORT=$((PORT+1)); s $PORT ${PORT} 80", "80");
    }

    @Test
    void theScriptOfAShellIsTheWordBehindC() {
        assertThat(ShellScript.indexIn(List.of("bash", "-c", "x"))).isEqualTo(2);
        assertThat(ShellScript.indexIn(List.of("env", "A=1", "/bin/sh", "-e", "-uc", "x")))
                .isEqualTo(5);
        assertThat(ShellScript.indexIn(List.of("bash", "x.sh", "-c", "y"))).isEqualTo(-1);
        assertThat(ShellScript.indexIn(List.of("bash", "--norc", "-c", "y"))).isEqualTo(3);
        assertThat(ShellScript.indexIn(List.of("bash", "-c"))).isEqualTo(-1);
        assertThat(ShellScript.indexIn(List.of("node", "-c", "x"))).isEqualTo(-1);
    }
}
