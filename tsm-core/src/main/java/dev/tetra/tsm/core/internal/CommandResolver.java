package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.ResolvedCommand.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a command runs: under which interpreter, or as itself. Nothing is run and no shell is asked. <em>Safe for
 * use by many threads.</em>
 */
public final class CommandResolver {
    private final Path cwd;
    private final @Nullable String path;

    private CommandResolver(Path cwd, @Nullable String path) {
        this.cwd = cwd.toAbsolutePath();
        this.path = path;
    }

    /**
     * The words that run for this command.
     *
     * <ul>
     *   <li>An interpreter ({@code python3.11}, {@code node}, {@code /opt/venv/bin/python}, …): unchanged.
     *   <li>A script with a known extension, found from the directory: as itself if it is executable and begins with
     *       {@code #!}, else under its interpreter with all its words ({@code app.sh -v} becomes {@code bash app.sh -v}).
     *   <li>A program on the {@code PATH}, by a path, or else in the directory: as itself.
     *   <li>Variables before any of these ({@code PORT=8080 node server.js}): behind {@code env}.
     * </ul>
     *
     * <p>A word stays as it was given unless the program could not be found by it. So a pre-hook that changes the
     * {@code PATH} still decides which {@code python3} runs.
     *
     * @param command the words, at least one
     * @param cwd the directory the command will run in
     * @param environment the variables it will run with; {@code PATH} says where programs are, its relative entries from
     *     {@code cwd} on
     * @throws ServiceException if there is no word or one that cannot be handed over ({@link Reason#INVALID}); if the program
     *     or its interpreter is not found, is a directory or is not executable ({@link Reason#MISSING_FILE})
     */
    public static ResolvedCommand resolve(List<String> command, Path cwd, Map<String, String> environment) {
        check(command);
        CommandResolver resolver = new CommandResolver(cwd, environment.get("PATH"));
        int program = programIndex(command);
        if (program == 0 || program == command.size()) {
            return resolver.resolve(command);
        }
        List<String> rest = command.subList(program, command.size());
        check(rest);
        ResolvedCommand resolved = resolver.resolve(rest);
        List<String> argv = new ArrayList<>();
        argv.add("env");
        argv.addAll(command.subList(0, program));
        argv.addAll(resolved.argv());
        return new ResolvedCommand(argv, resolved.type(), resolved.interpreter(), resolved.serves());
    }

    /** The index of the first word that is no {@code NAME=value}; the number of words if all are. */
    static int programIndex(List<String> command) {
        int index = 0;
        while (index < command.size() && isAssignment(command.get(index))) {
            index++;
        }
        return index;
    }

    /** The kind of interpreter that a word names, with or without directory and version; null if it names none. */
    static @Nullable ProcessType interpreter(String word) {
        String name = Program.fileName(word);
        int end = name.length();
        while (end > 0 && "0123456789.-".indexOf(name.charAt(end - 1)) >= 0) {
            end--;
        }
        return switch (name.substring(0, end)) {
            case "python", "pypy" -> ProcessType.PYTHON;
            case "node", "nodejs" -> ProcessType.NODE;
            case "bash", "sh", "dash", "zsh", "ksh" -> ProcessType.BASH;
            case "lua", "luajit" -> ProcessType.LUA;
            case "go" -> ProcessType.GO;
            case "java" -> ProcessType.JAVA;
            case "ruby" -> ProcessType.RUBY;
            case "php" -> ProcessType.PHP;
            case "deno" -> ProcessType.DENO;
            case "bun" -> ProcessType.BUN;
            default -> null;
        };
    }

    /** The ways to run a script with this name, best first; none if its extension is not known. */
    static List<Way> ways(String word) {
        String name = Program.fileName(word);
        int dot = name.lastIndexOf('.');
        return switch (dot > 0 ? name.substring(dot + 1) : "") {
            case "py" -> List.of(way(ProcessType.PYTHON, "python3"), way(ProcessType.PYTHON, "python"));
            case "js", "mjs", "cjs" -> List.of(way(ProcessType.NODE, "node"), way(ProcessType.NODE, "nodejs"));
            case "ts" -> List.of(way(ProcessType.DENO, "deno", "run"), way(ProcessType.BUN, "bun"));
            case "sh" -> List.of(way(ProcessType.BASH, "bash"), way(ProcessType.BASH, "sh"));
            case "bash" -> List.of(way(ProcessType.BASH, "bash"));
            case "lua" -> List.of(way(ProcessType.LUA, "lua"), way(ProcessType.LUA, "luajit"));
            case "go" -> List.of(way(ProcessType.GO, "go", "run"));
            case "jar" -> List.of(way(ProcessType.JAVA, "java", "-jar"));
            case "java" -> List.of(way(ProcessType.JAVA, "java"));
            case "rb" -> List.of(way(ProcessType.RUBY, "ruby"));
            case "php" -> List.of(way(ProcessType.PHP, "php"));
            default -> List.of();
        };
    }

    private static Way way(ProcessType type, String... words) {
        return new Way(type, List.of(words));
    }

    /** The words to put before a script: its interpreter, and what says to run it. */
    record Way(ProcessType type, List<String> words) {}

