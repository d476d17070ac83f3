package dev.tetra.tsm.core.internal.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a client sends into lines, in memory for one line. The last line needs no end. <em>For one thread at a time.</em>
 */
final class RequestLines {
    /** No line is longer, in bytes. */
    static final int LONGEST = 4096;

    /** What has come and is in no line yet, from 0 to its position. */
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST + 1);

    private boolean ended;

    /** Takes what the channel has, as far as there is room. @return whether anything came, be it the end */
    boolean readFrom(ReadableByteChannel channel) throws IOException {
        int count = channel.read(buffer);
        ended |= count < 0;
        return count != 0;
    }

    /** The next line without its end; null when none is whole. Bytes that are no UTF-8 become question marks. */
    @Nullable String next() {
        for (int i = 0; i < buffer.position(); i++) {
            if (buffer.get(i) == '\n') {
                return take(i, i + 1);
            }
        }
        return ended && buffer.position() > 0 && !isOverfull() ? take(buffer.position(), buffer.position()) : null;
    }

    private String take(int end, int next) {
        String line = new String(buffer.array(), 0, end, StandardCharsets.UTF_8);
        buffer.flip().position(next);
        buffer.compact();
        return line;
    }

    /** Whether what is there is longer than a line may be; asked when {@link #next} has none. */
    boolean isOverfull() {
        return !buffer.hasRemaining();
    }

    /** Whether no more will come. */
    boolean isEnded() {
        return ended;
    }
}
