package dev.tetra.tsm.core.internal.logs;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Where the bytes of the file that a service appends to belong. <em>Immutable.</em>
 *
 * @param base the offset of the file's first byte
 * @param hidden how many bytes at its beginning are archived already and about to go
 */
record LogLayout(long base, long hidden) {
    private static final int TRIES = 100;

    /** The offset of the first byte that is in this file alone. */
    long start() {
        return base + hidden;
    }

    /**
     * The layout at a moment during the call. An archive gets its name while the mark stands and the mark goes with the
     * bytes; so without a mark, and with the same archives before and after the look at the file, they end where it begins.
     */
    static LogLayout of(LogFiles files, FileChannel live) throws IOException {
        long before = files.archivedEnd();
        for (int i = 0; ; i++) {
            CutMark mark = CutMark.read(live);
            if (mark != null && files.isArchivedUpTo(mark.end())) {
                return new LogLayout(mark.start(), mark.bytes());
            }
            long after = files.archivedEnd();
            if (before == after || i == TRIES) {
                return new LogLayout(after, 0);
            }
            before = after;
        }
    }
}