    private static void check(List<String> command) {
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new ServiceException(Reason.INVALID, "no command; give the program to run and its arguments");
        }
        for (String word : command) {
            if (word.indexOf('\0') >= 0) {
                throw new ServiceException(
                        Reason.INVALID, "a word of the command has a NUL character in it; leave it out");
            }
        }
    }

    private ResolvedCommand resolve(List<String> command) {
        String word = command.get(0);
        Path local = below(cwd, word);
        if (local == null) {
            throw new ServiceException(
                    Reason.INVALID, "not a file name in this locale: " + word + "; set LC_ALL=C.UTF-8");
        }
        List<Way> ways = ways(word);
        boolean script = !ways.isEmpty() && Files.isRegularFile(local);
        if (script && !(Files.isExecutable(local) && namesInterpreter(local))) {
            return underInterpreter(command, ways);
        }
        Path found = script || word.indexOf('/') >= 0 ? null : onPath(word);
        if (found == null && !isProgram(local)) {
            throw new ServiceException(Reason.MISSING_FILE, whyMissing(word, local));
        }
        Path program = found == null ? local : found;
        ProcessType interpreter = interpreter(word);
        if (interpreter != null) {
            boolean asGiven = found != null || word.indexOf('/') >= 0;
            boolean serves =
                    canServe(interpreter) && Program.of(interpreter, command).present();
            return new ResolvedCommand(
                    asGiven ? command : beginning(program, command), interpreter, Optional.of(program), serves);
        }
        ProcessType type = ways.isEmpty() ? ProcessType.COMMAND : ways.get(0).type();
        List<String> argv = found == null ? beginning(program, command) : command;
        return new ResolvedCommand(argv, type, Optional.empty(), canServe(type));
    }

    private ResolvedCommand underInterpreter(List<String> command, List<Way> ways) {
        for (Way way : ways) {
            Path interpreter = onPath(way.words().get(0));
            if (interpreter != null) {
                List<String> argv = new ArrayList<>(way.words());
                argv.addAll(command);
                return new ResolvedCommand(argv, way.type(), Optional.of(interpreter), canServe(way.type()));
            }
        }
        String first = ways.get(0).words().get(0);
        Way last = ways.get(ways.size() - 1);
        String needed = last.type() == ways.get(0).type()
                ? first
                : first + " or " + last.words().get(0);
        throw new ServiceException(
                Reason.MISSING_FILE,
                command.get(0) + " needs " + needed + ", which is not on the PATH" + whetherSet()
                        + "; install it or name the interpreter");
    }

    private String whyMissing(String word, Path local) {
        if (Files.isDirectory(local)) {
            return word + " is a directory; name the program in it";
        }
        if (Files.exists(local)) {
            return (word.indexOf('/') >= 0 ? word : "./" + word)
                    + " is not executable: chmod +x it, or put its interpreter before it";
        }
        String what = "command not found: " + word + "; ";
        if (isAssignment(word)) {
            return what + "there is no program behind the variables";
        }
        if (looksLikeShell(word)) {
            return what + "give the words apart, or use --shell for shell syntax";
        }
        String other = word.equals("python") ? "python3" : word.equals("node") ? "nodejs" : "";
        if (!other.isEmpty() && onPath(other) != null) {
            return what + other + " is on the PATH";
        }
        if (word.startsWith("/")) {
            return what + "there is no such file";
        }
        String where = word.indexOf('/') >= 0 ? "file in " : "program on the PATH" + whetherSet() + " or in ";
        return what + "there is no such " + where + cwd;
    }

    private static boolean isAssignment(String word) {
        int equals = word.indexOf('=');
        for (int i = 0; i < equals; i++) {
            char c = word.charAt(i);
            if (c != '_' && !Character.isLetterOrDigit(c)) {
                return false;
            }
        }
        return equals > 0;
    }

    private static boolean looksLikeShell(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (" \t\n;&|<>$`*()\"'".indexOf(word.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** The PATH itself would fill a screen, and whoever asks has it at hand. */
    private String whetherSet() {
        return path == null ? " (which is not set)" : "";
    }

    /** The first program of that name in the directories of the PATH; an empty entry is the directory, as in POSIX. */
    private @Nullable Path onPath(String name) {
        int from = 0;
        while (path != null && from <= path.length()) {
            int colon = path.indexOf(':', from);
            int end = colon < 0 ? path.length() : colon;
            Path directory = below(cwd, path.substring(from, end));
            Path candidate = directory == null ? null : below(directory, name);
            if (candidate != null && isProgram(candidate)) {
                return candidate;
            }
            from = end + 1;
        }
        return null;
    }

    /** The path without {@code .} in it; {@code ..} stays, since it may leave a link. Null if no file can have that name. */
    private static @Nullable Path below(Path directory, String name) {
        try {
            Path relative = Path.of(name);
            return directory.resolve(name.contains("..") ? relative : relative.normalize());
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static boolean namesInterpreter(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == '#' && in.read() == '!';
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean canServe(ProcessType type) {
        return switch (type) {
            case PYTHON, NODE, GO, JAVA, RUBY, PHP, DENO, BUN -> true;
            case BASH, LUA, COMMAND -> false;
        };
    }

    private static List<String> beginning(Path program, List<String> command) {
        List<String> argv = new ArrayList<>(command);
        argv.set(0, program.toString());
        return argv;
    }
}
