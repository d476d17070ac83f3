package dev.tetra.tsm.core.internal.owner;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The owner's threads. Whatever changes a service is done by one of them, so that an interrupt of a caller, which closes
 * every file channel it is in, never cuts a change of state in two. <em>Safe for use by many threads.</em>
 */
final class Workers implements Executor {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    /** A hundred services that are started at once take a hundred threads, 100 KB each, which are soon not needed any more. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE.toNanos(),
            TimeUnit.NANOSECONDS,
            new SynchronousQueue<>(),
            work -> daemon(work, "tsm-worker"));

    private final ScheduledThreadPoolExecutor clock =
            new ScheduledThreadPoolExecutor(1, work -> daemon(work, "tsm-clock"));

    /** How many workers do what was asked for in this JVM; guarded by this. */
    private int working;

    private boolean closed;

    Workers() {
        clock.setRemoveOnCancelPolicy(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Does it soon, whoever waits for it; after {@link #close} not at all. */
    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Does it after that time, unless the owner is closed by then. */
    Future<?> after(Duration pause, Runnable work) {
        try {
            return clock.schedule(() -> executeUnlessClosed(work), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            // The next owner does it.
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Does it again and again, with that time between the end of one and the begin of the next. */
    void every(Duration pause, Runnable work) {
        Future<?> unused = after(pause, () -> {
            try {
                work.run();
            } catch (RuntimeException failed) {
                LOG.log(System.Logger.Level.WARNING, "a round of the owner failed", failed);
            } finally {
                every(pause, work);
            }
        });
    }

    /** Does it soon, unless the owner is closed by then. */
    void executeUnlessClosed(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException closing) {
            // The next owner does it.
        }
    }

    /** Does it on a worker and waits for it. */
    <T> T call(Callable<T> work) throws IOException {
        return await(submit(work));
    }

    /** Does all at once, and gives the results in order. */
    <T> List<T> callAll(Collection<? extends Callable<T>> all) throws IOException {
        List<Future<T>> running = new ArrayList<>();
        for (Callable<T> one : all) {
            running.add(submit(one));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> one : running) {
            results.add(await(one));
        }
        return results;
    }

    private <T> Future<T> submit(Callable<T> work) {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the manager is closed");
            }
            working++;
        }
        boolean submitted = false;
        try {
            Future<T> future = threads.submit(() -> {
                try {
                    return work.call();
                } finally {
                    done();
                }
            });
            submitted = true;
            return future;
        } finally {
            if (!submitted) {
                done();
            }
        }
    }

    private synchronized void done() {
        working--;
        notifyAll();
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof IOException unwritten) {
                throw unwritten;
            }
            if (cause instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IOException(cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; what was begun goes on, and tsm list shows it", stopped);
        }
    }

    /** Takes nothing more of what is waited for, and returns when all of that is done. */
    synchronized void drain() {
        closed = true;
        clock.shutdownNow();
        uninterruptibly(() -> {
            while (working > 0) {
                wait();
            }
        });
    }

    /** Returns when no thread is left that could change anything. */
    void close(String what) {
        threads.shutdown();
        uninterruptibly(() -> {
            while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.log(System.Logger.Level.WARNING, "a worker of " + what + " does not end");
            }
        });
    }

    private interface Waiting {
        void await() throws InterruptedException;
    }

    private static void uninterruptibly(Waiting waiting) {
        boolean interrupted = false;
        while (true) {
            try {
                waiting.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
