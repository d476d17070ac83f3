package dev.tetra.tsm.core;

import java.util.ArrayList;
import java.util.List;

/**
 * A command in one line, as words: separated by blanks; {@code '…'} keeps everything, {@code "…"} everything but
 * {@code \"} and {@code \\}, and a backslash the next character (XCU 2.2 without its expansions). No shell reads it.
 */
public final class Words {
    private Words() {}

    /** The words of a line. @throws IllegalArgumentException if a quote is not closed */
    public static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean open = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                if (open) {
                    words.add(word.toString());
                    word.setLength(0);
                    open = false;
                }
                continue;
            }
            open = true;
            if (c == '\'' || c == '"') {
                i = quoted(line, i, word);
            } else if (c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else {
                word.append(c);
            }
        }
        if (open) {
            words.add(word.toString());
        }
        return words;
    }

    /** Takes in what is between quotes. @return where the closing one is */
    private static int quoted(String line, int begin, StringBuilder word) {
        char quote = line.charAt(begin);
        for (int i = begin + 1; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == quote) {
                return i;
            }
            boolean escapes = quote == '"' && c == '\\' && i + 1 < line.length();
            if (escapes && (line.charAt(i + 1) == '"' || line.charAt(i + 1) == '\\')) {
                word.append(line.charAt(++i));
            } else {
                word.append(c);
            }
        }
        throw new IllegalArgumentException("the quote " + quote + " is not closed: " + line);
    }

    /** A line that {@link #split} reads as these words. */
    public static String join(List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (line.length() > 0) {
                line.append(' ');
            }
            line.append(isPlain(word) ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return line.toString();
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (" \t\n\r'\"\\".indexOf(word.charAt(i)) >= 0) {
                return false;
            }
        }
        return !word.isEmpty();
    }
}
