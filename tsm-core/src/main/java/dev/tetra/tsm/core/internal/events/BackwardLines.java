package dev.tetra.tsm.core.internal.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a file from its end to its beginning, a block at a time. For one thread at a time. */
final class BackwardLines {
    private static final int BLOCK = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final FileChannel channel;
    private final int longest;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);

    /** Where the block begins in the file. */
    private long from;

    /** Where in the block the part ends that was not looked at yet. */
    private int rest;

    /** The end of the line whose beginning is further in front. */
    private byte[] end = NOTHING;

    private boolean tooLong;
    private boolean over;

    /**
     * @param to where in the file to begin
     * @param longest how many bytes a line may have; a longer one is given as an empty one
     */
    BackwardLines(FileChannel channel, long to, int longest) {
        this.channel = channel;
        this.from = to;
        this.longest = longest;
    }

    /**
     * The line in front of the last one, without its newline; the first time what comes after the file's last newline, which
     * is empty where each line has its own; null when there is none.
     */
    byte @Nullable [] previous() throws IOException {
        while (!over) {
            for (int i = rest - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    keep(i + 1);
                    rest = i;
                    return take();
                }
            }
            keep(0);
            rest = 0;
            if (from == 0) {
                over = true;
                return take();
            }
            load();
        }
        return null;
    }

    private void load() throws IOException {
        long to = from;
        from = Math.max(0, to - BLOCK);
        block.clear().limit((int) (to - from));
        while (block.hasRemaining()) {
            if (channel.read(block, from + block.position()) <= 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        rest = block.position();
    }

    private void keep(int begin) {
        int count = rest - begin;
        tooLong |= end.length + count > longest;
        if (tooLong) {
            end = NOTHING;
        } else if (count > 0) {
            byte[] joined = Arrays.copyOfRange(block.array(), begin, begin + count + end.length);
            System.arraycopy(end, 0, joined, count, end.length);
            end = joined;
        }
    }

    private byte[] take() {
        byte[] line = end;
        end = NOTHING;
        tooLong = false;
        return line;
    }
}
