package dev.tetra.tsm.ports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The programs whose ports are known, in the order in which they are tried. <em>Immutable.</em>
 *
 * <p>A patterns file has one {@link PortPattern} a line; blank lines and lines that begin with {@code #} are dropped. A
 * line that is wrong is reported in {@link #problems()}, and the others still work.
 */
public final class PortPatterns {
    private static final int LONGEST_TEXT = 2000;

    private static final String BUILT_IN = "patterns.txt";

    private final List<PortPattern> patterns;
    private final List<PatternProblem> problems;
    private final int own;

    /** Compiled when first tried: a command lives shorter than all of them take. */
    private final AtomicReferenceArray<@Nullable Pattern> compiled;

    private PortPatterns(List<PortPattern> patterns, int own, List<PatternProblem> problems) {
        this.patterns = List.copyOf(patterns);
        this.own = own;
        this.problems = List.copyOf(problems);
        this.compiled = new AtomicReferenceArray<>(patterns.size());
    }

    /**
     * These patterns as the user's own, and no built-in ones.
     *
     * @throws IllegalArgumentException if the syntax of a regex is wrong
     */
    public static PortPatterns of(List<PortPattern> patterns) {
        for (PortPattern pattern : patterns) {
            pattern.compile();
        }
        return new PortPatterns(patterns, patterns.size(), List.of());
    }

    /** The patterns that come with this library, for the servers people start every day. */
    public static PortPatterns builtIn() {
        return new PortPatterns(readBuiltIn(), 0, List.of());
    }

    /**
     * The user's patterns before the built-in ones.
     *
     * @param userFile a patterns file in UTF-8; one that does not exist has no patterns, one that cannot be read is
     *     reported in {@link #problems()}
     */
    public static PortPatterns load(Path userFile) {
        List<PatternProblem> problems = new ArrayList<>();
        List<PortPattern> patterns = new ArrayList<>();
        try {
            if (Files.exists(userFile) && !Files.isRegularFile(userFile)) {
                throw new IOException("it is no regular file");
            }
            String text = new String(Files.readAllBytes(userFile), StandardCharsets.UTF_8);
            patterns.addAll(read(userFile.toString(), text, problems));
        } catch (NoSuchFileException none) {
            // A user without patterns of his own is the normal case.
        } catch (IOException unreadable) {
            problems.add(new PatternProblem(
                    userFile.toString(), 0, "cannot be read, only the built-in patterns are used: " + unreadable));
        }
        int own = patterns.size();
        patterns.addAll(readBuiltIn());
        return new PortPatterns(patterns, own, problems);
    }

    /** All patterns, in the order in which they are tried. */
    public List<PortPattern> patterns() {
        return patterns;
    }

    /** What was wrong in the files; empty if nothing was. */
    public List<PatternProblem> problems() {
        return problems;
    }

    /**
     * The first pattern whose regex is found in the command's words, joined by single blanks.
     *
     * @param command the argument vector
     */
    public Optional<PortPattern> match(List<String> command) {
        String words = String.join(" ", command);
        // What tells a program stands at the beginning; the matcher's stack does not bear a command of any length.
        String text = words.length() <= LONGEST_TEXT ? words : words.substring(0, LONGEST_TEXT);
        for (int i = 0; i < patterns.size(); i++) {
            if (compiled(i).matcher(text).find()) {
                return Optional.of(patterns.get(i));
            }
        }
        return Optional.empty();
    }

    private Pattern compiled(int index) {
        Pattern known = compiled.get(index);
        if (known != null) {
            return known;
        }
        Pattern fresh = patterns.get(index).compile();
        compiled.set(index, fresh);
        return fresh;
    }

    /** Whether the pattern is the user's own: then it is believed even against the command's text. */
    boolean isOwn(PortPattern pattern) {
        return patterns.subList(0, own).contains(pattern);
    }

    private static List<PortPattern> read(String file, String text, List<PatternProblem> problems) {
        List<PortPattern> patterns = new ArrayList<>();
        int number = 0;
        for (String line : Words.fields(text, '\n')) {
            number++;
            String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (isPattern(content)) {
                try {
                    patterns.add(PortPattern.parse(content));
                } catch (IllegalArgumentException wrong) {
                    problems.add(new PatternProblem(file, number, String.valueOf(wrong.getMessage())));
                }
            }
        }
        return patterns;
    }

    private static List<PortPattern> readBuiltIn() {
        List<PortPattern> patterns = new ArrayList<>();
        for (String line : Words.fields(builtInText(), '\n')) {
            if (isPattern(line)) {
                patterns.add(PortPattern.read(line));
            }
        }
        return patterns;
    }

    private static boolean isPattern(String line) {
        String content = line.stripLeading();
        return !content.isEmpty() && !content.startsWith("#");
    }

    private static String builtInText() {
        try (InputStream in = PortPatterns.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is missing beside " + PortPatterns.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
