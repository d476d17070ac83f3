package dev.tetra.tsm.core.internal.wire;

import dev.tetra.tsm.core.internal.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A connection that carries one JSON object a line. <em>For one thread at a time</em>, but for {@link #close()}. */
public final class LineSocket implements AutoCloseable {
    private static final long PAUSE_NANOS = 100_000;

    private final SocketChannel channel;
    private final int longest;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10).flip();

    /** @param longest the most bytes of a line that it reads */
    public LineSocket(SocketChannel channel, int longest) {
        this.channel = channel;
        this.longest = longest;
    }

    /**
     * The next object, as {@link #read()}, if it begins within that time.
     *
     * @throws java.io.InterruptedIOException if it does not
     */
    public @Nullable JsonObject read(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        channel.configureBlocking(false);
        buffer.clear();
        int count = channel.read(buffer);
        while (count == 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new InterruptedIOException("no answer within " + limit.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            count = channel.read(buffer);
        }
        buffer.flip();
        channel.configureBlocking(true);
        return count < 0 ? null : read();
    }

    /** The next object; null when the other side has closed. @throws IOException if the line is no JSON object */
    public @Nullable JsonObject read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        while (true) {
            int from = buffer.position();
            int to = from;
            while (to < buffer.limit() && buffer.get(to) != '\n') {
                to++;
            }
            line.write(buffer.array(), from, to - from);
            if (line.size() > longest) {
                throw new IOException("a line of more than " + longest + " bytes on the manager socket");
            }
            if (to < buffer.limit()) {
                buffer.position(to + 1);
                return JsonObject.parse(line.toByteArray());
            }
            buffer.clear();
            int count = channel.read(buffer);
            buffer.flip();
            if (count < 0) {
                return null;
            }
        }
    }

    /** Sends an object as one line. */
    public void write(JsonObject object) throws IOException {
        byte[] text = object.toBytes();
        ByteBuffer out =
                ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
