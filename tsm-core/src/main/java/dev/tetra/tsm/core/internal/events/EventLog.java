package dev.tetra.tsm.core.internal.events;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceEvent;
import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to a file, one line each, mode 0600. Each line is one write(2) with O_APPEND. A line that was torn, by a kill
 * or a full disk, gets its newline before the next one is written; readers pass over it. What cannot be written is dropped,
 * counted and complained of once: supervision never waits for a disk that is full. At its largest size the file becomes
 * {@code NAME.1} by rename(2), in place of an older one.
 *
 * <p><em>Safe for use by many threads;</em> for one writing process at a time.
 */
public final class EventLog implements Closeable {
    /** A file is not made larger. */
    public static final long LARGEST = 8L << 20;

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final Path path;
    private final File file;
    private final long largest;

    /** What is written to; null until the first event and after a rotation or a failure. Guarded by this, as all below. */
    private @Nullable FileOutputStream out;

    /** How large the file is if nobody else touched it. */
    private long size;

    /** Whether the file's last line may lack its newline. */
    private boolean torn;

    private boolean complained;
    private boolean closed;
    private long dropped;

    /** The log in that file, which need not exist. Nothing is opened before the first event. */
    public EventLog(Path path) {
        this(path, LARGEST);
    }

    /** The same with another largest size, in bytes. */
    EventLog(Path path, long largest) {
        this.path = path;
        this.file = path.toFile();
        this.largest = largest;
    }

    /** Where the events go that no longer fit into that file. */
    static Path older(Path path) {
        return path.resolveSibling(path.getFileName() + ".1");
    }

    /** Adds an event. Never throws; after {@link #close()} it is dropped. */
    public synchronized void append(ServiceEvent event) {
        if (closed) {
            dropped++;
            return;
        }
        try {
            write(EventJson.line(event));
            complained = false;
        } catch (IOException | RuntimeException refused) {
            dropped++;
            abandon();
            if (!complained) {
                complained = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "events are not kept while " + path + " cannot be written: " + refused.getMessage());
            }
        }
    }

    private void write(byte[] line) throws IOException {
        if (out != null && file.length() != size) {
            // Somebody removed or cut the file: what is written to the old one, nobody would find.
            abandon();
        }
        if (out == null) {
            open();
        }
        if (size > 0 && size + line.length + 1 > largest) {
            rotate();
        }
        byte[] whole = torn ? afterNewline(line) : line;
        // A stream and no channel: a channel is closed for all when one of its threads is interrupted.
        requireNonNull(out).write(whole);
        torn = false;
        size += whole.length;
    }

    private static byte[] afterNewline(byte[] line) {
        byte[] whole = new byte[line.length + 1];
        whole[0] = '\n';
        System.arraycopy(line, 0, whole, 1, line.length);
        return whole;
    }

    private void open() throws IOException {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException usual) {
            if (!Files.isRegularFile(path)) {
                throw new IOException("it is no regular file; move it away", usual);
            }
        }
        out = new FileOutputStream(file, true);
        size = file.length();
        torn = size > 0 && !endsWithNewline();
    }

    private boolean endsWithNewline() throws IOException {
        try (RandomAccessFile reader = new RandomAccessFile(file, "r")) {
            reader.seek(Math.max(0, reader.length() - 1));
            return reader.read() == '\n';
        }
    }

    private void rotate() throws IOException {
        abandon();
        Files.move(path, older(path), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        open();
    }

    private void abandon() {
        FileOutputStream old = out;
        out = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException lost) {
                // Each line was written or counted as dropped before.
            }
        }
    }

    /** How many events could not be written. */
    public synchronized long dropped() {
        return dropped;
    }

    @Override
    public synchronized void close() {
        closed = true;
        abandon();
    }
}
