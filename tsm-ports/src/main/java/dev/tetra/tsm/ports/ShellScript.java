package dev.tetra.tsm.ports;

import java.util.ArrayList;
import java.util.List;

/** The one word of {@code bash -c 'script'} that a shell reads, and not a program. */
final class ShellScript {

    private static final List<String> SHELLS = List.of("sh", "bash", "dash", "zsh", "ksh");
    private static final String SIGNS = "'\"`();&|\n\t";

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

    /** The script's words as far as a glance tells them: between blanks, without quotes and closing signs. */
    static List<String> words(String script) {
        List<String> words = new ArrayList<>();
        for (String word : Words.fields(script, ' ')) {
            int begin = 0;
            int end = word.length();
            while (begin < end && SIGNS.indexOf(word.charAt(begin)) >= 0) {
                begin++;
            }
            while (end > begin && SIGNS.indexOf(word.charAt(end - 1)) >= 0) {
                end--;
            }
            if (begin < end) {
                words.add(word.substring(begin, end));
            }
        }
        return words;
    }
}
