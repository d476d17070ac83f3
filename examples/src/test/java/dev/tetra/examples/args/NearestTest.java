package dev.tetra.examples.args;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> VERBS = List.of("start", "stop", "list", "logs");

    @Test
    void a_mistyped_word_finds_its_neighbour() {
        assertThat(Nearest.of("strat", VERBS)).contains("start");
        assertThat(Nearest.of("lst", VERBS)).contains("list");
        assertThat(Nearest.of("stopp", VERBS)).contains("stop");
    }

    @Test
    void a_word_that_is_like_none_finds_nothing() {
        assertThat(Nearest.of("xyzzyqwerty", VERBS)).isEmpty();
        assertThat(Nearest.of("", List.of())).isEmpty();
    }
}
