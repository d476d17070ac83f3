package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One line that a service wrote. <em>Immutable.</em>
 *
 * @param service the service's full name
 * @param stream where it wrote it
 * @param text the line without its newline; bytes that are not UTF-8 are replaced, and what is beyond
 *     {@link ServiceLogs#LONGEST_LINE} bytes is cut off, with a mark
 * @param time when it was written, to about a second; empty where nobody noted it
 */
public record LogLine(String service, Stream stream, String text, Optional<Instant> time) {
    public LogLine {
        requireNonNull(service, "service");
        requireNonNull(stream, "stream");
        requireNonNull(text, "text");
        requireNonNull(time, "time");
    }

    /** A line of which nobody knows when it was written. */
    public LogLine(String service, Stream stream, String text) {
        this(service, stream, text, Optional.empty());
    }

    /** Which of a service's log files a line is in. */
    public enum Stream {
        /** {@code current.out}: its standard output. */
        OUT("current.out"),
        /** {@code current.err}: its standard error. */
        ERR("current.err"),
        /** {@code wrapper.err}: what went wrong before it ran. */
        WRAPPER("wrapper.err");

        private final String text = name().toLowerCase(Locale.ROOT);
        private final String file;

        Stream(String file) {
            this.file = file;
        }

        /** The word in JSON: the lower-case name. */
        public String text() {
            return text;
        }

        /** The name of the file, in the service's directory. */
        public String file() {
            return file;
        }
    }
}
