package dev.tetra.tsm.core.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ActivityTest {
    private final Activity activity = new Activity();

    private FutureTask<Boolean> waiting(Duration quiet) {
        FutureTask<Boolean> wait = new FutureTask<>(() -> activity.awaitIdle(quiet));
        Thread thread = new Thread(wait, "waiter");
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING && !wait.isDone()) {
            Thread.onSpinWait();
        }
        return wait;
    }

    @Test
    void whereNothingWentOnItIsIdle() throws Exception {
        assertThat(activity.awaitIdle(Duration.ZERO)).isTrue();
        activity.started();
        activity.ended();
        assertThat(activity.awaitIdle(Duration.ZERO)).isTrue();
    }

    @Test
    void itIsIdleOnlyWhenAllThatBeganHasEnded() throws Exception {
        activity.started();
        activity.started();
        FutureTask<Boolean> wait = waiting(Duration.ofNanos(1));
        activity.ended();
        assertThat(wait.isDone()).isFalse();
        activity.ended();
        assertThat(wait.get()).isTrue();
    }

    @Test
    void aCloseEndsEveryWait() throws Exception {
        activity.started();
        FutureTask<Boolean> wait = waiting(Duration.ofHours(1));
        activity.close();
        assertThat(wait.get()).isFalse();
        assertThat(activity.awaitIdle(Duration.ZERO)).isFalse();
    }
}
