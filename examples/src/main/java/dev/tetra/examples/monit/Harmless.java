package dev.tetra.examples.monit;

import dev.tetra.examples.text.Width;

/**
 * Text of services made fit for a screen: no escape sequence, no control character and no change of the writing direction
 * reaches the terminal.
 */
final class Harmless {
    private static final char ESCAPE = '\u001b';
    private static final char BELL = '\u0007';
    private static final int TAB = 8;

    private Harmless() {}

    /**
     * One line of a log: sequences of ECMA-48 are left out whole, so that a coloured log reads well; tabs become blanks, and
     * all else that is no character becomes a dot.
     */
    static String text(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (isUnfit(line.charAt(i))) {
                return mended(line);
            }
        }
        return line;
    }

    private static String mended(String line) {
        StringBuilder clean = new StringBuilder(line.length());
        int end = line.endsWith("\r") ? line.length() - 1 : line.length();
        int column = 0;
        int counted = 0;
        for (int i = 0; i < end; ) {
            char character = line.charAt(i);
            if (character == ESCAPE) {
                i = afterSequence(line, i, end);
                continue;
            }
            if (character == '\t') {
                column += Width.of(clean.substring(counted));
                clean.append(" ".repeat(TAB - column % TAB));
                column += TAB - column % TAB;
                counted = clean.length();
            } else {
                clean.append(isUnfit(character) ? '·' : character);
            }
            i++;
        }
        return clean.toString();
    }

    /** Where the sequence that begins there is over; one that is never ended takes but its first characters with it. */
    private static int afterSequence(String line, int escape, int end) {
        int i = escape + 1;
        if (i >= end) {
            return i;
        }
        char kind = line.charAt(i++);
        if (kind == '[') {
            while (i < end && line.charAt(i) >= 0x20 && line.charAt(i) <= 0x3f) {
                i++;
            }
            return i < end && line.charAt(i) >= 0x40 && line.charAt(i) <= 0x7e ? i + 1 : i;
        }
        if (kind == ']' || kind == 'P' || kind == '_' || kind == '^' || kind == 'X') {
            for (int j = i; j < end; j++) {
                if (line.charAt(j) == BELL) {
                    return j + 1;
                }
                if (line.charAt(j) == ESCAPE) {
                    return j + 1 < end && line.charAt(j + 1) == '\\' ? j + 2 : j;
                }
            }
            return i;
        }
        while (kind >= 0x20 && kind <= 0x2f && i < end) {
            kind = line.charAt(i++);
        }
        return kind >= 0x30 && kind <= 0x7e ? i : i - 1;
    }

    private static boolean isUnfit(char character) {
        return Character.isISOControl(character)
                || (character >= '\u2028' && character <= '\u202e')
                || (character >= '\u2066' && character <= '\u2069');
    }
}
