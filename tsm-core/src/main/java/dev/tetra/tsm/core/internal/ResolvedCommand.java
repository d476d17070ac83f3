package dev.tetra.tsm.core.internal;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ProcessType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The words that really run for a command, and what kind of program they are. <em>Immutable.</em>
 *
 * @param argv the words, at least one; to be looked up in the environment and run in the directory they were resolved with
 * @param type what kind of program it is
 * @param interpreter the absolute path of the interpreter that runs it; none if it runs as itself
 * @param serves whether it is a program that may take a port from {@code PORT}: a script or module under an interpreter that
 *     people write servers for (not bash, not lua), rather than a bare interpreter, program text or a build tool's job
 */
public record ResolvedCommand(List<String> argv, ProcessType type, Optional<Path> interpreter, boolean serves) {
    public ResolvedCommand {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("argv is empty");
        }
        requireNonNull(type, "type");
        requireNonNull(interpreter, "interpreter");
    }

    /**
     * What an interpreter is told to run.
     *
     * @param present whether there is anything: a script, a module, a server of its own; not program text, a prompt or a job
     * @param label a word for it: the script without directory and extension, the module's or class's name; may be empty
     */
    record Program(boolean present, String label) {
        private static final Program NONE = new Program(false, "");
        private static final String JOBS =
                "a add audit bench build bundle c cache check clean compile completions coverage"
                        + " create doc eval exec fmt help i info init install jupyter link lint lsp outdated patch pm publish"
                        + " remove repl rm test types uninstall unlink update upgrade vendor why";
        private static final String JAVA_OPTIONS =
                "-cp -classpath --class-path -p --module-path --add-modules --add-opens"
                        + " --add-exports --add-reads --source";
        private static final String NODE_OPTIONS =
                "-r --require --import --loader --experimental-loader -C --conditions"
                        + " --env-file --watch-path --title";

        /**
         * What this command tells its interpreter to run.
         *
         * @param command the interpreter and the words after it
         */
        static Program of(ProcessType type, List<String> command) {
            boolean verb = false;
            boolean server = false;
            int at = 1;
            while (at < command.size()) {
                String word = command.get(at);
                String next = at + 1 < command.size() ? command.get(at + 1) : "";
                if (!isOption(type, word)) {
                    if (verb || !isVerb(type, word)) {
                        return !verb && isJob(type, word) ? NONE : new Program(true, label(type, word));
                    }
                    verb = true;
                } else if (word.equals("-") || isText(type, word)) {
                    return NONE;
                } else if (isModule(type, word)) {
                    String module = type == ProcessType.PYTHON ? word.substring(cluster(word) + 1) : "";
                    String label = moduleLabel(type, module.isEmpty() ? next : module);
                    return label.isEmpty() ? NONE : new Program(true, label);
                } else if (word.equals("--") || isScript(type, word)) {
                    return next.isEmpty() ? NONE : new Program(true, stem(next));
                }
                server |= type == ProcessType.PHP && word.startsWith("-S");
                at += takesNext(type, word) ? 2 : 1;
            }
            return server ? new Program(true, "") : NONE;
        }

        /** The last name of a path, without its extension: {@code server} of {@code dist/server.js}. */
        static String stem(String word) {
            String name = fileName(word);
            int dot = name.lastIndexOf('.');
            return dot > 0 ? name.substring(0, dot) : name;
        }

        /** What stands behind the last slash that is not the word's end. */
        static String fileName(String word) {
            int end = word.length();
            while (end > 0 && word.charAt(end - 1) == '/') {
                end--;
            }
            return word.substring(word.lastIndexOf('/', end - 1) + 1, end);
        }

        private static boolean isOption(ProcessType type, String word) {
            return word.startsWith("-") || (type == ProcessType.BASH && word.startsWith("+"));
        }

        /** A word before the program that says that it be run. */
        private static boolean isVerb(ProcessType type, String word) {
            return switch (type) {
                case GO -> word.equals("run");
                case DENO, BUN -> isIn(word, "run serve task x");
                default -> false;
            };
        }

        /** A word that says to do something else than run a program. */
        private static boolean isJob(ProcessType type, String word) {
            return switch (type) {
                case GO -> true;
                case DENO, BUN -> isIn(word, JOBS);
                default -> false;
            };
        }

        /** Whether the program is the text that follows. */
        private static boolean isText(ProcessType type, String option) {
            return switch (type) {
                case BASH -> !option.startsWith("--") && option.indexOf('c') > 0;
                case PYTHON -> option.charAt(cluster(option)) == 'c';
                case NODE, BUN ->
                    isIn(option, "-e -p -pe --eval --print")
                            || option.startsWith("--eval=")
                            || option.startsWith("--print=");
                case RUBY -> option.equals("-e");
                case PHP -> option.equals("-r");
                default -> false;
            };
        }

        private static boolean isModule(ProcessType type, String option) {
            return switch (type) {
                case PYTHON -> option.charAt(cluster(option)) == 'm';
                case JAVA -> isIn(option, "-m --module");
                default -> false;
            };
        }

        /** Whether the next word is the program, however it looks. */
        private static boolean isScript(ProcessType type, String option) {
            return (type == ProcessType.JAVA && option.equals("-jar"))
                    || (type == ProcessType.PHP && option.equals("-f"));
        }

        /** Where in joined python options ({@code -um}) the letter stands that ends them: c, m, W or X; 0 if none does. */
        private static int cluster(String option) {
            for (int i = 1; i < option.length() && !option.startsWith("--"); i++) {
                if ("cmWX".indexOf(option.charAt(i)) >= 0) {
                    return i;
                }
            }
            return 0;
        }

        /** Whether the word after this option belongs to it. */
        private static boolean takesNext(ProcessType type, String option) {
            return switch (type) {
                case PYTHON -> isIn(option, "-W -X --check-hash-based-pycs");
                case NODE -> isIn(option, NODE_OPTIONS);
                case BASH ->
                    (option.endsWith("o") && !option.startsWith("--")) || isIn(option, "-O +O --rcfile --init-file");
                case LUA -> isIn(option, "-e -l");
                case GO -> isIn(option, "-C -exec -gcflags -ldflags -mod -modfile -p -pkgdir -tags -toolexec");
                case JAVA -> isIn(option, JAVA_OPTIONS);
                case RUBY -> isIn(option, "-C -E -I -r");
                case PHP -> isIn(option, "-S -c -d -t -z");
                case DENO -> isIn(option, "-c --config --cert --import-map --lock --location");
                case BUN -> isIn(option, "-c --config -r --preload --cwd --env-file");
                case COMMAND -> false;
            };
        }

        private static boolean isIn(String word, String words) {
            return (" " + words + " ").contains(" " + word + " ");
        }

        private static String label(ProcessType type, String word) {
            return type == ProcessType.JAVA && !word.endsWith(".java") ? lastPart(word) : stem(word);
        }

        private static String moduleLabel(ProcessType type, String module) {
            int dot = module.indexOf('.');
            return type == ProcessType.JAVA ? lastPart(fileName(module)) : dot < 0 ? module : module.substring(0, dot);
        }

        private static String lastPart(String className) {
            return className.substring(className.lastIndexOf('.') + 1);
        }
    }
}
