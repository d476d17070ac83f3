package dev.tetra.tsm.core.internal.events;

import dev.tetra.tsm.core.ServiceEvent;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files of an event log as they are at one moment: whatever is renamed afterwards, these stay. Lines that say no event
 * are passed over. <em>For one thread at a time.</em>
 */
public final class EventFiles implements Closeable {
    private final @Nullable Opened current;
    private final @Nullable Opened older;

    private EventFiles(@Nullable Opened current, @Nullable Opened older) {
        this.current = current;
        this.older = older;
    }

    /** An open file, and which one it is: an inode is not used again while it is open. */
    record Opened(FileChannel channel, Object key) {}

    /** Opens the log of that name; one that does not exist is empty. */
    public static EventFiles open(Path file) throws IOException {
        while (true) {
            Opened current = opened(file);
            Opened older;
            try {
                older = opened(EventLog.older(file));
            } catch (IOException | RuntimeException failed) {
                if (current != null) {
                    current.channel().close();
                }
                throw failed;
            }
            if (current == null || older == null || !current.key().equals(older.key())) {
                return new EventFiles(current, older);
            }
            // It was renamed between the two looks.
            current.channel().close();
            older.channel().close();
        }
    }

    /** The file that has this name now; null if there is none. */
    static @Nullable Opened opened(Path file) throws IOException {
        while (true) {
            Object before = keyOf(file);
            if (before == null) {
                return null;
            }
            FileChannel channel;
            try {
                channel = FileChannel.open(file);
            } catch (NoSuchFileException goneAgain) {
                return null;
            }
            if (before.equals(keyOf(file))) {
                return new Opened(channel, before);
            }
            channel.close();
        }
    }

    /** Which file has this name now; null if there is none. */
    static @Nullable Object keyOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** The file that is written to; null if there is none. */
    @Nullable Opened current() {
        return current;
    }

    /** The file that was written to before; null if there is none. */
    @Nullable Opened older() {
        return older;
    }

    /**
     * The last events of that kind, newest last.
     *
     * @param most how many, at least 0
     */
    public List<ServiceEvent> last(int most, Predicate<? super ServiceEvent> which) throws IOException {
        return last(most, which, current == null ? 0 : current.channel().size());
    }

    /** The same of what the current file has up to that size, and of the older one. */
    List<ServiceEvent> last(int most, Predicate<? super ServiceEvent> which, long size) throws IOException {
        if (most < 0) {
            throw new IllegalArgumentException("number of events negative: " + most);
        }
        List<ServiceEvent> found = new ArrayList<>();
        if (current != null) {
            collect(current.channel(), size, most, which, found);
        }
        if (older != null) {
            collect(older.channel(), older.channel().size(), most, which, found);
        }
        Collections.reverse(found);
        return found;
    }

    private static void collect(
            FileChannel channel, long size, int most, Predicate<? super ServiceEvent> which, List<ServiceEvent> found)
            throws IOException {
        BackwardLines lines = new BackwardLines(channel, size, EventJson.LONGEST_LINE);
        // What has no newline yet is half an event, or a torn one.
        byte[] line = lines.previous();
        while (found.size() < most && line != null) {
            line = lines.previous();
            ServiceEvent event = line == null ? null : event(line);
            if (event != null && which.test(event)) {
                found.add(event);
            }
        }
    }

    /** The event that a line says; null if it says none. */
    static @Nullable ServiceEvent event(byte[] line) {
        if (line.length == 0) {
            return null;
        }
        try {
            return EventJson.parse(line);
        } catch (IOException torn) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (older != null) {
                older.channel().close();
            }
        } finally {
            if (current != null) {
                current.channel().close();
            }
        }
    }
}
