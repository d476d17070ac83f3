package dev.tetra.examples.text;

/** How many columns of a terminal a text takes, and what fits into some of them (after wcwidth(3)). */
public final class Width {
    private static final char ELLIPSIS = '…';

    /** First and last of each range that takes two columns: East Asian scripts, full-width forms, pictures. */
    private static final int[] WIDE = {
        0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60,
        0xffe0, 0xffe6, 0x1f300, 0x1faff, 0x20000, 0x3fffd
    };

    private Width() {}

    /** The columns of the whole text. */
    public static int of(String text) {
        int columns = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            columns += of(character);
            i += Character.charCount(character);
        }
        return columns;
    }

    private static int of(int character) {
        if (character < 0x300) {
            return 1;
        }
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int i = 0; i < WIDE.length; i += 2) {
            if (character >= WIDE[i] && character <= WIDE[i + 1]) {
                return 2;
            }
        }
        return 1;
    }

    /** Control characters made harmless: a table has one line a row, and a terminal obeys nobody's text. */
    public static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            clean.append(character == '\n' ? '⏎' : Character.isISOControl(character) ? '·' : character);
        }
        return clean.toString();
    }

    /** The beginning of the text that fits, with a mark if there was more. */
    public static String cutEnd(String text, int columns) {
        return of(text) <= columns ? text : columns < 1 ? "" : head(text, columns - 1) + ELLIPSIS;
    }

    /** The beginning and the end of the text that fit, with a mark between them if there was more. */
    public static String cutMiddle(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        if (columns < 3) {
            return cutEnd(text, columns);
        }
        int front = (columns - 1) / 2;
        return head(text, front) + ELLIPSIS + tail(text, columns - 1 - front);
    }

    private static String head(String text, int columns) {
        return text.substring(0, fitting(text, columns));
    }

    /** How many characters from the beginning of the text fit; those that take no column belong to the one before. */
    public static int fitting(String text, int columns) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            used += of(character);
            if (used > columns) {
                break;
            }
            end += Character.charCount(character);
        }
        return end;
    }

    private static String tail(String text, int columns) {
        int used = 0;
        int begin = text.length();
        while (begin > 0) {
            int character = text.codePointBefore(begin);
            used += of(character);
            if (used > columns) {
                break;
            }
            begin -= Character.charCount(character);
        }
        return text.substring(begin);
    }
}
