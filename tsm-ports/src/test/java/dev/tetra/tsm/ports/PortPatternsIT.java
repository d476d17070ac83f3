package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortPatternsIT {

    @TempDir
    Path directory;

    private PortPatterns load(String text) throws IOException {
        return PortPatterns.load(Files.writeString(directory.resolve("patterns.txt"), text));
    }

    @Test
    void theUsersPatternsComeBeforeTheBuiltInOnes() throws IOException {
        PortPatterns patterns = load("# mine\n\n   # indented\nmine|http\\.server|9000|{cmd} {port}\r\n");
        assertThat(patterns.problems()).isEmpty();
        assertThat(patterns.patterns())
                .hasSize(1 + PortPatterns.builtIn().patterns().size());
        assertThat(patterns.match(List.of("python3", "-m", "http.server")).map(PortPattern::name))
                .hasValue("mine");
        assertThat(patterns.match(List.of("npx", "vite")).map(PortPattern::name))
                .hasValue("vite");
    }

    @Test
    void aBadLineIsReportedByItsNumberAndTheOthersWork() throws IOException {
        PortPatterns patterns = load("# mine\nbad|(|80|{cmd}\ngood|(a\\|b)|9000|{cmd}\nonly two|fields\n");
        assertThat(patterns.problems())
                .extracting(PatternProblem::toString)
                .containsExactly(
                        directory + "/patterns.txt:2: regex is wrong: Unclosed group near index 1: (",
                        directory + "/patterns.txt:4: not name|regex|port|template: 1 of 3 separators found (a | of the"
                                + " regex is written \\|)");
        assertThat(patterns.match(List.of("xbx")).map(PortPattern::name)).hasValue("good");
    }

    @Test
    void noFileIsNoPatternsAndNoProblem() {
        PortPatterns patterns = PortPatterns.load(directory.resolve("none.txt"));
        assertThat(patterns.problems()).isEmpty();
        assertThat(patterns.patterns()).isEqualTo(PortPatterns.builtIn().patterns());
    }

    @Test
    void aFileThatCannotBeReadIsReportedAndTheBuiltInPatternsWork() {
        PortPatterns patterns = PortPatterns.load(directory);
        assertThat(patterns.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isZero();
            assertThat(problem.toString()).startsWith(directory + ": cannot be read");
        });
        assertThat(patterns.patterns()).isEqualTo(PortPatterns.builtIn().patterns());
    }

    @Test
    void bytesThatAreNoTextAreReportedOrDoNotMatter() throws IOException {
        Files.write(directory.resolve("patterns.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 10, 35, (byte) 0xff, 10});
        PortPatterns patterns = PortPatterns.load(directory.resolve("patterns.txt"));
        assertThat(patterns.problems())
                .singleElement()
                .extracting(PatternProblem::line)
                .isEqualTo(1);
    }

    @Test
    void aCommandOfAnyLengthIsMatched() {
        List<String> words = new ArrayList<>(List.of("python3"));
        words.addAll(Collections.nCopies(50_000, "-x"));
        assertThat(PortPatterns.builtIn().match(words)).isEmpty();
        words.set(0, "node");
        words.add("server.js");
        assertThat(PortPatterns.builtIn().match(words).map(PortPattern::name)).isNotEqualTo(Optional.of("vite"));
    }
}
