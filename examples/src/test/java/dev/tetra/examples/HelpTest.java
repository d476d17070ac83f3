package dev.tetra.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.Verb;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HelpTest {
    @Test
    void every_verb_explains_its_options_and_has_an_example() {
        for (Verb verb : Verbs.ALL_VERBS) {
            String help = run(0, verb.name(), "--help");

            assertThat(help).startsWith("Usage: tsm " + verb.name()).contains("Examples:\n  tsm " + verb.name());
            for (Option option : verb.options()) {
                assertThat(help).contains(option.names());
            }
            assertThat(run(0, "help", verb.name())).isEqualTo(help);
            for (String alias : verb.aliases()) {
                assertThat(run(0, alias, "-h")).isEqualTo(help);
            }
        }
    }

    @Test
    void the_help_of_the_command_lists_every_verb() {
        String help = run(0, "--help");

        for (Verb verb : Verbs.ALL_VERBS) {
            assertThat(help).contains(verb.name());
        }
        assertThat(help).isEqualTo(run(0, "help")).isEqualTo(run(0)).isEqualTo(run(0, "-h"));
    }

    @Test
    void help_fits_the_terminal_and_is_plain_elsewhere() {
        for (String line : run(60, "start", "--help").lines().toList()) {
            assertThat(line.replaceAll("\u001b\\[[\\d;]*m", "")).hasSizeLessThanOrEqualTo(60);
        }
        assertThat(run(0, "start", "--help")).doesNotContain("\u001b");
    }

    @Test
    void abbreviations_and_clusters_are_understood() {
        assertThat(run(0, "version", "--js")).isEqualTo(run(0, "version", "--json"));
        assertThat(run(0, "list", "-ap")).isEqualTo("no services; start one with: tsm start COMMAND\n");
    }

    @Test
    void the_version_names_itself_and_java() {
        assertThat(run(0, "--version"))
                .startsWith("tsm ")
                .contains("Java " + System.getProperty("java.version"))
                .isEqualTo(run(0, "version"));
    }

    private static String run(int columns, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Path nowhere = Path.of("/nonexistent");
        int exitCode = Tsm.run(args, new Caller(Map.of(), nowhere, nowhere, columns), out, err);
        assertThat(exitCode).as(err.toString(UTF_8)).isZero();
        return out.toString(UTF_8);
    }
}
