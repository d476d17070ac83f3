package dev.tetra.tsm.ports;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One line of a patterns file, {@code name|regex|port|template}: what a known program listens on, and how it is told.
 * <em>Immutable.</em>
 *
 * <p>In the line, {@code \|} stands for a {@code |} of the regex, so that alternation is written {@code (a\|b)}; all
 * else of the regex is the syntax of {@link Pattern}. The template is the rest of the line as it stands. It is cut into
 * words at blanks, simple quotes respected; <code>{cmd}</code> as a word of its own becomes the words of the command,
 * each unchanged; <code>{port}</code> anywhere in a word becomes the number. A template without <code>{cmd}</code>
 * replaces the command.
 *
 * @param name the pattern's name: not blank, no {@code |}, does not begin with {@code #}; blanks around it are dropped
 * @param regex found anywhere in the words of the command joined by single blanks; does not end in a backslash
 *     (write {@code [\\]}); its syntax is checked by {@link #parse} and {@link PortPatterns#of}
 * @param port the port the program listens on by itself, from 1 to 65535; 0 for a service with a socket and no port
 * @param template the words to run; not blank; blanks around it are dropped
 */
public record PortPattern(String name, String regex, int port, String template) {

    private static final String COMMAND = "{cmd}";
    private static final String PORT = "{port}";

    public PortPattern {
        name = name.strip();
        template = template.strip();
        checkName(name);
        checkRegex(regex);
        if (port != 0) {
            Ports.check(port);
        }
        checkTemplate(template);
    }

    /**
     * Reads one line.
     *
     * @throws IllegalArgumentException in one sentence that says what is wrong with it, the regex's syntax included
     */
    public static PortPattern parse(String line) {
        PortPattern pattern = read(line);
        pattern.compile();
        return pattern;
    }

    /** Reads one line whose regex is known to be good: compiling it is left to whoever needs it. */
    static PortPattern read(String line) {
        List<String> fields = new ArrayList<>(4);
        StringBuilder field = new StringBuilder();
        int at = 0;
        while (at < line.length() && fields.size() < 3) {
            char c = line.charAt(at);
            if (c == '\\' && line.startsWith("|", at + 1) && fields.size() == 1) {
                field.append('|');
                at++;
            } else if (c == '|') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
            at++;
        }
        if (fields.size() < 3) {
            throw new IllegalArgumentException("not name|regex|port|template: " + fields.size()
                    + " of 3 separators found (a | of the regex is written \\|)");
        }
        return new PortPattern(
                fields.get(0), fields.get(1), portOf(fields.get(2).strip()), line.substring(at));
    }

    /** The line that {@link #parse} reads. */
    @Override
    public String toString() {
        return name + "|" + regex.replace("|", "\\|") + "|" + port + "|" + template;
    }

    /**
     * The regex, ready for use.
     *
     * @throws IllegalArgumentException if its syntax is wrong
     */
    Pattern compile() {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException(
                    "regex is wrong: " + wrong.getDescription() + " near index " + wrong.getIndex() + ": " + regex,
                    wrong);
        }
    }

    /** Whether the template tells the program the port. */
    boolean tellsPort() {
        return template.contains(PORT);
    }

    /** Whether the template adds to the command, and does not replace it. */
    boolean keepsCommand() {
        return template.contains(COMMAND);
    }

    /** The words to run; a place for the port stays one. */
    List<String> rewrite(List<String> command) {
        if (template.equals(COMMAND)) {
            return command;
        }
        List<String> words = new ArrayList<>();
        for (String word : Words.split(template)) {
            if (word.equals(COMMAND)) {
                words.addAll(command);
            } else {
                words.add(word);
            }
        }
        return words;
    }

    private static int portOf(String text) {
        if (text.equals("0")) {
            return 0;
        }
        return Ports.valueOf(text)
                .orElseThrow(() ->
                        new IllegalArgumentException("port is neither 0 nor in [1, 65535]: " + Words.printable(text)));
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.startsWith("#") || name.indexOf('|') >= 0 || hasLineBreak(name)) {
            throw new IllegalArgumentException(
                    "name of a pattern is blank, begins with # or has a | or a line break: " + Words.printable(name));
        }
    }

    private static void checkRegex(String regex) {
        if (regex.isEmpty() || regex.endsWith("\\") || hasLineBreak(regex)) {
            throw new IllegalArgumentException(
                    "regex is empty, ends in a backslash (write [\\\\]) or has a line break: "
                            + Words.printable(regex));
        }
    }

    private static void checkTemplate(String template) {
        if (template.isEmpty() || hasLineBreak(template)) {
            throw new IllegalArgumentException(
                    "template is blank or has a line break; write {cmd} to run the command as it is");
        }
        List<String> words = Words.split(template);
        for (String word : words) {
            if (word.contains(COMMAND) && !word.equals(COMMAND)) {
                throw new IllegalArgumentException("{cmd} is not a word of its own in the template: " + template);
            }
        }
    }

    private static boolean hasLineBreak(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
}
