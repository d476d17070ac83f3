package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OwnerServiceManagerIT extends ServiceManagerContract {
    @Override
    ServiceManager openManager(Sandbox place) throws IOException {
        return place.open();
    }

    @Test
    void itIsTheOwner() {
        assertThat(manager.isOwner()).isTrue();
    }

    @Test
    void itIsNotIdleWhileAServiceRuns() throws Exception {
        manager.start(sandbox.sleeper("web"), Sandbox.NO_WAIT);
        Thread waiter = new Thread(() -> {
            try {
                manager.awaitIdle(Duration.ofMillis(1));
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        Sandbox.await("it waits", () -> waiter.getState() == Thread.State.TIMED_WAITING);
        manager.delete(java.util.List.of(new Selector.All()));
        waiter.join();
        assertThat(manager.awaitIdle(Duration.ZERO)).isTrue();
    }
}
