package dev.tetra.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Text on its way out, in UTF-8: collected, and written when flushed. <em>For one thread at a time.</em> */
final class Output {
    private static final int ENOUGH = 64 * 1024;

    private final OutputStream stream;
    private final StringBuilder pending = new StringBuilder(512);

    Output(OutputStream stream) {
        this.stream = stream;
    }

    /** Where text for this output is put together. */
    StringBuilder text() {
        return pending;
    }

    /** Adds a line. */
    void line(String line) {
        pending.append(line).append('\n');
        if (pending.length() > ENOUGH) {
            flush();
        }
    }

    /**
     * Writes what was collected.
     *
     * @throws OutputException if nobody takes it
     */
    void flush() {
        if (pending.length() == 0) {
            return;
        }
        byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8);
        pending.setLength(0);
        try {
            stream.write(bytes);
            stream.flush();
        } catch (IOException refused) {
            throw new OutputException(refused);
        }
    }
}
