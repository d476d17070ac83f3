package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.logs.LogView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts the bytes of a log into lines and keeps the beginning of the one that has no end yet. For one thread at a time. */
final class LineCutter {
    static final String CUT_MARK = " … [line cut]";

    private static final int BLOCK = 64 * 1024;

    private final int longest;
    private final Sink sink;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private byte[] line = new byte[256];
    private int length;
    private boolean cut;
    private boolean begun;
    private long start;

    /** Takes the lines. */
    interface Sink {
        /** Takes a line whose first byte is at that offset. */
        void line(long start, String text);
    }

    /**
     * @param longest how many bytes of a line are kept
     * @param sink what takes the lines
     */
    LineCutter(int longest, Sink sink) {
        this.longest = longest;
        this.sink = sink;
    }

    /** Where the last lines before {@code end} begin; an unended one counts as one. Reads backwards, block by block. */
    static long lastLines(LogView log, long end, int lines) throws IOException {
        if (lines == 0) {
            return end;
        }
        long first = log.first();
        ByteBuffer block = ByteBuffer.allocate((int) Math.max(0, Math.min(BLOCK, end - first)));
        long newlines = 0;
        for (long from = end; from > first; ) {
            long to = from;
            from = Math.max(first, to - BLOCK);
            block.clear().limit((int) (to - from));
            if (!log.fill(from, block)) {
                // What was here was removed meanwhile.
                return to;
            }
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n' && from + i < end - 1 && ++newlines == lines) {
                    return from + i + 1;
                }
            }
        }
        return Math.min(first, end);
    }

    /** Where the line begins that has no end yet at that offset; the offset itself if there is none. */
    static long unended(LogView log, long end) throws IOException {
        if (end <= log.first()) {
            return end;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        return !log.fill(end - 1, last) || last.get(0) == '\n' ? end : lastLines(log, end, 1);
    }

    /**
     * Reads from one offset up to another, or as far as there is something to read.
     *
     * @return the offset it came to
     */
    long read(LogView log, long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            block.clear().limit((int) Math.min(BLOCK, to - position));
            int read = log.read(position, block);
            if (read <= 0) {
                return position;
            }
            take(block.array(), read, position);
            position += read;
        }
        return position;
    }

    private void take(byte[] bytes, int count, long position) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                append(bytes, from, i, position);
                deliver();
                from = i + 1;
            }
        }
        if (from < count) {
            append(bytes, from, count, position);
        }
    }

    private void append(byte[] bytes, int from, int to, long position) {
        if (!begun) {
            start = position + from;
            begun = true;
        }
        int wanted = to - from;
        int room = Math.min(wanted, longest - length);
        cut |= room < wanted;
        if (length + room > line.length) {
            line = Arrays.copyOf(line, Math.max(length + room, Math.min(longest, 2 * line.length)));
        }
        System.arraycopy(bytes, from, line, length, room);
        length += room;
    }

    /** No more comes: hands over the line that has no end, if there is one. */
    void end() {
        if (begun) {
            deliver();
        }
    }

    private void deliver() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        String whole = cut ? text + CUT_MARK : text;
        length = 0;
        cut = false;
        begun = false;
        sink.line(start, whole);
    }
}
