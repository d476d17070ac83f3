package dev.tetra.tsm.core.internal.logs;

import dev.tetra.tsm.core.internal.StateFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down how far a stream had come at which second. Nothing is written while nothing is added to the stream. What
 * cannot be written is thrown, and written at the next note. <em>For one thread at a time.</em>
 */
final class LogIndexWriter {
    /** What is long ago is known to about that. */
    private static final long CLOSE_SECONDS = 60;

    private final Path file;
    private int records;
    private long lastSecond;
    private long lastOffset;
    /** Whether nobody watched for a while since the last record. */
    private boolean gap;

    private LogIndexWriter(Path file) {
        this.file = file;
    }

    /**
     * Goes on with the index in that file; one that is damaged is begun anew.
     *
     * @param fresh whether somebody watched since the first byte, if nothing is noted yet
     */
    static LogIndexWriter open(Path file, boolean fresh) throws IOException {
        LogIndexWriter writer = new LogIndexWriter(file);
        try {
            List<LogIndex.Entry> entries = entries(file);
            writer.records = entries.size();
            if (!entries.isEmpty()) {
                LogIndex.Entry last = entries.get(entries.size() - 1);
                writer.lastSecond = last.second();
                writer.lastOffset = last.offset();
            }
            writer.gap = !fresh || writer.records > 0;
        } catch (IOException damaged) {
            Files.deleteIfExists(file);
            writer.gap = true;
        }
        return writer;
    }

    private static List<LogIndex.Entry> entries(Path file) throws IOException {
        LogIndex index = LogIndex.read(file);
        List<LogIndex.Entry> entries = new ArrayList<>(index.size());
        LogIndex.Entry before = new LogIndex.Entry(0, 0, true);
        for (int i = 0; i < index.size(); i++) {
            LogIndex.Entry entry = index.entry(i);
            if (entry.second() < before.second() || entry.offset() < before.offset()) {
                throw new IOException("the index goes backwards at record " + i);
            }
            entries.add(entry);
            before = entry;
        }
        return entries;
    }

    /** Nobody watched for a while. */
    void missed() {
        gap = true;
    }

    /**
     * At that second the stream ends at that offset.
     *
     * @param liveStart where the file begins that is being written
     */
    void note(long second, long offset, long liveStart) throws IOException {
        if (second < lastSecond || offset < lastOffset) {
            takeBack(second, offset < lastOffset ? Math.min(liveStart, offset) : offset);
        }
        if (offset == lastOffset) {
            // What comes next comes after now, whether or not somebody watched until here.
            gap = false;
            return;
        }
        if (records > 0 && second == lastSecond) {
            return;
        }
        if (records == LogIndex.MOST_RECORDS) {
            thin();
        }
        append(new LogIndex.Entry(second, offset, !gap));
        gap = false;
    }

    private void append(LogIndex.Entry next) throws IOException {
        StateFile.createIfAbsent(file);
        LogIndex.Entry entry = next;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.size() < (long) records * LogIndex.RECORD) {
                // Somebody removed it, or made the service anew.
                channel.truncate(0);
                records = 0;
                entry = new LogIndex.Entry(next.second(), next.offset(), false);
            }
            // By position: part of a record that a full disk left is written over.
            ByteBuffer record = ByteBuffer.wrap(LogIndex.encode(entry));
            long position = (long) records * LogIndex.RECORD;
            while (record.hasRemaining()) {
                position += channel.write(record, position);
            }
        }
        records++;
        lastSecond = entry.second();
        lastOffset = entry.offset();
    }

    /** A clock was set back, or the log was truncated by somebody: what the index says of the time after is not so. */
    private void takeBack(long second, long offset) throws IOException {
        List<LogIndex.Entry> kept = new ArrayList<>();
        for (LogIndex.Entry entry : entries(file)) {
            if (entry.second() <= second && entry.offset() <= offset) {
                kept.add(entry);
            }
        }
        replace(kept);
        gap = true;
    }

    /** Nothing before that offset is there any more. One record from before it stays: it says when the rest began. */
    void forgetBefore(long offset) throws IOException {
        List<LogIndex.Entry> entries = entries(file);
        int from = 0;
        while (from + 1 < entries.size() && entries.get(from + 1).offset() <= offset) {
            from++;
        }
        if (from > 0) {
            replace(entries.subList(from, entries.size()));
        }
    }

    /** Every second record of the older half goes: what is long ago is known less exactly. */
    private void thin() throws IOException {
        List<LogIndex.Entry> entries = entries(file);
        List<LogIndex.Entry> kept = new ArrayList<>();
        boolean watched = true;
        for (int i = 0; i < entries.size(); i++) {
            LogIndex.Entry entry = entries.get(i);
            watched &= entry.watched();
            if (i < entries.size() / 2 && i % 2 == 1) {
                watched &= entries.get(i + 1).second() - entry.second() <= CLOSE_SECONDS;
            } else {
                kept.add(new LogIndex.Entry(entry.second(), entry.offset(), watched));
                watched = true;
            }
        }
        replace(kept);
    }

    private void replace(List<LogIndex.Entry> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(entries.size() * LogIndex.RECORD);
        for (LogIndex.Entry entry : entries) {
            bytes.writeBytes(LogIndex.encode(entry));
        }
        StateFile.writeUnsynced(file, bytes.toByteArray());
        records = entries.size();
        lastSecond = entries.isEmpty() ? 0 : entries.get(records - 1).second();
        lastOffset = entries.isEmpty() ? 0 : entries.get(records - 1).offset();
    }
}
