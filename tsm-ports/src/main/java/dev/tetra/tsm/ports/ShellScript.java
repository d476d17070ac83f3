package dev.tetra.tsm.ports;

import java.util.ArrayList;
import java.util.List;

/** The one word of {@code bash -c 'script'} that a shell reads, and not a program. */
final class ShellScript {

    private static final List<String> SHELLS = List.of("sh", "bash", "dash", "zsh", "ksh");
    private static final String ENDS = ";&|)";
    private static final String SIGNS = "'\"`(" + ENDS;

    private ShellScript() {}

    /** The script's index in the argument vector; -1 if the command is no shell with {@code -c}. */
    static int indexIn(List<String> words) {
        int shell = CommandText.program(words);
        if (shell < 0 || !SHELLS.contains(Words.baseName(words.get(shell)))) {
            return -1;
        }
        for (int i = shell + 1; i < words.size() - 1; i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                return -1;
            }
            if (word.endsWith("c") && !word.startsWith("--")) {
                return i + 1;
            }
        }
        return -1;
    }

    /**
     * The script's words as far as a glance tells them: between blanks, without quotes and signs. The words of a client
     * are left out, up to the end of its command.
     */
    static List<String> words(String script) {
        List<String> words = new ArrayList<>();
        boolean client = false;
        for (String raw : Words.fields(script.replace("\n", " ; ").replace('\t', ' '), ' ')) {
            String word = bare(raw);
            client |= CommandText.isClient(word);
            if (!client && !word.isEmpty()) {
                words.add(word);
            }
            client &= raw.isEmpty() || ENDS.indexOf(raw.charAt(raw.length() - 1)) < 0;
        }
        return words;
    }

    private static String bare(String word) {
        int begin = 0;
        int end = word.length();
        while (begin < end && SIGNS.indexOf(word.charAt(begin)) >= 0) {
            begin++;
        }
        while (end > begin && SIGNS.indexOf(word.charAt(end - 1)) >= 0) {
            end--;
        }
        return word.substring(begin, end);
    }
}
