package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientServiceManagerIT extends ServiceManagerContract {
    @Override
    ServiceManager openManager(Sandbox place) throws IOException {
        place.open();
        return place.open();
    }

    @Test
    void itIsNotTheOwner() {
        assertThat(manager.isOwner()).isFalse();
        assertThatThrownBy(() -> manager.awaitIdle(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }
}
