package dev.tetra.tsm.core.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log got since a moment, for the message about a start that failed: all of it if that is little, else the beginning,
 * where many programs say what is wrong, and the end, where the others do.
 */
public final class LogTail {
    private static final int FIRST = 15;
    private static final int LAST = 15;
    private static final int BYTES = 1 << 20;

    /** In characters: nobody reads a megabyte that has no end of line. */
    private static final int LONGEST_LINE = 2000;

    private LogTail() {}

    /**
     * The lines from that position on, at most thirty, each after {@code label: }; none if the log cannot be read.
     *
     * @param position the log's size at that moment, in bytes
     */
    public static List<String> since(Path log, long position, String label) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.min(position, file.length());
            byte[] bytes = new byte[(int) Math.min(BYTES, file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines = new ArrayList<>();
            for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank()) {
                    lines.add(label + ": " + shortened(line.stripTrailing()));
                }
            }
            if (lines.size() <= FIRST + LAST) {
                return lines;
            }
            List<String> shown = new ArrayList<>(lines.subList(0, FIRST));
            shown.add(label + ": … " + (lines.size() - FIRST - LAST) + " lines more …");
            shown.addAll(lines.subList(lines.size() - LAST, lines.size()));
            return shown;
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_LINE
                ? line
                : line.substring(0, LONGEST_LINE) + "… " + (line.length() - LONGEST_LINE) + " characters more";
    }
}
