package dev.tetra.tsm.core.internal.logs;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * When what of a stream was written: records of 32 bytes, {@code SECOND OFFSET =}, in ascending order. A record says that at
 * that second of the epoch the stream ended at that offset. With {@code =} somebody watched, and what came since the record
 * before came within about a second; with {@code ?} nobody did, and it may have come at any time since then. Part of a
 * record at the end of the file is none. <em>Immutable.</em>
 */
public final class LogIndex {
    /** The size of a record in bytes. */
    static final int RECORD = 32;

    /** No index has more records. */
    static final int MOST_RECORDS = 8192;

    /** An index that knows nothing. */
    public static final LogIndex EMPTY = new LogIndex(new byte[0]);

    private static final int SECOND_DIGITS = 10;
    private static final int OFFSET_DIGITS = 18;
    private static final long LAST_SECOND = 9_999_999_999L;
    private static final long LAST_OFFSET = 999_999_999_999_999_999L;

    /** So close in time, it does not matter that nobody watched. */
    private static final long ABOUT_A_SECOND = 2;

    private final byte[] bytes;
    private final int records;

    private LogIndex(byte[] bytes) {
        this.bytes = bytes;
        this.records = bytes.length / RECORD;
    }

    /**
     * One record.
     *
     * @param second of the epoch
     * @param offset where the stream ended then
     * @param watched whether somebody watched since the record before
     */
    record Entry(long second, long offset, boolean watched) {}

    /**
     * Where to begin to read.
     *
     * @param offset the first byte that may be meant
     * @param exact whether it is known that nothing before the time is behind it, to about a second
     */
    public record Position(long offset, boolean exact) {}

    /** The index in that file; an empty one if there is none. @throws IOException if it cannot be read or is too large */
    public static LogIndex read(Path file) throws IOException {
        try (FileInputStream stream = new FileInputStream(file.toString())) {
            return parse(stream.readNBytes(MOST_RECORDS * RECORD + RECORD));
        } catch (FileNotFoundException unopened) {
            if (Files.exists(file)) {
                throw unopened;
            }
            return EMPTY;
        }
    }

    /** The index of these bytes. Records are looked at when they are needed. @throws IOException if they are too many */
    static LogIndex parse(byte[] bytes) throws IOException {
        if (bytes.length / RECORD > MOST_RECORDS) {
            throw new IOException("an index of more than " + MOST_RECORDS + " records");
        }
        return new LogIndex(bytes);
    }

    /** How many records it has. */
    int size() {
        return records;
    }

    /** A record. @throws IOException if it is damaged */
    Entry entry(int number) throws IOException {
        int at = number * RECORD;
        long second = digits(at, SECOND_DIGITS);
        long offset = digits(at + SECOND_DIGITS + 1, OFFSET_DIGITS);
        int kind = at + SECOND_DIGITS + OFFSET_DIGITS + 2;
        boolean watched = bytes[kind] == '=';
        boolean whole = second >= 0
                && offset >= 0
                && bytes[at + SECOND_DIGITS] == ' '
                && bytes[kind - 1] == ' '
                && (watched || bytes[kind] == '?')
                && bytes[kind + 1] == '\n';
        if (!whole) {
            throw new IOException("record " + number + " of the index is damaged");
        }
        return new Entry(second, offset, watched);
    }

    private long digits(int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            value = 10 * value + (bytes[i] - '0');
        }
        return value;
    }

    static byte[] encode(Entry entry) {
        byte[] record = new byte[RECORD];
        put(record, 0, SECOND_DIGITS, Math.max(0, Math.min(LAST_SECOND, entry.second())));
        record[SECOND_DIGITS] = ' ';
        put(record, SECOND_DIGITS + 1, OFFSET_DIGITS, Math.min(LAST_OFFSET, entry.offset()));
        record[RECORD - 3] = ' ';
        record[RECORD - 2] = (byte) (entry.watched() ? '=' : '?');
        record[RECORD - 1] = '\n';
        return record;
    }

    private static void put(byte[] record, int from, int count, long value) {
        byte[] digits = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            int at = i - (count - digits.length);
            record[from + i] = at < 0 ? (byte) '0' : digits[at];
        }
    }

    /** The second by which the byte at that offset was there, and about when it came; empty where nobody noted it. */
    public Optional<Instant> time(long offset) throws IOException {
        int number = firstBehind(offset);
        if (number == records) {
            return Optional.empty();
        }
        Entry entry = entry(number);
        boolean known = entry.watched()
                || (number > 0 && entry.second() - entry(number - 1).second() <= ABOUT_A_SECOND);
        return known ? Optional.of(Instant.ofEpochSecond(entry.second())) : Optional.empty();
    }

    /**
     * Where what was written at that time or later begins; empty if that is not known at all.
     *
     * @param end the offset behind the last byte
     * @param modified when the last byte was written, at the latest
     */
    public Optional<Position> since(Instant time, long end, Instant modified) throws IOException {
        if (records == 0) {
            return Optional.empty();
        }
        // A whole second counts: what came at 14:30:00.4 is noted as 14:30:00.
        int number = firstFrom(time.getEpochSecond());
        Entry before = number == 0 ? new Entry(0, 0, true) : entry(number - 1);
        if (number == records) {
            // What nobody noted yet came between the last record and the file's own time.
            boolean later = end > before.offset() && !modified.isBefore(time);
            boolean close = time.getEpochSecond() - before.second() <= ABOUT_A_SECOND;
            return Optional.of(later ? new Position(before.offset(), close) : new Position(end, true));
        }
        Entry entry = entry(number);
        boolean exact = entry.watched()
                || entry.offset() == before.offset()
                || entry.second() - before.second() <= ABOUT_A_SECOND;
        return Optional.of(new Position(before.offset(), exact));
    }

    private int firstBehind(long offset) throws IOException {
        int low = 0;
        int high = records;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entry(middle).offset() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int firstFrom(long second) throws IOException {
        int low = 0;
        int high = records;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entry(middle).second() >= second) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
