package dev.tetra.tsm.core.internal.health;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One run of a service that is watched, until this is closed. <em>Safe for use by many threads.</em> */
public final class Watching implements AutoCloseable {
    private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final HealthWatch watch;
    private final Prober prober;
    private final Course course;
    private final Calls calls;
    private final @Nullable NotifySocket socket;
    private final long origin = System.nanoTime();
    private final AtomicBoolean due = new AtomicBoolean();

    /** Guarded by this, as is the use of the course and the prober. */
    private @Nullable Question question;

    private long asked;
    private Duration limit = Duration.ZERO;
    private @Nullable Future<?> planned;
    private boolean closed;

    Watching(HealthWatch watch, Prober prober, Course course, Calls calls, @Nullable NotifySocket socket) {
        this.watch = watch;
        this.prober = prober;
        this.course = course;
        this.calls = calls;
        this.socket = socket;
    }

    void begin() {
        if (socket != null) {
            socket.ring(this::stepSoon);
        }
        stepSoon();
    }

    /** However often it is called, one step waits at most. */
    private void stepSoon() {
        if (!due.getAndSet(true)) {
            watch.onLane(this::step);
        }
    }

    /** Looks at the question that is under way and does what is due, without waiting. */
    private synchronized void step() {
        due.set(false);
        if (closed) {
            return;
        }
        if (socket != null) {
            course.heard(now(), socket.take());
        }
        do {
            look();
        } while (ask());
        plan();
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    private void look() {
        if (question == null) {
            return;
        }
        Answer answer = course.isOver() ? null : Prober.look(question);
        long now = now();
        if (answer == null && now - asked >= limit.toNanos()) {
            answer = Prober.late(question, limit);
        }
        if (answer != null || course.isOver()) {
            question.close();
            question = null;
        }
        if (answer != null) {
            course.answered(now, answer);
        }
    }

    /** Asks if that is due. @return whether it did */
    private boolean ask() {
        Course.Asked next = question == null ? course.act(now()) : null;
        if (next == null) {
            return false;
        }
        asked = now();
        limit = next.limit();
        question = prober.begin(next.probe());
        return true;
    }

    private void plan() {
        if (planned != null) {
            planned.cancel(false);
            planned = null;
        }
        long now = now();
        if (question != null) {
            long spent = now - asked;
            long pause = Math.max(FIRST_LOOK_NANOS, Math.min(spent / 4, LONGEST_LOOK_NANOS));
            planned = watch.after(Math.max(0, Math.min(pause, limit.toNanos() - spent)), this::stepSoon);
        } else if (course.due() != Course.NEVER) {
            planned = watch.after(Math.max(0, course.due() - now), this::stepSoon);
        } else if (course.isOver()) {
            prober.close();
        }
    }

    /**
     * Watches no more: a question under way is given up, with all it started, and the notify socket is removed. When this
     * returns no call to the listener begins any more; one may still run. Idempotent.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                calls.close();
                if (planned != null) {
                    planned.cancel(false);
                }
                if (question != null) {
                    question.close();
                }
                prober.close();
            }
        }
        // Outside of the lock: it waits for the thread that reads, which may be about to call us.
        if (socket != null) {
            socket.close();
        }
        watch.forget(this);
    }
}
