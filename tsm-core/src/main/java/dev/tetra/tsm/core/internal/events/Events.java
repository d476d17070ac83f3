package dev.tetra.tsm.core.internal.events;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceEvent;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the services of one owner, as it happens: written to the log, then handed to the subscribers on threads of
 * their own. Each subscriber has a buffer of {@value #BUFFER} events; what a slow one has no room for, it misses, and that is
 * counted. One that throws is no longer told. <em>Safe for use by many threads.</em>
 */
public final class Events implements Flow.Publisher<ServiceEvent>, AutoCloseable {
    /** How many events wait for one subscriber. */
    static final int BUFFER = 1024;

    private static final int IDLE_SECONDS = 2;

    private final EventLog log;
    private final AtomicLong missed = new AtomicLong();

    /** Made for the first subscriber: most owners have none. Guarded by this. */
    private @Nullable SubmissionPublisher<ServiceEvent> subscribers;

    private boolean closed;

    private Events(EventLog log) {
        this.log = log;
    }

    /** Events that are written to that file. Nothing is opened before the first one. */
    public static Events open(Path file) {
        return new Events(new EventLog(file));
    }

    /** Writes the event and tells the subscribers. Never throws, and never waits for a subscriber. */
    public synchronized void publish(ServiceEvent event) {
        log.append(event);
        if (subscribers != null && !closed) {
            subscribers.offer(event, (slow, lost) -> {
                missed.incrementAndGet();
                return false;
            });
        }
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ServiceEvent> subscriber) {
        requireNonNull(subscriber, "subscriber");
        synchronized (this) {
            if (subscribers == null) {
                subscribers = new SubmissionPublisher<>(threads(), BUFFER);
                if (closed) {
                    subscribers.close();
                }
            }
            subscribers.subscribe(subscriber);
        }
    }

    /** A thread for each subscriber that has something to do, which ends soon after. */
    private static ThreadPoolExecutor threads() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "tsm-events");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** How many events could not be written. */
    public long unwritten() {
        return log.dropped();
    }

    /** How many events subscribers missed, each counted for itself. */
    public long missed() {
        return missed.get();
    }

    /** Writes and tells nothing more; subscribers get what waits for them, and then the end. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        log.close();
        if (subscribers != null) {
            subscribers.close();
        }
    }
}
