package dev.tetra.examples;

import dev.tetra.examples.text.Style;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Status;
import java.nio.file.Path;

/** What a verb works with: the caller, the runtime directory, and where text goes. <em>For one thread at a time.</em> */
final class Console {
    private final Caller caller;
    private final Output out;
    private final Output err;
    private final Style style;
    private final RuntimeDirectory directory;

    Console(Caller caller, Output out, Output err) {
        this.caller = caller;
        this.out = out;
        this.err = err;
        this.style = caller.wantsColour() ? Style.COLOURED : Style.PLAIN;
        this.directory = RuntimeDirectory.of(caller.runtimeRoot());
    }

    Caller caller() {
        return caller;
    }

    /** Standard output. */
    Output out() {
        return out;
    }

    Style style() {
        return style;
    }

    /** The width of the terminal; 0 when there is none. */
    int columns() {
        return caller.columns();
    }

    RuntimeDirectory directory() {
        return directory;
    }

    /** A path as the caller means it. */
    Path resolve(String path) {
        return caller.cwd().resolve(path);
    }

    /** One sentence on standard error. */
    void complain(String sentence) {
        err.line("tsm: " + printable(sentence));
    }

    /** No word of a user, a file or a stranger's directory steers the terminal. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            printable.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
        }
        return printable.toString();
    }

    /** A line that explains the sentence before. */
    void detail(String line) {
        err.line("  " + line);
    }

    /** Sends everything on its way. */
    void flush() {
        out.flush();
        err.flush();
    }

    /** Sends complaints on their way, when there is nowhere to send output. */
    void flushErrors() {
        err.flush();
    }

    /** The colour of a status. */
    static Paint paint(Status status) {
        return switch (status) {
            case ONLINE -> Paint.GREEN;
            case STARTING, STOPPING, WAITING -> Paint.YELLOW;
            case STOPPED -> Paint.DIM;
            case CRASHED, ERRORED -> Paint.RED;
        };
    }
}
