package dev.tetra.tsm.core.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The last lines that a log got since a moment, for the message about a start that failed. */
public final class LogTail {
    private static final int LINES = 10;
    private static final int BYTES = 8 << 10;

    private LogTail() {}

    /**
     * The last ten lines from that position on, each after {@code label: }; none if the log cannot be read.
     *
     * @param position the log's size at that moment, in bytes
     */
    public static List<String> since(Path log, long position, String label) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(Math.min(position, file.length()), file.length() - BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines = new ArrayList<>();
            for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank()) {
                    lines.add(label + ": " + line.stripTrailing());
                }
            }
            return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
