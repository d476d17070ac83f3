package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * One line that a service wrote. <em>Immutable.</em>
 *
 * @param service the service's full name
 * @param stream where it wrote it
 * @param text the line without its newline; bytes that are not UTF-8 are replaced, and what is beyond
 *     {@link ServiceLogs#LONGEST_LINE} bytes is cut off, with a mark
 */
public record LogLine(String service, Stream stream, String text) {
    public LogLine {
        requireNonNull(service, "service");
        requireNonNull(stream, "stream");
        requireNonNull(text, "text");
    }

    /** Which of a service's log files a line is in. */
    public enum Stream {
        /** {@code current.out}: its standard output. */
        OUT,
        /** {@code current.err}: its standard error. */
        ERR,
        /** {@code wrapper.err}: what went wrong before it ran. */
        WRAPPER;

        private final String text = name().toLowerCase(Locale.ROOT);

        /** The word in JSON: the lower-case name. */
        public String text() {
            return text;
        }
    }
}
