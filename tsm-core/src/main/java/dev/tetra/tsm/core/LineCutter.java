package dev.tetra.tsm.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts the bytes of a log into lines and keeps the beginning of the one that has no end yet. For one thread at a time. */
final class LineCutter {
    static final String CUT_MARK = " … [line cut]";

    private static final int BLOCK = 64 * 1024;

    private final int longest;
    private final Consumer<String> sink;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private byte[] line = new byte[256];
    private int length;
    private boolean cut;

    /**
     * @param longest how many bytes of a line are kept
     * @param sink what takes the lines
     */
    LineCutter(int longest, Consumer<String> sink) {
        this.longest = longest;
        this.sink = sink;
    }

    /** Where the last lines before {@code end} begin; an unended one counts as one. Reads backwards, block by block. */
    static long lastLines(FileChannel channel, long end, int lines) throws IOException {
        if (lines == 0) {
            return end;
        }
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, end));
        long newlines = 0;
        for (long from = end; from > 0; ) {
            long to = from;
            from = Math.max(0, to - BLOCK);
            block.clear().limit((int) (to - from));
            while (block.hasRemaining() && channel.read(block, from + block.position()) > 0) {}
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n' && from + i < end - 1 && ++newlines == lines) {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }

    /** Where the line that has no end yet begins; {@code end} if there is none. */
    static long unended(FileChannel channel, long end) throws IOException {
        if (end == 0) {
            return 0;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, end - 1);
        return last.get(0) == '\n' ? end : lastLines(channel, end, 1);
    }

    /**
     * Reads from one offset up to another, or to the end of the file if that comes first.
     *
     * @return the offset it came to
     */
    long read(FileChannel channel, long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            block.clear().limit((int) Math.min(BLOCK, to - position));
            int read = channel.read(block, position);
            if (read <= 0) {
                return position;
            }
            position += read;
            take(block.array(), read);
        }
        return position;
    }

    private void take(byte[] bytes, int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                append(bytes, from, i);
                deliver();
                from = i + 1;
            }
        }
        append(bytes, from, count);
    }

    private void append(byte[] bytes, int from, int to) {
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
        if (length > 0) {
            deliver();
        }
    }

    private void deliver() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        String whole = cut ? text + CUT_MARK : text;
        length = 0;
        cut = false;
        sink.accept(whole);
    }
}
