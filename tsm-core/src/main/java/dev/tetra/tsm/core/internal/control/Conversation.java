package dev.tetra.tsm.core.internal.control;

import dev.tetra.tsm.core.internal.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client of one control socket: a line, its answer, the next line. While an answer is made or sent nothing is read, so that
 * a client holds a line and an answer of memory at most. <em>For the thread of {@link ControlSockets}.</em>
 */
final class Conversation {
    private final ServedSocket served;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final RequestLines lines = new RequestLines();

    /** What is still to be sent. */
    private @Nullable ByteBuffer answer;

    private boolean answering;
    private boolean last;

    /** When it was accepted or answered, or its answer was begun; of {@link System#nanoTime}. */
    private long since;

    Conversation(ServedSocket served, SocketChannel channel, SelectionKey key, long now) {
        this.served = served;
        this.channel = channel;
        this.key = key;
        this.since = now;
    }

    ServedSocket served() {
        return served;
    }

    /** Reads what has come. */
    void read() throws IOException {
        lines.readFrom(channel);
    }

    /** The next line to be answered; null when there is none now. */
    @Nullable String next() {
        return isBusy() || last ? null : lines.next();
    }

    /** Whether what came is no line, being too long. */
    boolean isOverfull() {
        return !isBusy() && !last && lines.isOverfull();
    }

    /** Whether an answer is being made or sent. */
    boolean isBusy() {
        return answering || answer != null;
    }

    /** Whether an answer is being made. */
    boolean isAnswering() {
        return answering;
    }

    /** Somebody makes the answer. */
    void begin() {
        answering = true;
    }

    /** Sends an answer, as far as the client takes it. */
    void answer(JsonObject object, long now) throws IOException {
        byte[] text = object.toBytes();
        answering = false;
        answer = ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
        since = now;
        write(now);
    }

    /** Goes on sending. */
    void write(long now) throws IOException {
        ByteBuffer rest = answer;
        if (rest != null) {
            channel.write(rest);
            if (!rest.hasRemaining()) {
                answer = null;
                since = now;
            }
        }
    }

    /** It ends after the answer that is under way. */
    void endSoon() {
        last = true;
    }

    /** Whether nothing more will happen. */
    boolean isOver() {
        return !isBusy() && (last || lines.isEnded());
    }

    /** For how long it has been idle, or has not taken its answer. */
    long idleNanos(long now) {
        return answering ? 0 : now - since;
    }

    /** Has the selector say what it waits for. */
    void await() {
        key.interestOps(answer != null ? SelectionKey.OP_WRITE : answering ? 0 : SelectionKey.OP_READ);
    }

    void close() {
        served.conversations().remove(this);
        try {
            channel.close();
        } catch (IOException gone) {
            // Nobody is there to be told.
        }
    }
}
