package dev.tetra.examples.text;

import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.LogLine.Stream;
import java.util.Set;

/** What the lines of a log look like wherever they are shown: {@code out| ready}. */
public final class LogText {
    /** What a shell says of a process that somebody ended; that is no news to those who ended it. */
    private static final Set<String> ENDINGS = Set.of("Terminated", "Killed", "Hangup", "Interrupt", "Quit");

    private LogText() {}

    /** What a log is called: {@code out}, {@code err}, {@code wrapper}. */
    public static String name(Stream stream) {
        return stream.text();
    }

    /** What stands before each of its lines. */
    public static String mark(Stream stream) {
        return stream.text() + "|";
    }

    /** Whether it only says that a process was ended. */
    public static boolean isNoise(LogLine line) {
        return isNoise(line.stream(), line.text());
    }

    private static boolean isNoise(Stream stream, String text) {
        return stream == Stream.WRAPPER && ENDINGS.contains(text.strip());
    }

    /** A line that an event or a failure keeps as {@code current.err: TEXT}, as it would be shown in the log. */
    public static String shown(String kept) {
        for (Stream stream : Stream.values()) {
            String file = stream.file() + ": ";
            if (kept.startsWith(file)) {
                return mark(stream) + " " + kept.substring(file.length());
            }
        }
        return kept;
    }

    /** Whether a line that an event keeps only says that a process was ended. */
    public static boolean isNoise(String kept) {
        String file = Stream.WRAPPER.file() + ": ";
        return kept.startsWith(file) && isNoise(Stream.WRAPPER, kept.substring(file.length()));
    }
}
