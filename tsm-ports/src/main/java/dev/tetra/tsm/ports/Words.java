package dev.tetra.tsm.ports;

import java.util.ArrayList;
import java.util.List;

/** Argument vectors and lines of text, cut and joined without a shell. */
final class Words {

    private Words() {}

    /** The parts between the separators, empty ones included. */
    static List<String> fields(String line, char separator) {
        List<String> fields = new ArrayList<>();
        int begin = 0;
        for (int end = line.indexOf(separator); end >= 0; end = line.indexOf(separator, begin)) {
            fields.add(line.substring(begin, end));
            begin = end + 1;
        }
        fields.add(line.substring(begin));
        return fields;
    }

    /**
     * The words between blanks; simple quotes keep blanks inside a word, and are dropped.
     *
     * @throws IllegalArgumentException if a quote is not closed
     */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed: " + text);
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** The last part of a path: {@code python3} of {@code /usr/bin/python3}. */
    static String baseName(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    /** The text with each control character shown as a question mark, so that it stays on its line. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return shown.toString();
    }
}
