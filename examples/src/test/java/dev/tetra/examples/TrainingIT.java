package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TrainingIT {
    @Test
    @Timeout(60)
    void every_line_of_the_training_does_what_it_should() {
        assertThatCode(() -> Training.main(new String[0])).doesNotThrowAnyException();
    }
}
