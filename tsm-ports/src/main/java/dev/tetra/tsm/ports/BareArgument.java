package dev.tetra.tsm.ports;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The bare number that a known server takes as its port: {@code node server.js 8080},
 * {@code python3 -m http.server 8123}.
 *
 * <p>Behind a script only the last word counts, and only a number that people give to servers: 80, 443, or 1024 and
 * more. A smaller one is a count, as in {@code python3 poll.py 60}.
 */
final class BareArgument {

    private static final Set<String> INTERPRETERS =
            Set.of("python", "node", "nodejs", "bash", "lua", "luajit", "go", "java", "ruby", "php", "deno", "bun");

    private static final List<String> SCRIPTS =
            List.of(".py", ".js", ".mjs", ".cjs", ".ts", ".sh", ".lua", ".go", ".jar", ".rb", ".php");

    /** Words behind which any bare number is the port, last or not. */
    private static final Set<String> SERVER_WORDS = Set.of("http.server", "runserver");

    private static final int FIRST_UNPRIVILEGED = 1024;

    private BareArgument() {}

    /** What a bare argument names; {@link CommandText#NOTHING} if none does. */
    static CommandText read(List<String> words, int program, boolean servesByInterpreter) {
        String name = Words.baseName(words.get(program));
        boolean script = servesByInterpreter || isScript(name);
        boolean interpreter = INTERPRETERS.contains(withoutVersion(name));
        if (!interpreter && !script) {
            return CommandText.NOTHING;
        }
        boolean server = false;
        for (int i = program + 1; i < words.size(); i++) {
            if (server && !isOption(words.get(i - 1)) && Ports.isNumber(portIn(words.get(i)))) {
                return CommandText.argument(words.get(i), portIn(words.get(i)));
            }
            server |= SERVER_WORDS.contains(words.get(i));
        }
        int last = words.size() - 1;
        return last > program && (!interpreter || hasScript(words, program)) ? lastWord(words) : CommandText.NOTHING;
    }

    private static CommandText lastWord(List<String> words) {
        String word = words.get(words.size() - 1);
        OptionalInt port = Ports.valueOf(word);
        boolean usual = port.isPresent()
                && (port.getAsInt() >= FIRST_UNPRIVILEGED || port.getAsInt() == 80 || port.getAsInt() == 443);
        return usual && !isOption(words.get(words.size() - 2)) ? CommandText.argument(word, word) : CommandText.NOTHING;
    }

    /** The number in a word that is a number, or an address of this machine with one. */
    private static String portIn(String word) {
        PortArguments.Address address = PortArguments.Address.of(word);
        return address.port().isEmpty() ? word : address.port();
    }

    /** Whether a word that is no option stands between the interpreter and the last word. */
    private static boolean hasScript(List<String> words, int program) {
        for (int i = program + 1; i < words.size() - 1; i++) {
            if (!isOption(words.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOption(String word) {
        return word.startsWith("-") && !word.equals("--");
    }

    private static boolean isScript(String name) {
        for (String ending : SCRIPTS) {
            if (name.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    /** {@code python} of {@code python3.11}. */
    private static String withoutVersion(String name) {
        int end = name.length();
        while (end > 0 && (Ports.isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
            end--;
        }
        return name.substring(0, end);
    }
}
