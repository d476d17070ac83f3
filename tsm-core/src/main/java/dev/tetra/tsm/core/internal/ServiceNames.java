package dev.tetra.tsm.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.ResolvedCommand.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What services are called: the rules for a name, and where it comes from when none is given. A name is a directory's name as
 * well, so it can hold no path. <em>Safe for use by many threads.</em>
 */
public final class ServiceNames {
    private static final int MAX_LENGTH = 100;
    private static final int MAX_DERIVED_LENGTH = MAX_LENGTH - "-65535".length();
    private static final int MAX_SUGGESTIONS = 3;

    /** A single letter is a part of too many names. */
    private static final int SHORTEST_PART = 2;

    /** Directories that are named after their part in a project, not after the project. */
    private static final List<String> PARTS =
            List.of("dist build out output src lib app public static assets bin pkg target node_modules".split(" "));

    private ServiceNames() {}

    /**
     * The name of a service without its port. It is the first of:
     *
     * <ol>
     *   <li>the name given;
     *   <li>{@code NAME}, then {@code TETRA_NAME}, of the environment file;
     *   <li>{@code "name"} of {@code package.json} in the directory ({@code @org/pkg} becomes {@code org-pkg});
     *   <li>{@code <project>-<program>}, the program being a script without its extension, the first part of a python module,
     *       or the last part of a Java class;
     *   <li>{@code <project>}, the last name of the directory that is more than {@code src}, {@code dist} and the like.
     * </ol>
     *
     * <p>All but the first are made to fit: what a name cannot hold becomes {@code -}, it is cut to 94 characters (so that a
     * port still fits), digits alone get {@code service-} before them, and nothing at all becomes {@code service}.
     *
     * @param given the name asked for
     * @param envFileVariables what the environment file sets
     * @param cwd the directory of the service
     * @param command the words of the command, as given
     * @throws ServiceException if the given name is not valid, see {@link #check}
     */
    public static String base(
            Optional<String> given, Map<String, String> envFileVariables, Path cwd, List<String> command) {
        if (given.isPresent()) {
            check(given.get());
            return given.get();
        }
        for (String variable : List.of("NAME", "TETRA_NAME")) {
            String value = envFileVariables.getOrDefault(variable, "");
            if (!value.isBlank()) {
                return fitting(value);
            }
        }
        String packageName = packageName(cwd.resolve("package.json"));
        if (!packageName.isBlank()) {
            return fitting(packageName);
        }
        List<String> words = command.subList(CommandResolver.programIndex(command), command.size());
        return fitting(project(cwd.toAbsolutePath().normalize()) + "-" + program(words));
    }

    /**
     * The full name of a service with that port: {@code web} and 8080 are {@code web-8080}. A name that ends so already, or a
     * service without a port, is left as it is.
     *
     * @throws ServiceException if the full name is longer than 100 characters ({@link Reason#INVALID})
     */
    public static String withPort(String base, OptionalInt port) {
        if (port.isEmpty() || base.endsWith("-" + port.getAsInt())) {
            return base;
        }
        String name = base + "-" + port.getAsInt();
        if (name.length() > MAX_LENGTH) {
            throw tooLong(name);
        }
        return name;
    }

