package dev.tetra.tsm.core.internal.logs;

import dev.tetra.tsm.core.internal.StateFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Held by whoever cuts or empties the logs of one service: {@code logs.lock} in its directory. It goes with the process
 * (fcntl(2)). <em>For one thread at a time.</em>
 */
public final class LogLock implements Closeable {
    private static final String NAME = "logs.lock";

    /** The locks held in this JVM: closing a second descriptor of such a file would drop the lock of the first. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final Path file;
    private final FileChannel channel;

    private LogLock(Path directory, Path file, FileChannel channel) {
        this.directory = directory;
        this.file = file;
        this.channel = channel;
    }

    /** The lock of the service with that directory; empty if somebody has it. */
    public static Optional<LogLock> tryTake(Path directory) throws IOException {
        Path file = directory.toAbsolutePath().normalize().resolve(NAME);
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            StateFile.createIfAbsent(file);
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock != null) {
                LogLock taken = new LogLock(directory, file, channel);
                channel = null;
                return Optional.of(taken);
            }
            HELD.remove(file);
            return Optional.empty();
        } catch (IOException failed) {
            HELD.remove(file);
            throw failed;
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    /** The service's directory. */
    Path directory() {
        return directory;
    }

    /** The file that is locked. */
    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
