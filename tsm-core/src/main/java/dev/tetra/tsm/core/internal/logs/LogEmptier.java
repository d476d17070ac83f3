package dev.tetra.tsm.core.internal.logs;

import dev.tetra.tsm.core.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Empties the logs of a service, while it writes or not. Whoever reads and whoever cuts finds it in order. */
public final class LogEmptier {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private LogEmptier() {}

    /**
     * Empties {@code current.out} and {@code current.err} and removes their archives.
     *
     * @return how many bytes that freed
     */
    public static long empty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Optional<LogLock> lock = LogLock.tryTake(directory);
        while (lock.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the logs in " + directory + " are being cut by their owner; try again later");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            lock = LogLock.tryTake(directory);
        }
        try (LogLock held = lock.get()) {
            return LogCut.empty(new LogFiles(held.directory(), LogLine.Stream.OUT.file()))
                    + LogCut.empty(new LogFiles(held.directory(), LogLine.Stream.ERR.file()));
        }
    }
}
