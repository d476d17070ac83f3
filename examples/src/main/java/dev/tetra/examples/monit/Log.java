package dev.tetra.examples.monit;

import dev.tetra.tsm.core.LogLine;
import java.util.List;

/**
 * The last lines of a service, oldest first. <em>Immutable.</em>
 *
 * @param service whose; empty for nobody's
 * @param total how many lines were read since this log was opened; the last of {@code lines} has this number
 * @param lines the last of them, harmless
 * @param isRead whether all is there that was written when the log was opened
 */
record Log(String service, long total, List<LogLine> lines, boolean isRead) {
    /** Nobody's. */
    static final Log NONE = new Log("", 0, List.of(), false);

    Log {
        lines = List.copyOf(lines);
    }
}
