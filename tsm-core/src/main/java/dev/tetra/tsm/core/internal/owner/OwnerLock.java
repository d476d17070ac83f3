package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The right to supervise a runtime directory. The lock file says whose it is: process id and start ticks. A lock of
 * fcntl(2) is lost as soon as this JVM closes any descriptor of the file, so the paths that are held here are kept apart and
 * never opened again.
 */
final class OwnerLock implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private static final Set<Path> HELD_HERE = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private OwnerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The lock; empty when somebody has it, in this JVM or another. */
    static Optional<OwnerLock> tryTake(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        Path file = directory == null ? path : directory.toRealPath().resolve(path.getFileName());
        synchronized (HELD_HERE) {
            if (!HELD_HERE.add(file)) {
                return Optional.empty();
            }
        }
        boolean taken = false;
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return Optional.empty();
                }
                writeHolder(channel);
                taken = true;
                return Optional.of(new OwnerLock(file, channel));
            } catch (OverlappingFileLockException loadedTwice) {
                // Another copy of this library in this JVM has it.
                return Optional.empty();
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        } finally {
            if (!taken) {
                release(file);
            }
        }
    }

    /** The lock is what counts; a disk too full for a line that says whose it is keeps nobody from supervising. */
    private static void writeHolder(FileChannel channel) throws IOException {
        Optional<ProcessIdentity> self =
                ProcessTable.system().identify(ProcessHandle.current().pid());
        String text = ProcessHandle.current().pid() + " "
                + (self.isPresent() ? self.get().startTicks() : 0) + "\n";
        channel.truncate(0);
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException full) {
            LOG.log(System.Logger.Level.WARNING, "an owner cannot say who it is: " + full.getMessage());
        }
    }

    private static void release(Path file) {
        synchronized (HELD_HERE) {
            HELD_HERE.remove(file);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        } finally {
            release(file);
        }
    }
}
