package dev.tetra.tsm.ports;

import java.util.ArrayList;
import java.util.List;

/**
 * The places in an argument vector where the port's number goes: <code>{port}</code>, <code>${PORT}</code> and
 * <code>$PORT</code>, anywhere in a word.
 *
 * <p>No shell expands an argument vector, so we fill them. Only the script of {@code sh -c} is left to its shell as far
 * as <code>$PORT</code> goes: that shell has PORT in its environment and knows its own quotes.
 */
final class Placeholders {

    private static final String PORT = "{port}";
    private static final String BRACED = "${PORT}";
    private static final String PLAIN = "$PORT";

    private Placeholders() {}

    /** Whether any word has a place for the port. */
    static boolean in(List<String> words) {
        for (String word : words) {
            if (word.contains(PORT) || word.contains(BRACED) || plain(word, 0) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** The same words with the number in every place for it. */
    static List<String> fill(List<String> words, int port) {
        if (!in(words)) {
            return words;
        }
        String number = Integer.toString(port);
        int script = ShellScript.indexIn(words);
        List<String> filled = new ArrayList<>(words.size());
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).replace(PORT, number);
            filled.add(i == script ? word : fillVariables(word, number));
        }
        return filled;
    }

    private static String fillVariables(String word, String number) {
        String text = word.replace(BRACED, number);
        for (int at = plain(text, 0); at >= 0; at = plain(text, at)) {
            text = text.substring(0, at) + number + text.substring(at + PLAIN.length());
        }
        return text;
    }

    /** Where {@code $PORT} stands from an index on, not as the beginning of a longer name such as {@code $PORTAL}. */
    private static int plain(String word, int from) {
        int at = word.indexOf(PLAIN, from);
        while (at >= 0) {
            int end = at + PLAIN.length();
            if (end == word.length() || !isNameCharacter(word.charAt(end))) {
                return at;
            }
            at = word.indexOf(PLAIN, end);
        }
        return -1;
    }

    /** Whether the character can be part of a variable's name. */
    static boolean isNameCharacter(char c) {
        return c == '_' || Ports.isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
