package dev.tetra.tsm.ports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The registry's file: read at any time, changed under a lock and as a whole. */
final class RegistryFile {

    /** A lock on a file is held by the JVM, and lost when any channel on that file closes: so one user at a time. */
    private static final ConcurrentHashMap<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private static final Set<OpenOption> TO_LOCK = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    private static final Set<OpenOption> TO_REPLACE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private final Path file;
    private final Path directory;

    RegistryFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
        Path parent = this.file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        this.directory = parent;
    }

    /** What is done with the claims while nobody else can change them. */
    interface Change<T> {
        /** Changes the list, and says what came of it. */
        T apply(List<Claim> claims);
    }

    /** The claims as they are now; needs no lock, because the file is only ever replaced as a whole. */
    RegistryText read() throws IOException {
        try {
            return RegistryText.parse(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException none) {
            return RegistryText.empty();
        }
    }

    /** Changes the claims under the lock, and writes them if they are different then. */
    <T> T update(Change<T> change) throws IOException {
        Files.createDirectories(directory);
        Path key = directory.toRealPath().resolve(file.getFileName());
        ReentrantLock lock = LOCKS.computeIfAbsent(key, unused -> new ReentrantLock());
        lock.lock();
        try (FileChannel channel = FileChannel.open(beside(".lock"), TO_LOCK, privateMode())) {
            channel.lock();
            RegistryText text = read();
            List<Claim> before = List.copyOf(text.claims());
            T result = change.apply(text.claims());
            if (!before.equals(text.claims())) {
                replace(text.print());
            }
            return result;
        } catch (OverlappingFileLockException foreign) {
            throw new IOException(
                    file + " is locked by another copy of this library in this JVM; load it once", foreign);
        } finally {
            lock.unlock();
        }
    }

    private void replace(String text) throws IOException {
        Path fresh = beside("." + ProcessHandle.current().pid() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(fresh, TO_REPLACE, privateMode())) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            discard(fresh, failed);
            throw new IOException(
                    "the port registry " + file + " could not be written, and is as it was: " + failed.getMessage(),
                    failed);
        }
        syncDirectory();
    }

    private static void discard(Path fresh, IOException failed) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /** Makes the new name survive a power cut; where a directory cannot be opened, the system sees to it itself. */
    private void syncDirectory() {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notHere) {
            // The file itself is written and in place.
        }
    }

    private Path beside(String ending) {
        return directory.resolve(file.getFileName() + ending);
    }

    private FileAttribute<?>[] privateMode() {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }
}
