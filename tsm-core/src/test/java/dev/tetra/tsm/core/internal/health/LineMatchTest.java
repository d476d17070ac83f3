package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineMatchTest {
    @Test
    void aMatchIsFoundAnywhereInALine() {
        LineMatch match = new LineMatch("listening on \\d+");
        assertThat(match.isIn("INFO listening on 8080.")).isTrue();
        assertThat(match.isIn("INFO listening on port")).isFalse();
        assertThat(new LineMatch("^ready$").isIn("ready")).isTrue();
        assertThat(new LineMatch("(?i)READY").isIn("x".repeat(65_000) + "ready"))
                .isTrue();
        assertThat(match.givenUp()).isZero();
    }

    @Test
    void anExpressionThatBacktracksWithoutEndIsGivenUpForThatLineAlone() {
        LineMatch match = new LineMatch("(.*)(.*)(.*)(.*)(.*)\\1\\2y");
        assertThat(match.isIn("x".repeat(300))).isFalse();
        assertThat(match.givenUp()).isEqualTo(1);
        assertThat(match.stepsTaken()).isEqualTo(4_000_000);
        assertThat(match.isIn("xy")).isTrue();
    }

    @Test
    void anExpressionThatIsTooDeepForTheStackIsGivenUp() {
        LineMatch match = new LineMatch("(?:a|b)*c");
        assertThat(match.isIn("ab".repeat(32_000))).isFalse();
        assertThat(match.givenUp()).isEqualTo(1);
        assertThat(match.isIn("abc")).isTrue();
    }
}