    /**
     * Refuses what cannot be a service's name: anything but letters, digits, {@code .}, {@code _} and {@code -} of ASCII, a
     * first character that is no letter or digit, digits alone (they mean ids, pids and ports), and more than 100 characters.
     *
     * @throws ServiceException that says which character it is ({@link Reason#INVALID})
     */
    public static void check(String name) {
        if (name.isEmpty()) {
            throw invalid("a service name is empty; give one, or none to derive it");
        }
        if (name.length() > MAX_LENGTH) {
            throw tooLong(name);
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isNameChar(name.charAt(i))) {
                throw invalid("not a service name: " + shown(name) + " has " + shown(name.codePointAt(i)) + " at "
                        + (i + 1) + "; use letters, digits, '.', '_' and '-'");
            }
        }
        if (!isLetterOrDigit(name.charAt(0))) {
            throw invalid("not a service name: " + name + " begins with '" + name.charAt(0)
                    + "'; begin with a letter or a digit");
        }
        if (isNumber(name)) {
            throw invalid("not a service name: " + name + " is a number, as ids, pids and ports are; add a letter");
        }
    }

    /**
     * Names that may have been meant, best first: at most three, each about one slip for three letters away (a letter left
     * out, put in, replaced, or two exchanged), case and port suffix aside; then those that what was typed is a part of.
     *
     * @param wanted what was typed
     * @param names all there are
     */
    public static List<String> nearest(String wanted, Collection<String> names) {
        if (wanted.length() > MAX_LENGTH) {
            return List.of();
        }
        String typed = wanted.toLowerCase(Locale.ROOT);
        int limit = (typed.length() + 1) / 3;
        List<Near> found = new ArrayList<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            int distance = Math.min(distance(typed, lower, limit), distance(typed, withoutPort(lower), limit));
            if (distance <= limit) {
                found.add(new Near(name, distance));
            } else if (typed.length() >= SHORTEST_PART && withoutPort(lower).contains(typed)) {
                found.add(new Near(name, limit + 1));
            }
        }
        Collections.sort(found);
        List<String> nearest = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_SUGGESTIONS, found.size()); i++) {
            nearest.add(found.get(i).name());
        }
        return nearest;
    }

    private record Near(String name, int distance) implements Comparable<Near> {
        @Override
        public int compareTo(Near other) {
            return distance == other.distance ? name.compareTo(other.name) : Integer.compare(distance, other.distance);
        }
    }

    /** The name without what looks like a port suffix. */
    static String withoutPort(String name) {
        int end = name.length();
        while (end > 0 && isDigit(name.charAt(end - 1))) {
            end--;
        }
        return end > 1 && end < name.length() && name.charAt(end - 1) == '-' ? name.substring(0, end - 1) : name;
    }

    /** The optimal string alignment distance, or anything above the limit where the lengths tell that it is. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replaced, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                boolean exchanged =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                rows[i][j] = exchanged ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
            }
        }
        return rows[a.length()][b.length()];
    }

    /** {@code name} of a package.json; empty if there is none, or no file that can be read as JSON. */
    private static String packageName(Path file) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = new JsonFactory().createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "";
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean name = parser.currentName().equals("name");
                if (parser.nextToken() == JsonToken.VALUE_STRING && name) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
            return "";
        } catch (IOException noPackage) {
            return "";
        }
    }

    private static String project(Path directory) {
        for (Path at = directory; at != null; at = at.getParent()) {
            Path name = at.getFileName();
            if (name != null && !PARTS.contains(name.toString())) {
                return name.toString();
            }
        }
        Path own = directory.getFileName();
        return own == null ? "" : own.toString();
    }

    private static String program(List<String> command) {
        String word = command.isEmpty() ? "" : command.get(0);
        ProcessType type = CommandResolver.interpreter(word);
        if (type != null) {
            return Program.of(type, command).label();
        }
        return CommandResolver.ways(word).isEmpty() ? "" : Program.stem(word);
    }

    private static String fitting(String wanted) {
        StringBuilder fitting = new StringBuilder();
        for (int i = 0; i < wanted.length() && fitting.length() < MAX_DERIVED_LENGTH; i++) {
            char c = isNameChar(wanted.charAt(i)) ? wanted.charAt(i) : '-';
            boolean repeated = c == '-' && fitting.length() > 0 && fitting.charAt(fitting.length() - 1) == '-';
            if (!repeated && (fitting.length() > 0 || isLetterOrDigit(c))) {
                fitting.append(c);
            }
        }
        int end = fitting.length();
        while (end > 0 && !isLetterOrDigit(fitting.charAt(end - 1))) {
            end--;
        }
        fitting.setLength(end);
        if (end == 0) {
            return "service";
        }
        if (isNumber(fitting)) {
            fitting.insert(0, "service-").setLength(Math.min(fitting.length(), MAX_DERIVED_LENGTH));
        }
        return fitting.toString();
    }

    private static boolean isNumber(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isDigit(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameChar(char c) {
        return isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static ServiceException tooLong(String name) {
        return invalid("service name of " + name.length() + " characters: " + shown(name.substring(0, 20))
                + "…; at most " + MAX_LENGTH + " with its port");
    }

    private static ServiceException invalid(String message) {
        return new ServiceException(Reason.INVALID, message);
    }

    /** The name with control characters made visible, as a terminal would obey them. */
    private static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            shown.append(Character.isISOControl(name.charAt(i)) ? '?' : name.charAt(i));
        }
        return shown.toString();
    }

    private static String shown(int codePoint) {
        return Character.isISOControl(codePoint) || Character.isWhitespace(codePoint)
                ? "character code " + codePoint
                : "'" + Character.toString(codePoint) + "'";
    }
}
