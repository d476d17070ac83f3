package dev.tetra.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files for people that are the old text or the new one, whatever happens: written beside, synced, renamed. */
final class WholeFile {
    /** For this user alone. */
    static final String PRIVATE = "rw-------";

    /** For everybody to read. */
    static final String PUBLIC = "rw-r--r--";

    private WholeFile() {}

    /** Replaces or makes a file; a link stays, and what it leads to is replaced. */
    static void write(Path file, String text, String permissions) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new IOException(file + " is a directory; name a file");
        }
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException(file + " cannot be written: there is no directory " + directory);
        }
        Path fresh = null;
        try {
            fresh = Files.createTempFile(directory, "." + target.getFileName(), ".tmp");
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(permissions));
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            if (fresh != null) {
                Files.deleteIfExists(fresh);
            }
            String reason = failed instanceof FileSystemException of ? of.getReason() : failed.getMessage();
            throw new IOException(
                    file + " cannot be written" + (reason == null ? " by this user" : ": " + reason), failed);
        }
    }
}
