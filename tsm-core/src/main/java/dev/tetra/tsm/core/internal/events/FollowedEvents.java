package dev.tetra.tsm.core.internal.events;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The events of an owner in another JVM, by its log. A subscriber gets what happens from its subscription on, in a thread of
 * its own; the log itself is the buffer of a slow one, so that it misses nothing
 * unless it is more than a log behind. One that throws is no longer told. <em>Safe
 * for use by many threads.</em>
 */
public final class FollowedEvents implements Flow.Publisher<ServiceEvent>, AutoCloseable {
    private final Path file;
    private final Set<Following> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** The events of that log, which need not exist yet. */
    public FollowedEvents(Path file) {
        this.file = file;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ServiceEvent> subscriber) {
        Following following = new Following(requireNonNull(subscriber, "subscriber"));
        following.begin();
        open.add(following);
        if (closed) {
            following.end();
        }
        Thread thread = new Thread(following, "tsm-events");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends all subscriptions: each subscriber is told so once it returns from what it does. Idempotent. */
    @Override
    public void close() {
        closed = true;
        for (Following following : open) {
            following.end();
        }
    }

    /** One subscription and its thread. */
    private final class Following implements Flow.Subscription, Runnable {
        private final Flow.Subscriber<? super ServiceEvent> subscriber;
        private @Nullable EventFollower follower;
        private volatile @Nullable Throwable failure;

        /** How many events are wanted; guarded by this, as all below. */
        private long demand;

        private boolean cancelled;
        private boolean ended;

        private Following(Flow.Subscriber<? super ServiceEvent> subscriber) {
            this.subscriber = subscriber;
        }

        /** From here on nothing is missed. */
        private void begin() {
            try {
                follower = EventFollower.open(file, 0, event -> true, this::deliver);
            } catch (IOException unreadable) {
                failure = unreadable;
            }
        }

        @Override
        public void run() {
            try (EventFollower events = follower) {
                subscriber.onSubscribe(this);
                if (events != null) {
                    events.follow(this::isOver);
                }
            } catch (IOException | InterruptedException | RuntimeException | Error failed) {
                failure = failed;
            } finally {
                open.remove(this);
            }
            tellEnd();
        }

        private void deliver(ServiceEvent event) {
            if (awaitDemand()) {
                subscriber.onNext(event);
            }
        }

        /** Waits until an event is wanted; false if none is any more. */
        private synchronized boolean awaitDemand() {
            while (demand == 0 && !isOver()) {
                try {
                    wait();
                } catch (InterruptedException stop) {
                    cancelled = true;
                }
            }
            if (cancelled || demand == 0) {
                return false;
            }
            demand--;
            return true;
        }

        private synchronized boolean isOver() {
            return cancelled || ended;
        }

        private synchronized boolean isCancelled() {
            return cancelled;
        }

        private void tellEnd() {
            Throwable failed = failure;
            if (failed != null) {
                subscriber.onError(failed);
            } else if (!isCancelled()) {
                subscriber.onComplete();
            }
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        @Override
        public synchronized void request(long count) {
            if (count < 1) {
                failure = new IllegalArgumentException("number of events requested not positive: " + count);
                ended = true;
            } else {
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            }
            notifyAll();
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            notifyAll();
        }
    }
}
