package dev.tetra.tsm.core.internal.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.ServiceEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishers of events: that of the owner, and that of a client. */
@Timeout(60)
class EventsIT {
    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("events.jsonl");
    }

    /** Takes down what it is told. */
    private static class Listener implements Flow.Subscriber<ServiceEvent> {
        final List<ServiceEvent> events = new CopyOnWriteArrayList<>();
        final CountDownLatch subscribed = new CountDownLatch(1);
        final CountDownLatch over = new CountDownLatch(1);
        final long wanted;
        private volatile Flow.@Nullable Subscription subscription;
        volatile @Nullable Throwable failure;

        Listener(long wanted) {
            this.wanted = wanted;
        }

        Flow.Subscription subscription() throws InterruptedException {
            subscribed.await();
            return Objects.requireNonNull(subscription);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (wanted > 0) {
                given.request(wanted);
            }
            subscribed.countDown();
        }

        @Override
        public void onNext(ServiceEvent event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable thrown) {
            failure = thrown;
            over.countDown();
        }

        @Override
        public void onComplete() {
            over.countDown();
        }
    }

    private static List<ServiceEvent> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(SomeEvents::numbered).toList();
    }

    @Test
    void subscribersAndTheLogGetEveryEventInOrder() throws Exception {
        Listener listener = new Listener(Long.MAX_VALUE);
        try (Events events = Events.open(file)) {
            events.subscribe(listener);
            numbered(0, 500).forEach(events::publish);
        }
        listener.over.await();
        assertThat(listener.events).isEqualTo(numbered(0, 500));
        try (EventFiles files = EventFiles.open(file)) {
            assertThat(files.last(500, event -> true)).isEqualTo(numbered(0, 500));
        }
    }

    @Test
    void aSubscriberThatHangsAndOneThatThrowsHoldUpNobody() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        Listener hanging = new Listener(Long.MAX_VALUE) {
            @Override
            public void onNext(ServiceEvent event) {
                try {
                    hang.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Listener throwing = new Listener(Long.MAX_VALUE) {
            @Override
            public void onNext(ServiceEvent event) {
                throw new IllegalStateException("I cannot");
            }
        };
        int many = 3 * Events.BUFFER;
        try (Events events = Events.open(file)) {
            events.subscribe(hanging);
            events.subscribe(throwing);
            hanging.subscribed.await();
            numbered(0, many).forEach(events::publish);
            throwing.over.await();
            assertThat(throwing.failure).hasMessage("I cannot");
            assertThat(events.unwritten()).isZero();
            // It holds one event and a buffer full; the rest it misses.
            assertThat(events.missed()).isBetween((long) many - Events.BUFFER - 1, (long) many);
        } finally {
            hang.countDown();
        }
        hanging.over.await();
    }

    @Test
    void whoSubscribesAfterTheEndIsToldSo() throws Exception {
        Events events = Events.open(file);
        events.close();
        events.close();
        events.publish(SomeEvents.numbered(1));
        Listener late = new Listener(1);
        events.subscribe(late);
        late.over.await();
        assertThat(late.events).isEmpty();
    }

    @Test
    void itsThreadsEndByThemselves() throws Exception {
        try (Events events = Events.open(file)) {
            Listener listener = new Listener(Long.MAX_VALUE);
            events.subscribe(listener);
            events.publish(SomeEvents.numbered(1));
            Sandbox.await("it is told", () -> listener.events.size() == 1);
        }
        Sandbox.await(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("tsm-events")));
    }

    @Test
    void aClientIsToldWhatHappensAfterItSubscribed() throws Exception {
        try (Events owner = Events.open(file);
                FollowedEvents client = new FollowedEvents(file)) {
            numbered(0, 3).forEach(owner::publish);
            Listener listener = new Listener(Long.MAX_VALUE);
            client.subscribe(listener);
            numbered(3, 200).forEach(owner::publish);
            Sandbox.await("all are told", () -> listener.events.size() == 197);
            assertThat(listener.events).isEqualTo(numbered(3, 200));
        }
    }

    @Test
    void aClientGetsNoMoreThanItAskedForAndMissesNothing() throws Exception {
        try (Events owner = Events.open(file);
                FollowedEvents client = new FollowedEvents(file)) {
            Listener listener = new Listener(0);
            client.subscribe(listener);
            numbered(0, 5000).forEach(owner::publish);
            listener.subscription().request(2);
            Sandbox.await("two are told", () -> listener.events.size() == 2);
            listener.subscription().request(Long.MAX_VALUE);
            listener.subscription().request(Long.MAX_VALUE);
            Sandbox.await("all are told", () -> listener.events.size() == 5000);
            assertThat(listener.events).isEqualTo(numbered(0, 5000));
        }
    }

    @Test
    void aClientThatCancelsIsToldNothingMoreAndOneThatIsClosedIsToldTheEnd() throws Exception {
        Listener cancelling = new Listener(Long.MAX_VALUE);
        Listener staying = new Listener(Long.MAX_VALUE);
        Listener idle = new Listener(0);
        try (Events owner = Events.open(file);
                FollowedEvents client = new FollowedEvents(file)) {
            client.subscribe(cancelling);
            client.subscribe(staying);
            client.subscribe(idle);
            cancelling.subscription().cancel();
            owner.publish(SomeEvents.numbered(1));
            Sandbox.await("it is told", () -> staying.events.size() == 1);
        }
        staying.over.await();
        idle.over.await();
        assertThat(cancelling.events).isEmpty();
        assertThat(cancelling.over.getCount()).isEqualTo(1);
        assertThat(staying.failure).isNull();
    }

    @Test
    void aClientThatAsksForNothingOrThrowsIsToldWhy() throws Exception {
        Listener throwing = new Listener(1) {
            @Override
            public void onNext(ServiceEvent event) {
                throw new IllegalStateException("I cannot");
            }
        };
        Listener wrong = new Listener(0);
        try (Events owner = Events.open(file);
                FollowedEvents client = new FollowedEvents(file)) {
            client.subscribe(throwing);
            client.subscribe(wrong);
            wrong.subscription().request(0);
            owner.publish(SomeEvents.numbered(1));
            throwing.over.await();
            wrong.over.await();
        }
        assertThat(throwing.failure).hasMessage("I cannot");
        assertThat(wrong.failure).isInstanceOf(IllegalArgumentException.class);
    }
}
