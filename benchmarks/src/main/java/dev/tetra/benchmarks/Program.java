package dev.tetra.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What a supervisor is given to run. <em>Immutable.</em>
 *
 * @param name without characters that are special anywhere
 * @param words its command, without quotes, backslashes and per cents: each supervisor has rules of its own for them
 * @param kept whether it is started again when it ends by itself
 * @param logged whether its output is kept, where that is a choice
 */
record Program(String name, List<String> words, boolean kept, boolean logged) {
    Program {
        words = List.copyOf(words);
    }

    /** That many programs that sleep, and do nothing else; the argument of sleep is what they are found by. */
    static List<Program> sleeps(int count, String seconds) {
        List<Program> sleeps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sleeps.add(new Program("s" + i, List.of("sleep", seconds), true, false));
        }
        return sleeps;
    }

    /** A line for a shell, run as {@code sh -c LINE}. */
    static Program shell(String name, String line, boolean kept, boolean logged) {
        return new Program(name, List.of("sh", "-c", line), kept, logged);
    }

    /** The text of an sh script that becomes it. */
    String script() {
        boolean shell =
                words.size() == 3 && words.get(0).equals("sh") && words.get(1).equals("-c");
        return shell ? words.get(2) : "exec " + quoted();
    }

    /** The words for whoever splits a line as a shell does. */
    String quoted() {
        return "'" + String.join("' '", words) + "'";
    }
}
