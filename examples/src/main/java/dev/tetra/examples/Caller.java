package dev.tetra.examples;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Who runs the command: the only place where it learns about its surroundings. <em>Immutable.</em>
 *
 * @param environment the environment variables
 * @param cwd the working directory, absolute
 * @param home the user's home directory
 * @param columns the width of the terminal that standard output is; 0 when it is none
 */
public record Caller(Map<String, String> environment, Path cwd, Path home, int columns) {
    /** Names the system properties by which the launcher passes on what it found out. */
    static final String COLUMNS = "tsm.columns";

    static final String LOCALE = "tsm.locale";

    /** The caller of this JVM. */
    static Caller ofThisProcess() {
        String columns = System.getProperty(COLUMNS, "0");
        return new Caller(
                foundEnvironment(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home", "/")),
                isNumber(columns) ? Integer.parseInt(columns) : 0);
    }

    /** The variables as the launcher found them: it sets LC_ALL, so that this JVM reads and writes UTF-8. */
    private static Map<String, String> foundEnvironment() {
        String changed = System.getProperty(LOCALE, "");
        if (changed.isEmpty()) {
            return System.getenv();
        }
        Map<String, String> variables = new HashMap<>(System.getenv());
        if (changed.startsWith("=")) {
            variables.put("LC_ALL", changed.substring(1));
        } else {
            variables.remove("LC_ALL");
        }
        return variables;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 4;
    }

    /** A variable; empty text when it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** {@code $TETRA_DIR/tsm}, which is {@code ~/tetra/tsm} unless said otherwise. */
    Path runtimeRoot() {
        String tetra = variable("TETRA_DIR");
        return (tetra.isEmpty() ? home.resolve("tetra") : cwd.resolve(tetra)).resolve("tsm");
    }

    /** Colour is for terminals, and for nobody who set NO_COLOR (no-color.org). */
    boolean wantsColour() {
        return columns > 0
                && variable("NO_COLOR").isEmpty()
                && !variable("TERM").equals("dumb");
    }
}
