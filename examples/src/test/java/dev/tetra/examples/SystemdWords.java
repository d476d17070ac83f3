package dev.tetra.examples;

import java.util.ArrayList;
import java.util.List;

/** The words of a line as systemd reads them: systemd.syntax(7) and systemd.service(5), as far as they can occur here. */
final class SystemdWords {
    private SystemdWords() {}

    /** What stands behind a key of a unit. */
    static String line(String unit, String key) {
        return unit.lines()
                .filter(line -> line.startsWith(key + "="))
                .findFirst()
                .orElseThrow()
                .substring(key.length() + 1);
    }

    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inside = false;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                inside = true;
            } else if (c == ' ' && !quoted) {
                if (inside) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inside = false;
            } else if (c == '\\') {
                char escape = line.charAt(++i);
                inside = true;
                if (escape == 'x') {
                    word.append((char) Integer.parseInt(line.substring(i + 1, i + 3), 16));
                    i += 2;
                } else {
                    word.append(
                            switch (escape) {
                                case 'n' -> '\n';
                                case 't' -> '\t';
                                case '"', '\\' -> escape;
                                default -> throw new IllegalArgumentException("unknown escape: " + escape);
                            });
                }
            } else {
                boolean doubled = (c == '%' || c == '$') && i + 1 < line.length() && line.charAt(i + 1) == c;
                if (c == '%' && !doubled) {
                    throw new IllegalArgumentException("a specifier: " + line);
                }
                word.append(c);
                inside = true;
                i += doubled ? 1 : 0;
            }
        }
        if (inside) {
            words.add(word.toString());
        }
        return words;
    }
}
