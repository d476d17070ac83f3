package dev.tetra.examples.text;

/** How many columns of a terminal a text takes, and what fits into some of them (after wcwidth(3)). */
final class Width {
    private static final char ELLIPSIS = '…';

    private Width() {}

    /** The columns of the whole text. */
    static int of(String text) {
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
        boolean wide = character >= 0x1100 && character <= 0x115f
                || character >= 0x2e80 && character <= 0x303e
                || character >= 0x3041 && character <= 0xa4cf
                || character >= 0xac00 && character <= 0xd7a3
                || character >= 0xf900 && character <= 0xfaff
                || character >= 0xfe30 && character <= 0xfe6f
                || character >= 0xff00 && character <= 0xff60
                || character >= 0xffe0 && character <= 0xffe6
                || character >= 0x1f300 && character <= 0x1faff
                || character >= 0x20000 && character <= 0x3fffd;
        return wide ? 2 : 1;
    }

    /** Control characters made harmless: a table has one line a row, and a terminal obeys nobody's text. */
    static String printable(String text) {
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
    static String cutEnd(String text, int columns) {
        return of(text) <= columns ? text : columns < 1 ? "" : head(text, columns - 1) + ELLIPSIS;
    }

    /** The beginning and the end of the text that fit, with a mark between them if there was more. */
    static String cutMiddle(String text, int columns) {
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
        return text.substring(0, end);
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
