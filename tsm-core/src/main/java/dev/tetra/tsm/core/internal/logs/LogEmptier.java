package dev.tetra.tsm.core.internal.logs;

import dev.tetra.tsm.core.LogLine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Empties the logs of a service, while it writes or not. Whoever reads and whoever cuts finds it in order. */
public final class LogEmptier {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private LogEmptier() {}

    /**
     * Empties {@code current.out}, {@code current.err} and {@code wrapper.err} and removes their archives, but for an empty
     * one that says where its log begins (docs/adr/0005).
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
                    + LogCut.empty(new LogFiles(held.directory(), LogLine.Stream.ERR.file()))
                    + truncate(held.directory().resolve(LogLine.Stream.WRAPPER.file()));
        }
    }

    /** This one is never cut: nobody counts its bytes, and whoever writes it appends. */
    private static long truncate(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long size = channel.size();
            channel.truncate(0);
            return size;
        } catch (NoSuchFileException none) {
            return 0;
        }
    }
}
