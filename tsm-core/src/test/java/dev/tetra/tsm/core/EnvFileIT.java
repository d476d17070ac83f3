package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link EnvFile} makes of generated files is what real shells make of them. */
class EnvFileIT {
    private static final int FILES = 200;
    private static final String PATH = "/usr/bin:/bin";
    private static final Map<String, String> BASE =
            Map.of("HOME", "/home/ann", "B0", "b a s e", "B1", "", "PATH", PATH);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash"})
    void aShellReadsGeneratedFilesTheSameWay(String shell) throws Exception {
        assumeTrue(isOnPath(shell), "no " + shell + " in " + PATH + " to compare with");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path file = directory.resolve("x.env");
        for (int i = 0; i < FILES; i++) {
            String text = new Generator(random).file();
            Files.writeString(file, text);
            assertThat(ours(file)).as("seed %d, file %d:%n%s", seed, i, text).isEqualTo(shells(shell, file));
        }
    }

    private static Map<String, String> ours(Path file) {
        return new TreeMap<>(EnvFile.read(file, BASE).variables());
    }

    /** The V variables that the shell exports after it has run the file. */
    private Map<String, String> shells(String shell, Path file) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(shell, "-c", "set -a; . \"$1\" && env -0", "sh", file.toString());
        builder.environment().clear();
        builder.environment().putAll(BASE);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("exit code of %s for%n%s", shell, Files.readString(file))
                .isZero();
        Map<String, String> variables = new TreeMap<>();
        for (String entry : output.split("\0", -1)) {
            if (entry.startsWith("V")) {
                int equals = entry.indexOf('=');
                variables.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables;
    }

    private static boolean isOnPath(String program) {
        for (String entry : PATH.split(":", -1)) {
            if (Files.isExecutable(Path.of(entry, program))) {
                return true;
            }
        }
        return false;
    }

    /** Files of what both understand: no escapes for control characters in double quotes, no blanks around {@code =}. */
    private static final class Generator {
        private static final List<String> NAMES = List.of("V0", "V1", "V_2", "V3x", "B0", "B1", "HOME", "NONE");
        private static final List<String> BARE = List.of(
                "a", "Z9", "#", ":", "/", "~", "~/", ":~", "é", "=", "{", "}", "*", "?", "[x]", "!", "%", ",", "@",
                "^");
        private static final List<String> BARE_IN_BRACES =
                List.of("a", "Z9", "#", ":", "/", "é", "=", "*", ";", "(", "!");
        private static final List<String> INSIDE = List.of(
                "a", " ", "  b", "#", ";", "&|<>()", "\n", "\t", "é", "😀", "~", "*", "$ ", "$/", "!", "%", "=", ":");
        private static final List<String> QUOTABLE = List.of("\\$", "\\\"", "\\`", "\\\\", "\\\n", "\\x", "\\ ");

        private static final List<String> TILDES = List.of("~", "~/", "~:", "~x");
        // dash 0.5.12 prints part of an alternative that is not taken if it begins with another tilde.
        private static final List<String> HOMES = List.of("~/");

        private final Random random;
        private int depth;

        Generator(Random random) {
            this.random = random;
        }

        String file() {
            Map<Integer, String> lines = new LinkedHashMap<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                lines.put(i, line());
            }
            return String.join("\n", lines.values()) + (random.nextBoolean() ? "\n" : "");
        }

        private String line() {
            return switch (random.nextInt(12)) {
                case 0 -> "  # it's a \"comment\" $(with) `much` in it";
                case 1 -> random.nextBoolean() ? "" : " \t ";
                case 2 -> "export " + variable();
                case 3 -> of(List.of("set -a", "set -o allexport # on"));
                default ->
                    of(List.of("", " ", "export ", "\texport  ")) + variable() + "=" + value()
                            + of(List.of("", " ", "\t# it's over", " #"));
            };
        }

        /** Always one that the comparison looks at. */
        private String variable() {
            return NAMES.get(random.nextInt(4));
        }

        private String value() {
            StringBuilder value = new StringBuilder(random.nextInt(6) == 0 ? of(depth == 0 ? TILDES : HOMES) : "");
            for (int i = random.nextInt(5); i > 0; i--) {
                value.append(piece());
            }
            return value.toString();
        }

        private String piece() {
            return switch (random.nextInt(8)) {
                case 0, 1 -> of(depth == 0 ? BARE : BARE_IN_BRACES);
                case 2 -> "\\" + of(List.of("a", " ", "#", "$", "\"", "'", "\\", ";", "`", "\n", "~", "é", "}"));
                case 3 -> "'" + of(INSIDE) + of(List.of("", "\"", "\\", "$V0", "`id`", "$(id)", "\\n")) + "'";
                case 4 -> "\"" + quoted() + "\"";
                case 5 -> "$" + of(NAMES);
                default -> braces(false);
            };
        }

        private String quoted() {
            StringBuilder quoted = new StringBuilder();
            for (int i = random.nextInt(4); i > 0; i--) {
                quoted.append(
                        switch (random.nextInt(5)) {
                            case 0 -> of(QUOTABLE);
                            case 1 -> "$" + of(NAMES);
                            case 2 -> braces(true);
                            case 3 -> depth == 0 ? "'" : "x";
                            default -> of(INSIDE);
                        });
            }
            return quoted.toString();
        }

        private String braces(boolean inQuotes) {
            String name = "${" + of(NAMES);
            if (depth > 1 || random.nextInt(3) == 0) {
                return name + "}";
            }
            depth++;
            String word = inQuotes ? quoted() : random.nextBoolean() ? value() + " " + value() : value();
            depth--;
            return name + of(List.of(":-", "-", ":+", "+")) + word + "}";
        }

        private String of(List<String> list) {
            return list.get(random.nextInt(list.size()));
        }
    }
}
