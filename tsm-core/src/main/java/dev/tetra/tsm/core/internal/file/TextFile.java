package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A service file as text. */
public final class TextFile {
    /** The most bytes of a service file. */
    public static final int LIMIT = 1 << 20;

    private TextFile() {}

    /**
     * The text of a regular file in UTF-8.
     *
     * @param title what messages about the text call it
     * @throws ServiceException {@code MISSING_FILE}, if there is none that can be read; {@code INVALID}, if it is too large or
     *     something else than UTF-8
     */
    public static String read(Path file, String title) {
        byte[] bytes = bytes(file);
        if (bytes.length > LIMIT) {
            throw new ServiceException(Reason.INVALID, file + " is larger than 1 MiB; no service file is");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        boolean wrong =
                StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError();
        String text = out.flip().toString();
        if (wrong) {
            throw new Problems(title).fatal(Mark.at(text, text.length()), "not UTF-8; save the file in that encoding");
        }
        return text;
    }

    private static byte[] bytes(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw missing("service file is a directory: " + file + "; name a file in it");
            }
            if (!attributes.isRegularFile()) {
                throw missing("service file is no regular file: " + file);
            }
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(LIMIT + 1);
            }
        } catch (NoSuchFileException e) {
            throw missing("service file not found: " + file + "; create it, or name another");
        } catch (AccessDeniedException e) {
            throw missing("service file cannot be read: " + file + ": permission denied");
        } catch (IOException e) {
            String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
            throw missing("service file cannot be read: " + file + ": " + reason);
        }
    }

    private static ServiceException missing(String message) {
        return new ServiceException(Reason.MISSING_FILE, message);
    }
}
