package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EnvFileProperties {
    private static final Map<String, String> BASE = Map.of("HOME", "/h", "A", "a b", "E", "");

    @Property
    void whatIsPrintedInSingleQuotesComesBack(@ForAll("environments") Map<String, String> environment) {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) -> text.append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n"));
        assertThat(parse(text)).containsExactlyEntriesOf(environment);
    }

    @Property
    void whatIsPrintedInDoubleQuotesComesBack(@ForAll("environments") Map<String, String> environment) {
        StringBuilder text = new StringBuilder("# printed\r\n");
        environment.forEach((name, value) -> {
            text.append("export ").append(name).append("=\"");
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                switch (c) {
                    case '\n' -> text.append("\\n");
                    case '\t' -> text.append("\\t");
                    case '"', '\\', '$', '`' -> text.append('\\').append(c);
                    default -> text.append(c);
                }
            }
            text.append("\" # comment\r\n");
        });
        assertThat(parse(text)).containsExactlyEntriesOf(environment);
    }

    @Property
    void whatIsPrintedBareWithBackslashesComesBack(@ForAll("environments") Map<String, String> environment) {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) -> {
            text.append(name).append('=');
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                // A backslash before a line's end continues the line, so that one is quoted.
                text.append(c == '\n' || c == '\r' ? "'" + c + "'" : "\\" + c);
            }
            text.append('\n');
        });
        assertThat(parse(text)).containsExactlyEntriesOf(environment);
    }

    @Property(tries = 5000)
    void anyTextIsParsedOrRefusedWithItsLine(@ForAll("texts") String text) {
        try {
            EnvFile.parse("x.env", text, BASE);
        } catch (ServiceException refusal) {
            assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
            String message = requireNonNull(refusal.getMessage());
            assertThat(message).matches("(?s)x\\.env:\\d+: .+");
            int line = Integer.parseInt(message.replaceAll("(?s)^x\\.env:(\\d+): .*", "$1"));
            assertThat(line)
                    .isBetween(1, 1 + (int) text.chars().filter(c -> c == '\n').count());
        }
    }

    @Property
    void lineEndsOfOtherSystemsAndTheMissingOfTheLastChangeNothing(@ForAll("plainLines") List<String> lines) {
        Map<String, String> expected = parse(String.join("\n", lines) + "\n");
        assertThat(parse(String.join("\n", lines))).isEqualTo(expected);
        assertThat(parse(String.join("\r\n", lines))).isEqualTo(expected);
        assertThat(parse("\uFEFF" + String.join("\r\n", lines) + "\r\n")).isEqualTo(expected);
    }

    private static Map<String, String> parse(CharSequence text) {
        return EnvFile.parse("x.env", text.toString(), BASE).variables();
    }

    @Provide
    Arbitrary<Map<String, String>> environments() {
        Arbitrary<String> special =
                Arbitraries.strings().withChars("'\"\\$`{}()~:;# \t\n\r=aNé").ofMaxLength(20);
        Arbitrary<String> any = Arbitraries.strings().all().excludeChars('\0').ofMaxLength(20);
        return Arbitraries.maps(names(), Arbitraries.oneOf(special, any)).ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> tokens = Arbitraries.of(
                "A", "=", "A=", "export ", "set -a", "'", "\"", "\\", "$", "{", "}", "${A", "${N:-", ":+", "`", "$(",
                "~", ":", "#", " ", "\t", "\n", "\r\n", "\r", ";", "\0", "\uFEFF", "é", "1");
        Arbitrary<String> likely = tokens.list().ofMaxSize(25).map(list -> String.join("", list));
        return Arbitraries.oneOf(likely, Arbitraries.strings().all().ofMaxLength(50));
    }

    @Provide
    Arbitrary<List<String>> plainLines() {
        Arbitrary<String> values = Arbitraries.of("", "x", "'a b'", "\"$A c\"", "x\\ y", "${E:-d}", "~/x", "1 # one");
        Arbitrary<String> assignments = names().flatMap(name -> values.map(value -> name + "=" + value));
        Arbitrary<String> others = Arbitraries.of("", "  ", "# comment", "set -a", "export A", "A = 1");
        return Arbitraries.oneOf(assignments, others).list().ofMaxSize(8);
    }

    private static Arbitrary<String> names() {
        Arbitrary<Character> first =
                Arbitraries.chars().range('a', 'z').range('A', 'Z').with('_');
        Arbitrary<String> rest = Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .withChars('_')
                .ofMaxLength(8);
        return first.flatMap(c -> rest.map(tail -> c + tail));
    }
}
