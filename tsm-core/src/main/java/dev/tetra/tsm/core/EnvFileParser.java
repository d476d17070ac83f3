package dev.tetra.tsm.core;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over the text of an environment file; {@link EnvFile} says what it accepts. */
final class EnvFileParser {
    /** The most characters of a text, and of all that its expansions come to. */
    static final int LIMIT = 1 << 20;

    private static final int MAX_DEPTH = 32;
    private static final char END = '\0';
    private static final String OPERATORS = ";&|<>()";
    private static final String PARAMETERS = "@*#?-$![0123456789";

    private final String name;
    private final String text;
    private final Map<String, String> base;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private int counted;
    private int line = 1;
    private int at;
    private int depth;
    private int expanded;

    EnvFileParser(String name, String text, Map<String, String> base) {
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

    /** Where each variable got its value: lines from 1 on. */
    Map<String, Integer> lines() {
        return lines;
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
        while (counted < start) {
            line += text.charAt(counted++) == '\n' ? 1 : 0;
        }
        lines.put(variable, line);
    }

    /** A value up to a blank or the line's end, or, in <code>${NAME:-</code>, all up to the brace. */
    private void bare(StringBuilder out, char end, int start) {
        boolean first = true;
        while (end == END ? !atLineEnd() && !isBlank(peek()) : at < text.length()) {
            if (continuation(at)) {
                continue;
            }
            char c = text.charAt(at++);
            if (c == end) {
                return;
            }
            switch (c) {
                case '\'' -> literal(out);
                case '"' -> quoted(out, '"', at - 1);
                case '\\' -> out.append(at < text.length() ? text.charAt(at++) : c);
                case '$' -> dollar(out, false);
                case '`' -> throw command(at - 1, "`…`");
                case '~' -> tilde(out, first, end);
                default -> {
                    if (end == END && OPERATORS.indexOf(c) >= 0) {
                        throw refusal(at - 1, c + " outside quotes ends a value in a shell; put the value in quotes");
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
        continuation(at);
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

    /** Passes over backslashes at {@code from} that end a line, together with the line's end. */
    private boolean continuation(int from) {
        int end = from;
        while (text.startsWith("\\\n", end) || text.startsWith("\\\r\n", end)) {
            end = text.indexOf('\n', end) + 1;
        }
        at = end > from ? end : at;
        return end > from;
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
        int place = 1;
        for (int i = 0; i < position; i++) {
            place += text.charAt(i) == '\n' ? 1 : 0;
        }
        return new ServiceException(Reason.INVALID, name + ":" + place + ": " + what);
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
}
