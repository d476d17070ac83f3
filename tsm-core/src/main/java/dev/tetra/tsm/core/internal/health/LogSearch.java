package dev.tetra.tsm.core.internal.health;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a match in the whole lines that a log got since a launch, each byte once. <em>For one thread at a time.</em>
 *
 * <p>The log may change under it: be replaced by another file, be emptied, or lose blocks at its beginning while more is
 * added at its end. So it remembers what came before its place and finds that again, wherever it is by then. Lines that are
 * gone before anybody looked are not seen; lines may be seen twice.
 */
final class LogSearch implements AutoCloseable {
    /** No more of a line is searched. */
    static final int LONGEST_LINE = 64 << 10;

    /** By how much the beginning of a file can be cut: whole blocks of it, which are no smaller. */
    static final int BLOCK = 4096;

    private static final int REMEMBERED = 512;

    /** So many bytes that are the same are no accident. */
    private static final int TELLING = 64;

    /** What one look reads and searches at most, so that no log keeps a worker for long. */
    private static final int BYTES_PER_LOOK = 1 << 20;

    private static final long STEPS_PER_LOOK = 8_000_000;

    private final Path log;
    private final LineMatch match;
    private final byte[] block = new byte[16 << 10];
    private @Nullable RandomAccessFile file;
    private @Nullable Object key;

    /** How far it has been read, and what is right before that. */
    private long position;

    private byte[] before = new byte[0];

    private byte[] line = new byte[256];
    private int length;
    private boolean found;

    /** @param start how long the log was at the launch, in bytes */
    LogSearch(Path log, long start, LineMatch match) {
        this.log = log;
        this.position = start;
        this.match = match;
    }

    /** Whether a match was found by now. */
    boolean isFound() {
        return found;
    }

    /**
     * Goes on.
     *
     * @return whether it has come to the end; false if there is more to read
     * @throws IOException if it cannot be read
     */
    boolean look() throws IOException {
        if (found) {
            return true;
        }
        if (file == null && !open()) {
            return true;
        }
        boolean replaced = !isSame(key, keyOf(log));
        boolean atEnd = read();
        if (atEnd && replaced && !found) {
            close();
            position = 0;
            before = new byte[0];
            length = 0;
            return !open() || read();
        }
        return atEnd || found;
    }

    private static boolean isSame(@Nullable Object one, @Nullable Object other) {
        // A file that is gone for a moment may still be written to.
        return other == null || other.equals(one);
    }

    private static @Nullable Object keyOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException absent) {
            return null;
        }
    }

    private boolean open() throws IOException {
        key = keyOf(log);
        if (key == null) {
            return false;
        }
        RandomAccessFile opened = new RandomAccessFile(log.toFile(), "r");
        file = opened;
        if (position > opened.length()) {
            position = 0;
        }
        remember(opened);
        return true;
    }

    private void remember(RandomAccessFile opened) throws IOException {
        int count = (int) Math.min(REMEMBERED, position);
        before = new byte[count];
        opened.seek(position - count);
        opened.readFully(before);
    }

    private boolean read() throws IOException {
        RandomAccessFile opened = file;
        if (opened == null) {
            return true;
        }
        if (!isBefore(opened, position)) {
            position = moved(opened);
        }
        long steps = match.stepsTaken();
        int left = BYTES_PER_LOOK;
        opened.seek(position);
        while (!found) {
            if (left <= 0 || match.stepsTaken() - steps > STEPS_PER_LOOK) {
                return false;
            }
            int count = opened.read(block);
            if (count <= 0) {
                return true;
            }
            int taken = take(count, steps);
            position += taken;
            left -= taken;
            remember(taken);
            if (taken < count) {
                return false;
            }
        }
        return true;
    }

    /** Keeps the last bytes of what has been read. */
    private void remember(int taken) {
        int count = Math.min(REMEMBERED, before.length + taken);
        byte[] next = new byte[count];
        int fresh = Math.min(count, taken);
        System.arraycopy(before, before.length - (count - fresh), next, 0, count - fresh);
        System.arraycopy(block, taken - fresh, next, count - fresh, fresh);
        before = next;
    }

    /** Where the place is that was at {@link #position}: earlier by whole blocks, or at the beginning of another text. */
    private long moved(RandomAccessFile opened) throws IOException {
        long end = opened.length();
        // From the beginning on: a text that repeats itself is rather read twice than not at all.
        for (long candidate = position % BLOCK; candidate < position && candidate <= end; candidate += BLOCK) {
            if (candidate >= Math.min(TELLING, before.length) && isBefore(opened, candidate)) {
                return candidate;
            }
        }
        length = 0;
        before = new byte[0];
        return 0;
    }

    /** Whether what was remembered ends there, as far as the file goes back. */
    private boolean isBefore(RandomAccessFile opened, long place) throws IOException {
        int count = (int) Math.min(before.length, place);
        if (place > opened.length()) {
            return false;
        }
        byte[] there = new byte[count];
        opened.seek(place - count);
        for (int read = 0; read < count; ) {
            int more = opened.read(there, read, count - read);
            if (more <= 0) {
                return false;
            }
            read += more;
        }
        return Arrays.equals(there, 0, count, before, before.length - count, before.length);
    }

    /** Searches the lines of the block; stops after a line when that was enough for one look. @return how many bytes it took */
    private int take(int count, long steps) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (block[i] == '\n') {
                append(from, i);
                String text = new String(line, 0, length, StandardCharsets.UTF_8);
                length = 0;
                from = i + 1;
                found = match.isIn(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
                if (found || match.stepsTaken() - steps > STEPS_PER_LOOK) {
                    return from;
                }
            }
        }
        append(from, count);
        return count;
    }

    private void append(int from, int to) {
        int room = Math.min(to - from, LONGEST_LINE - length);
        if (length + room > line.length) {
            line = Arrays.copyOf(line, Math.max(length + room, Math.min(LONGEST_LINE, 2 * line.length)));
        }
        System.arraycopy(block, from, line, length, room);
        length += room;
    }

    @Override
    public void close() {
        RandomAccessFile opened = file;
        file = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException closedAllTheSame) {
                // A descriptor is given back whatever close(2) says.
            }
        }
    }
}
