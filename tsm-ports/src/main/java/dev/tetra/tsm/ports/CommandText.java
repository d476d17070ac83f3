package dev.tetra.tsm.ports;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The port that a command names in its own text, or tries to.
 *
 * @param port the port; empty if none is named, or what is named is no port
 * @param where the words that name it, for example {@code --port 8080}; empty if none do
 * @param namesArgument whether it is an argument of the program, which the program will obey, and not a variable
 */
record CommandText(OptionalInt port, String where, boolean namesArgument) {

    static final CommandText NOTHING = new CommandText(OptionalInt.empty(), "", false);

    /** Programs whose ports are other programs' ports, or no ports at all. */
    private static final Set<String> CLIENTS = Set.of(
            "curl",
            "wget",
            "ssh",
            "scp",
            "sftp",
            "telnet",
            "psql",
            "mysql",
            "redis-cli",
            "mkdir",
            "cp",
            "patch",
            "tail",
            "head",
            "sleep",
            "xargs",
            "parallel",
            "pytest",
            "docker",
            "podman");

    private static final Set<String> LAUNCHERS = Set.of("env", "exec", "nohup", "setsid");

    private static final String VARIABLE = "PORT=";

    /** Reads the command of a request. */
    static CommandText of(PortRequest request) {
        List<String> words = request.command();
        int program = program(words);
        if (program < 0 || isClient(words.get(program))) {
            return NOTHING;
        }
        int script = ShellScript.indexIn(words);
        List<String> arguments =
                script < 0 ? words.subList(program + 1, words.size()) : ShellScript.words(words.get(script));
        CommandText argument = PortArguments.read(arguments);
        if (!argument.names() && script < 0) {
            argument = BareArgument.read(words, program, request.servesByInterpreter());
        }
        if (argument.names()) {
            return argument;
        }
        CommandText variable = variable(words.subList(0, program));
        return variable.names() || script < 0 ? variable : variable(arguments);
    }

    /** Whether the word is the name of a program whose arguments name no port of its own. */
    static boolean isClient(String word) {
        return CLIENTS.contains(Words.baseName(word));
    }

    /** Whether the command names a port, be it a good one or not. */
    boolean names() {
        return !where.isEmpty();
    }

    /** An argument that is meant as a port; the number decides whether it is one. */
    static CommandText argument(String where, String number) {
        return new CommandText(Ports.valueOf(number), Words.printable(where), true);
    }

    /** The index of the word that is run, behind {@code env}, {@code nohup} and variables; -1 if there is none. */
    static int program(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean skipped = isVariable(word) || LAUNCHERS.contains(Words.baseName(word)) || word.equals("-i");
            if (!skipped) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isVariable(String word) {
        int end = word.indexOf('=');
        if (end <= 0 || Ports.isDigit(word.charAt(0))) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            if (!Placeholders.isNameCharacter(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static CommandText variable(List<String> words) {
        for (String word : words) {
            if (word.startsWith(VARIABLE) && !Placeholders.in(List.of(word))) {
                OptionalInt port = Ports.valueOf(word.substring(VARIABLE.length()));
                return new CommandText(port, Words.printable(word), false);
            }
        }
        return NOTHING;
    }
}
