package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PortPatternProperties {

    @Property
    void whatIsPrintedParsesToTheSame(@ForAll("patterns") PortPattern pattern) {
        assertThat(PortPattern.parse(pattern.toString())).isEqualTo(pattern);
    }

    @Property
    void anyLineIsReadOrRefusedInOneSentence(@ForAll("lines") String line) {
        Throwable refused = catchThrowable(() -> PortPattern.parse(line));
        if (refused != null) {
            assertThat(refused).isInstanceOf(IllegalArgumentException.class);
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Property
    void theCommandsWordsAreNeverCutAgain(@ForAll List<String> command) {
        List<String> expected = new ArrayList<>(command);
        expected.add(0, "nice");
        expected.add("--port={port}");
        assertThat(new PortPattern("app", "x", 80, "nice {cmd} --port={port}").rewrite(command))
                .isEqualTo(expected);
    }

    @Provide
    Arbitrary<PortPattern> patterns() {
        return Combinators.combine(
                        text().map(name -> "n" + name.replace("|", "")),
                        regexes(),
                        Arbitraries.integers().between(0, 65535),
                        text().map(template -> "{cmd} "
                                + template.replace("{cmd}", "").replace("'", "").replace("\"", "")))
                .as(PortPattern::new);
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of("a", "|", "\\", "\\|", "(", ")", "80", "0", "{cmd}", "{port}", " ", "'", "\"", "#", "é")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    private static Arbitrary<String> text() {
        return Arbitraries.strings().ofMaxLength(12).filter(text -> text.indexOf('\n') < 0 && text.indexOf('\r') < 0);
    }

    private static Arbitrary<String> regexes() {
        Arbitrary<String> parts =
                Arbitraries.of("a", "|", "\\|", "\\\\", "(b|c)", "[|]", " ", "^", "$", "\\s", ".*", "é");
        return Arbitraries.oneOf(parts.list().ofMinSize(1).ofMaxSize(8).map(list -> String.join("", list)), text())
                .filter(PortPatternProperties::isRegex);
    }

    private static boolean isRegex(String text) {
        try {
            Pattern.compile(text);
            return !text.isEmpty() && !text.endsWith("\\");
        } catch (PatternSyntaxException wrong) {
            return false;
        }
    }
}
