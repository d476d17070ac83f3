package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Notices that the processes of services end: at once where their wrapper says so or, being ours, ends with them; within some
 * 20 ms where there is no wrapper any more. Futures complete on threads of this class or of the JDK; do not block there.
 */
final class ExitWatch implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How often those are looked at whose wrapper should have told: somebody may have removed the fifo, or killed it. */
    private static final long LOOK_AT_ALL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long WRITTEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ProcessTable table;
    private final Path fifo;

    /** By the name of the service, which has one process at a time. */
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();

    private volatile Announcements announcements;
    private final Thread thread = new Thread(this::look, "tsm-exit-watch");
    private volatile boolean closed;

    ExitWatch(ProcessTable table, Path fifo) {
        this.table = table;
        this.fifo = fifo;
        this.announcements = new Announcements(fifo, this::hear);
        thread.setDaemon(true);
        thread.start();
    }

    /** A process that is watched. */
    private final class Watched {
        private final String name;
        private final Service.Run run;
        private final BooleanSupplier written;
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        /** Whether nobody will announce its end. */
        private volatile boolean alone;

        /** When it was first seen to be gone; 0 while it was not. */
        private volatile long goneSince;

        Watched(String name, Service.Run run, BooleanSupplier written) {
            this.name = name;
            this.run = run;
            this.written = written;
        }

        /** Completes it if the process has ended, and nothing more is to be written about that. */
        void check() {
            alone = run.wrapper().isEmpty() || !table.isAlive(run.wrapper().get());
            if (table.isAlive(run.process())) {
                return;
            }
            long now = System.nanoTime();
            if (goneSince == 0) {
                goneSince = now;
            }
            // A wrapper that has not written anything by then will not: the disk is full, or it is stopped.
            if (alone || written.getAsBoolean() || now - goneSince > WRITTEN_NANOS) {
                complete();
            }
        }

        /** The same when its wrapper has said so, which it does at last, also on a disk that took nothing. */
        void announced() {
            if (!table.isAlive(run.process())) {
                complete();
            }
        }

        private void complete() {
            if (watched.remove(name, this)) {
                end.complete(null);
            }
        }
    }

    /**
     * Completes when the process is gone, and its exit status written or the wrapper gone as well.
     *
     * @param written whether the exit status of that service's process is written down
     * @param wrapper it, if it is ours
     */
    CompletableFuture<Void> watch(String name, Service.Run run, BooleanSupplier written, Optional<Wrapper> wrapper) {
        Watched entry = new Watched(name, run, written);
        watched.put(name, entry);
        if (wrapper.isPresent()) {
            // One that was killed does not mean that the service has ended.
            var unused = wrapper.get().onExit().thenRun(() -> {
                entry.check();
                LockSupport.unpark(thread);
            });
        }
        // What was announced before is not announced again.
        entry.check();
        LockSupport.unpark(thread);
        return entry.end;
    }

    private void hear(String name) {
        Watched entry = watched.get(name);
        if (entry != null) {
            entry.announced();
        }
    }

    private void look() {
        long allAt = System.nanoTime();
        while (!closed) {
            boolean all = !announcements.isOpen() || System.nanoTime() - allAt >= 0;
            boolean often = false;
            for (Watched entry : watched.values()) {
                if (all || entry.alone) {
                    entry.check();
                }
                often |= entry.alone || !announcements.isOpen();
            }
            if (all) {
                allAt = System.nanoTime() + LOOK_AT_ALL_NANOS;
                mendFifo();
            }
            if (watched.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, often ? LOOK_NANOS : LOOK_AT_ALL_NANOS);
            }
        }
    }

    /** Puts the fifo back where somebody has removed it. */
    private void mendFifo() {
        if (announcements.isOpen() && !Announcements.isFifo(fifo) && !closed) {
            announcements.close();
            announcements = new Announcements(fifo, this::hear);
        }
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            LockSupport.unpark(thread);
            try {
                thread.join(LOOK_NANOS / 1_000_000);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        announcements.close();
    }
}
