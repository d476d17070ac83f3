package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortPatternTest {

    @Test
    void aLineHasFourFields() {
        assertThat(PortPattern.parse("myapp|./myapp server|9000|{cmd} --listen {port}"))
                .isEqualTo(new PortPattern("myapp", "./myapp server", 9000, "{cmd} --listen {port}"));
    }

    @Test
    void anEscapedBarIsABarOfTheRegex() {
        PortPattern pattern = PortPattern.parse("app|(a\\|b)|9000|{cmd}");
        assertThat(pattern.regex()).isEqualTo("(a|b)");
        assertThat(pattern).hasToString("app|(a\\|b)|9000|{cmd}");
    }

    @Test
    void aBackslashBeforeAnEscapedBarIsTheRegexOwn() {
        assertThat(PortPattern.parse("app|a\\\\|b|9000|{cmd}").regex()).isEqualTo("a\\|b");
    }

    @Test
    void aBarInTheTemplateIsPartOfIt() {
        assertThat(PortPattern.parse("app|x|9000|tee \\| {cmd} | x").template()).isEqualTo("tee \\| {cmd} | x");
    }

    @Test
    void blanksCountInTheRegexAndNowhereElse() {
        PortPattern pattern = PortPattern.parse(" app | x | 9000 | {cmd} ");
        assertThat(pattern).isEqualTo(new PortPattern("app", " x ", 9000, "{cmd}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "app|x|9000 ~ not name|regex|port|template: 2 of 3 separators found (a | of the regex is written \\|)",
                "app ~ not name|regex|port|template: 0 of 3 separators found (a | of the regex is written \\|)",
                "app|x|70000|{cmd} ~ port is neither 0 nor in [1, 65535]: 70000",
                "app|x|-1|{cmd} ~ port is neither 0 nor in [1, 65535]: -1",
                "app|x||{cmd} ~ port is neither 0 nor in [1, 65535]: ",
                "app|(x|80|{cmd} ~ regex is wrong: Unclosed group near index 2: (x",
                "app||80|{cmd} ~ regex is empty, ends in a backslash (write [\\\\]) or has a line break: ",
                "|x|80|{cmd} ~ name of a pattern is blank, begins with # or has a | or a line break: ",
                "app|x|80| ~ template is blank or has a line break; write {cmd} to run the command as it is",
                "app|x|80|{cmd} 'a ~ a quote is not closed: {cmd} 'a",
                "app|x|80|sh -c \"{cmd} a\" ~ {cmd} is not a word of its own in the template: sh -c \"{cmd} a\"",
            },
            quoteCharacter = '`')
    void aWrongLineSaysWhatIsWrong(String line, String message) {
        assertThatThrownBy(() -> PortPattern.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        message == null ? "" : message.stripTrailing().equals(message) ? withTail(message) : message);
    }

    private static String withTail(String message) {
        return message.endsWith(":") ? message + " " : message;
    }

    @Test
    void aPatternCannotBeMadeThatDoesNotPrintAsOneLine() {
        assertThatThrownBy(() -> new PortPattern("#app", "x", 80, "{cmd}")).hasMessageContaining("begins with #");
        assertThatThrownBy(() -> new PortPattern("a|b", "x", 80, "{cmd}")).hasMessageContaining("has a |");
        assertThatThrownBy(() -> new PortPattern("a\nb", "x", 80, "{cmd}")).hasMessageContaining("line break: a?b");
        assertThatThrownBy(() -> new PortPattern("app", "a\\\\", 80, "{cmd}")).hasMessageContaining("backslash");
        assertThatThrownBy(() -> new PortPattern("app", "a\rb", 80, "{cmd}")).hasMessageContaining("line break");
        assertThatThrownBy(() -> new PortPattern("app", "x", 80, "a\nb")).hasMessageContaining("line break");
        assertThatThrownBy(() -> new PortPattern("app", "x", 65536, "{cmd}")).hasMessageContaining("65536");
    }

    @Test
    void aListOfPatternsTakesNoWrongRegex() {
        assertThatThrownBy(() -> PortPatterns.of(List.of(new PortPattern("app", "(", 80, "{cmd}"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("regex is wrong: Unclosed group near index 1: (");
    }

    @Test
    void theTemplateKeepsEveryWordOfTheCommandWhole() {
        List<String> command = List.of("./my app", "", "a 'b' {cmd}");
        assertThat(new PortPattern("app", "x", 80, "nice {cmd} --p={port} 'two words' \"it's\"").rewrite(command))
                .containsExactly("nice", "./my app", "", "a 'b' {cmd}", "--p={port}", "two words", "it's");
        assertThat(new PortPattern("app", "x", 80, "{cmd}").rewrite(command)).isEqualTo(command);
    }

    @Test
    void aTemplateWithoutTheCommandReplacesIt() {
        assertThat(new PortPattern("app", "x", 80, "other -p {port}").rewrite(List.of("a", "b")))
                .containsExactly("other", "-p", "{port}");
    }
}
