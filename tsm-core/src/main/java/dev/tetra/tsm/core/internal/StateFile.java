package dev.tetra.tsm.core.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files that are either the old content or the new one, whatever happens: written beside, synced, renamed (rename(2)),
 * mode 0600. A full disk throws and leaves the old content. <em>Safe for use by many threads.</em>
 */
public final class StateFile {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final AtomicLong SEQUENCE = new AtomicLong();

    private StateFile() {}

    /** Replaces the file's content; it is on the disk afterwards. */
    public static void write(Path file, byte[] content) throws IOException {
        replace(file, content, true);
        try (FileChannel names = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /**
     * Replaces the file's content in one step for every process of this machine, but does not wait for the disk: for what
     * means nothing after a power cut.
     */
    public static void writeUnsynced(Path file, byte[] content) throws IOException {
        replace(file, content, false);
    }

    private static void replace(Path file, byte[] content, boolean sync) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + SEQUENCE.incrementAndGet() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                if (sync) {
                    channel.force(true);
                }
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            try {
                Files.deleteIfExists(fresh);
            } catch (IOException second) {
                failed.addSuppressed(second);
            }
            throw new IOException(
                    "cannot write " + file + ": " + failed.getMessage() + "; the old content is kept", failed);
        }
    }

    /** Makes an empty file of mode 0600 if there is none. */
    public static void createIfAbsent(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PRIVATE);
        }
    }
}
