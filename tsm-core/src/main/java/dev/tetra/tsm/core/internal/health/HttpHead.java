package dev.tetra.tsm.core.internal.health;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The head of an HTTP/1 answer (RFC 9112, 4), read byte by byte; only its status is kept. */
final class HttpHead {
    /** No more bytes of heads are read. */
    static final int LONGEST = 16 << 10;

    private static final int LONGEST_STATUS_LINE = 1024;

    private final StringBuilder statusLine = new StringBuilder();
    private boolean inStatusLine = true;
    private int lineLength;
    private int count;
    private int status;

    /**
     * Takes bytes until the head is whole; what comes after it is left in the buffer. Heads of interim answers (1xx) are
     * passed over.
     *
     * @return whether it is whole
     * @throws IOException if it is none, or has no end, with a clause that says so
     */
    boolean take(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (++count > LONGEST) {
                throw new IOException("the head of the answer has no end within " + LONGEST + " bytes");
            }
            char c = (char) (bytes.get() & 0xff);
            if (c == '\n') {
                if (endLine()) {
                    return true;
                }
            } else if (c != '\r') {
                lineLength++;
                takeOfLine(c);
            }
        }
        return false;
    }

    private void takeOfLine(char c) throws IOException {
        if (inStatusLine) {
            statusLine.append(c);
            if (statusLine.length() > LONGEST_STATUS_LINE) {
                throw new IOException("no HTTP: the first line of the answer has no end");
            }
        }
    }

    /** Ends a line. @return whether it ended the head */
    private boolean endLine() throws IOException {
        boolean empty = lineLength == 0;
        lineLength = 0;
        if (inStatusLine) {
            status = parse(statusLine.toString());
            inStatusLine = false;
            return false;
        }
        if (empty && status < 200) {
            inStatusLine = true;
            statusLine.setLength(0);
            return false;
        }
        return empty;
    }

    /** {@code HTTP/1.1 200 Reason}, where the reason may be absent and its blank too. */
    private static int parse(String line) throws IOException {
        int blank = line.indexOf(' ');
        int end = blank + 4;
        boolean isHttp = line.startsWith("HTTP/1.") && blank > 0 && line.length() >= end;
        int status = 0;
        for (int i = blank + 1; isHttp && i < end; i++) {
            char c = line.charAt(i);
            isHttp = c >= '0' && c <= '9';
            status = status * 10 + (c - '0');
        }
        if (!isHttp || status < 100 || (line.length() > end && line.charAt(end) != ' ')) {
            throw new IOException("no HTTP: the answer begins with "
                    + (line.isEmpty() ? "an empty line" : line.substring(0, Math.min(60, line.length()))));
        }
        return status;
    }

    /** The status, once the head is whole. */
    int status() {
        return status;
    }

    /** Whether nothing has come. */
    boolean isEmpty() {
        return count == 0;
    }
}
