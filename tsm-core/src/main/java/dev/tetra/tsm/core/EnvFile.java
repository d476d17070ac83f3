package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables that an environment file sets. The file is parsed and never executed. <em>Immutable.</em>
 *
 * <p>A line is {@code NAME=value} or {@code export NAME=value}, with blanks around either side, or a comment from {@code #}
 * on. Values are written as in a POSIX shell (XCU 2.2, 2.6): {@code 'literal'}; {@code "with $NAME"}, over several lines if
 * need be; or bare, with a backslash before what is special; pieces may touch ({@code a"b c"'d'}). {@code $NAME},
 * <code>${NAME}</code>, <code>${NAME:-default}</code> and <code>${NAME:+other}</code> (also without the colon) and a leading
 * {@code ~} look at earlier lines first, then at the base; what neither sets is empty. {@code export NAME} and
 * {@code set -a} are allowed and change nothing.
 *
 * <p>What is accepted means what {@code set -a; . file} makes of it, except that double quotes also know {@code \n},
 * {@code \t} and {@code \r}, and that blanks around {@code =} and CR LF line ends are allowed. What a shell would run, or read
 * in another way than its writer may think ({@code a b}, {@code a;b}, {@code $$}), is refused with file and line. No message
 * shows a value.
 */
public final class EnvFile {
    private static final int LIMIT = 1 << 20;

    private final Map<String, String> variables;

    private EnvFile(Map<String, String> variables) {
        this.variables = Collections.unmodifiableMap(variables);
    }

    /**
     * The variables of a file in UTF-8 with at most 1 MiB.
     *
     * @param file a regular file, or a link to one
     * @param base what the file may refer to, usually the environment of the caller
     * @throws ServiceException if the file is missing, no file or unreadable ({@link Reason#MISSING_FILE}), or if it is not
     *     well formed ({@link Reason#INVALID}, with {@code file:line})
     */
    public static EnvFile read(Path file, Map<String, String> base) {
        Path absolute = file.toAbsolutePath();
        byte[] bytes = bytes(absolute);
        if (bytes.length > LIMIT) {
            throw tooLarge(absolute.toString());
        }
        return parse(absolute.toString(), decode(absolute, bytes), base);
    }

    /**
     * The variables of a text of at most 1 Mi characters.
     *
     * @param name what messages call the text: {@code name:line}
     * @param text the content; a byte order mark before it is passed over, and so is the CR of a CR LF outside quotes
     * @param base what the text may refer to, usually the environment of the caller
     * @throws ServiceException if the text is not well formed ({@link Reason#INVALID}, with {@code name:line})
     */
    public static EnvFile parse(String name, String text, Map<String, String> base) {
        requireNonNull(name, "name");
        requireNonNull(base, "base");
        if (text.length() > LIMIT) {
            throw tooLarge(name);
        }
        return new EnvFile(new Parser(name, text, base).parse());
    }

    /** What the file sets, in the order of the first line for each name; of several values for a name, the last. */
    public Map<String, String> variables() {
        return variables;
    }

    private static byte[] bytes(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw missing("environment file is a directory: " + file + "; name a file in it");
            }
            if (!attributes.isRegularFile()) {
                throw missing("environment file is no regular file: " + file + "; it is read again at each start");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(LIMIT + 1);
            }
        } catch (NoSuchFileException e) {
            throw missing("environment file not found: " + file + "; create it, or name another");
        } catch (AccessDeniedException e) {
            throw missing("environment file cannot be read: " + file + ": permission denied");
        } catch (IOException e) {
            String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
            throw missing("environment file cannot be read: " + file + ": " + reason);
        }
    }

    private static String decode(Path file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw invalid(file + ":" + line + ": not UTF-8; save the file in that encoding");
        }
        return out.flip().toString();
    }

    private static ServiceException tooLarge(String name) {
        return invalid(name + " is larger than 1 MiB; no environment is");
    }

    private static ServiceException invalid(String message) {
        return new ServiceException(Reason.INVALID, message);
    }

    private static ServiceException missing(String message) {
        return new ServiceException(Reason.MISSING_FILE, message);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isName(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!isNameChar(word.charAt(i), i)) {
                return false;
            }
        }
        return !word.isEmpty();
    }

    private static boolean isNameChar(char c, int index) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (index > 0 && c >= '0' && c <= '9');
    }

    /** A word for a message: no control characters, and too little of it to give a secret away. */
    private static String shown(String word) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(word.length(), 20); i++) {
            shown.append(Character.isISOControl(word.charAt(i)) ? '?' : word.charAt(i));
        }
        return shown.append(word.length() > 20 ? "…" : "").toString();
    }

    /** One pass over one text. */
    private static final class Parser {
        private static final int MAX_DEPTH = 32;
        private static final char END = '\0';
        private static final String OPERATORS = ";&|<>()";
        private static final String PARAMETERS = "@*#?-$![0123456789";

        private final String name;
        private final String text;
        private final Map<String, String> base;
        private final Map<String, String> variables = new LinkedHashMap<>();
        private int at;
        private int depth;
        private int expanded;

        Parser(String name, String text, Map<String, String> base) {
            this.name = name;
            this.text = text;
            this.base = base;
        }

        Map<String, String> parse() {
            int nul = text.indexOf('\0');
            if (nul >= 0) {
                throw refusal(nul, "a NUL character, which no variable can hold");
            }
            at = text.startsWith("\uFEFF") ? 1 : 0;
            while (at < text.length()) {
                blanks();
                if (!atLineEnd() && peek() != '#') {
                    statement();
                }
                int newline = text.indexOf('\n', at);
                at = newline < 0 ? text.length() : newline + 1;
            }
            return variables;
        }

        private void statement() {
            int start = at;
            String word = word();
            boolean export = word.equals("export") && peek() != '=' && !atLineEnd();
            if (export) {
                start = at;
                word = word();
            }
            if (peek() == '=') {
                assign(word, start);
            } else if (!(export ? isName(word) : word.equals("set") && isAllExport())) {
                throw refusal(start, "not an assignment: " + shown(word) + "; write NAME=value, as no command is run");
            }
            blanks();
            if (!atLineEnd() && peek() != '#') {
                throw refusal(at, "text after a blank; put a value with blanks in quotes, and one variable on a line");
            }
        }

        /** The characters up to a blank, {@code =} or the line's end; the blanks after it are passed over. */
        private String word() {
            int start = at;
            while (!atLineEnd() && !isBlank(peek()) && peek() != '=') {
                at++;
            }
            String word = text.substring(start, at);
            blanks();
            return word;
        }

        private boolean isAllExport() {
            String option = word();
            return switch (option) {
                case "-a", "+a" -> true;
                case "-o", "+o" -> word().equals("allexport");
                default -> false;
            };
        }

        private void assign(String variable, int start) {
            if (!isName(variable)) {
                String what = variable.isEmpty() ? "no name before =" : "not a variable name: " + shown(variable);
                throw refusal(start, what + "; a name is of letters, digits and _, and begins with no digit");
            }
            int equals = at++;
            blanks();
            StringBuilder value = new StringBuilder();
            if (peek() != '#' || at == equals + 1) {
                bare(value, END, start);
            }
            variables.put(variable, value.toString());
        }

        /** A value up to a blank or the line's end, or, in <code>${NAME:-</code>, all up to the brace. */
        private void bare(StringBuilder out, char end, int start) {
            boolean first = true;
            while (end == END ? !atLineEnd() && !isBlank(peek()) : at < text.length()) {
                char c = text.charAt(at++);
                if (c == end) {
                    return;
                }
                switch (c) {
                    case '\'' -> literal(out);
                    case '"' -> quoted(out, '"', at - 1);
                    case '\\' -> bareEscape(out);
                    case '$' -> dollar(out, false);
                    case '`' -> throw command(at - 1, "`…`");
                    case '~' -> tilde(out, first, end);
                    default -> {
                        if (end == END && OPERATORS.indexOf(c) >= 0) {
                            throw refusal(
                                    at - 1, c + " outside quotes ends a value in a shell; put the value in quotes");
                        }
                        out.append(c);
                    }
                }
                first = c == ':';
            }
            if (end != END) {
                throw unclosed(start, "${");
            }
        }

        private void literal(StringBuilder out) {
            int close = text.indexOf('\'', at);
            if (close < 0) {
                throw unclosed(at - 1, "'");
            }
            out.append(text, at, close);
            at = close + 1;
        }

        /** What stands in double quotes, up to the quote, or up to the brace of a <code>${NAME:-</code> in them. */
        private void quoted(StringBuilder out, char end, int start) {
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == end) {
                    return;
                }
                switch (c) {
                    case '"' -> quoted(out, '"', at - 1);
                    case '\'' -> {
                        if (end == '}') {
                            throw refusal(at - 1, "' in a ${ in double quotes, where shells differ; leave it out");
                        }
                        out.append(c);
                    }
                    case '\\' -> quotedEscape(out);
                    case '$' -> dollar(out, true);
                    case '`' -> throw command(at - 1, "`…`");
                    default -> out.append(c);
                }
            }
            throw unclosed(start, end == '"' ? "\"" : "${");
        }

        private void bareEscape(StringBuilder out) {
            if (!continuation(at - 1)) {
                out.append(at < text.length() ? text.charAt(at++) : '\\');
            }
        }

        private void quotedEscape(StringBuilder out) {
            if (continuation(at - 1) || at == text.length()) {
                return;
            }
            char c = text.charAt(at++);
            switch (c) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case '"', '\\', '$', '`' -> out.append(c);
                default -> out.append(c == '}' && depth > 0 ? "" : "\\").append(c);
            }
        }

        private void tilde(StringBuilder out, boolean first, char end) {
            String home = lookup("HOME");
            char next = peek();
            boolean whole = next == '/' || next == ':' || next == end || (end == END && (atLineEnd() || isBlank(next)));
            expand(out, first && whole && home != null ? home : "~");
        }

        private void dollar(StringBuilder out, boolean inQuotes) {
            int start = at - 1;
            String variable = variable();
            char c = peek();
            if (!variable.isEmpty()) {
                String value = lookup(variable);
                expand(out, value == null ? "" : value);
            } else if (c == '(') {
                throw command(start, "$(…)");
            } else if (c == '{') {
                at++;
                braces(out, inQuotes, start);
            } else if (c != END && (PARAMETERS.indexOf(c) >= 0 || (!inQuotes && (c == '\'' || c == '"')))) {
                throw refusal(start, "$" + c + " means something in a shell only; write \\$, or use single quotes");
            } else {
                out.append('$');
            }
        }

        private void braces(StringBuilder out, boolean inQuotes, int start) {
            String variable = variable();
            boolean orEmpty = peek() == ':';
            at += orEmpty ? 1 : 0;
            char operator = peek();
            if (operator == END) {
                throw unclosed(start, "${");
            }
            if (variable.isEmpty() || (orEmpty ? "-+" : "-+}").indexOf(operator) < 0 || depth == MAX_DEPTH) {
                throw refusal(start, "only ${NAME}, ${NAME:-default} and ${NAME:+other} are known, in up to 32 levels");
            }
            at++;
            StringBuilder word = new StringBuilder();
            if (operator != '}') {
                depth++;
                if (inQuotes) {
                    quoted(word, '}', start);
                } else {
                    bare(word, '}', start);
                }
                depth--;
            }
            String value = lookup(variable);
            if (orEmpty && value != null && value.isEmpty()) {
                value = null;
            }
            if (operator == '+') {
                expand(out, value == null ? "" : word);
            } else {
                expand(out, value == null ? word : value);
            }
        }

        private void expand(StringBuilder out, CharSequence value) {
            if (value.length() > LIMIT - expanded) {
                throw refusal(at - 1, "the variables come to more than 1 MiB");
            }
            expanded += value.length();
            out.append(value);
        }

        private @Nullable String lookup(String variable) {
            String value = variables.get(variable);
            return value == null ? base.get(variable) : value;
        }

        /** The longest name from here on, which may be empty; as in a shell, it may go on behind a continued line. */
        private String variable() {
            StringBuilder variable = new StringBuilder();
            while (continuation(at) || isNameChar(peek(), variable.length())) {
                if (isNameChar(peek(), variable.length())) {
                    variable.append(text.charAt(at++));
                }
            }
            return variable.toString();
        }

        /** Passes over a backslash at {@code from} that ends a line, together with the line's end. */
        private boolean continuation(int from) {
            boolean continued = text.startsWith("\\\n", from) || text.startsWith("\\\r\n", from);
            at = continued ? text.indexOf('\n', from) + 1 : at;
            return continued;
        }

        private void blanks() {
            while (isBlank(peek())) {
                at++;
            }
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : END;
        }

        private boolean atLineEnd() {
            char c = peek();
            return c == END || c == '\n' || (c == '\r' && (at + 1 == text.length() || text.charAt(at + 1) == '\n'));
        }

        private ServiceException command(int position, String what) {
            String why = " would run a command, and an environment file is never run; ";
            return refusal(position, what + why + "write the value itself, or in single quotes if meant literally");
        }

        private ServiceException unclosed(int position, String what) {
            return refusal(position, what + " opens here and is never closed");
        }

        private ServiceException refusal(int position, String what) {
            int line = 1;
            for (int i = 0; i < position; i++) {
                line += text.charAt(i) == '\n' ? 1 : 0;
            }
            return invalid(name + ":" + line + ": " + what);
        }
    }
}
