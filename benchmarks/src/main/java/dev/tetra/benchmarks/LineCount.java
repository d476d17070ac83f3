package dev.tetra.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * What came of numbered lines. <em>Immutable.</em>
 *
 * @param missing lines that are nowhere
 * @param doubled lines that are there once more
 * @param torn lines that nobody wrote
 */
record LineCount(int missing, int doubled, int torn) {
    /** Counts nothing wrong. */
    static final LineCount WHOLE = new LineCount(0, 0, 0);

    /** A line without its end: a number of ten digits, a blank, and 88 times x. */
    private static final int LENGTH = 99;

    private static final int DIGITS = 10;

    /** Reads files one after the other, as if they were one. @param lines how many there should be, numbered from 0 */
    static LineCount of(List<Path> files, int lines) throws IOException {
        Counting counting = new Counting(lines);
        byte[] block = new byte[1 << 16];
        for (Path file : files) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                for (int read = in.read(block); read >= 0; read = in.read(block)) {
                    for (int i = 0; i < read; i++) {
                        counting.take(block[i]);
                    }
                }
            }
        }
        return counting.result();
    }

    /** Both together. */
    LineCount plus(LineCount other) {
        return new LineCount(missing + other.missing, doubled + other.doubled, torn + other.torn);
    }

    private static final class Counting {
        private final int lines;
        private final BitSet seen;
        private int doubled;
        private int torn;
        private int length;
        private long number;
        private boolean sound = true;

        Counting(int lines) {
            this.lines = lines;
            this.seen = new BitSet(lines);
        }

        void take(byte c) {
            if (c == '\n') {
                end();
                return;
            }
            if (length < DIGITS) {
                sound &= c >= '0' && c <= '9';
                number = number * 10 + (c - '0');
            } else {
                sound &= c == (length == DIGITS ? ' ' : 'x');
            }
            length++;
        }

        private void end() {
            if (!sound || length != LENGTH || number >= lines) {
                torn++;
            } else if (seen.get((int) number)) {
                doubled++;
            } else {
                seen.set((int) number);
            }
            length = 0;
            number = 0;
            sound = true;
        }

        LineCount result() {
            // What has no end is not a line, either.
            return new LineCount(lines - seen.cardinality(), doubled, torn + (length > 0 ? 1 : 0));
        }
    }
}
