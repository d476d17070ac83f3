package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What the verbs about files print, against docs/schema. */
class FileJsonIT extends TsmContract {
    @Test
    void every_output_is_as_its_schema_says() throws IOException {
        Files.writeString(cwd.resolve("services.yml"), """
                services:
                  web: {command: sleep 600, depends_on: [db]}
                  db: {command: sleep 600, environment: {A: b}}
                  bad: {command: absent-command}
                """);

        conforms("diff", 1, tsm("diff", "--json"));
        Result up = tsm("up", "--json", "--no-wait");
        conforms("changes", 1, up);
        assertThat(at(up.json(), 0, "service", "requested", "file"))
                .isEqualTo(cwd.resolve("services.yml").toString());
        conforms("changes", 1, tsm("apply", "--json", "--no-wait"));
        conforms("diff", 1, tsm("diff", "--json"));
        conforms("saved", 0, tsm("save", "--json", "saved.yml"));
        conforms("saved", 0, tsm("save", "--json", "-"));
        conforms("enabled", 0, tsm("enable", "--json", "*"));
        conforms("services", 0, tsm("info", "--json", "*"));
        conforms("enabled", 0, tsm("disable", "--json", "*"));
        conforms("startup", 0, tsm("startup", "--json"));
        conforms("startup", 0, tsm("startup", "--json", "--launchd"));
        conforms("changes", 0, tsm("down", "--json"));
        conforms("changes", 0, tsm("down", "--json", "--delete"));
        conforms("changes", 0, tsm("down", "--json"));
        Files.writeString(cwd.resolve("services.yml"), "services: {web: {comand: x, port: 80x}}");
        Result typo = tsm("up", "--json");
        conforms("error", 64, typo);
        assertThat(at(typo.json(), "error", "reason")).isEqualTo("invalid");
        assertThat(at(typo.json(), "error", "details", 0).toString()).contains("services.yml:1:");
    }

    private static void conforms(String schema, int exitCode, Result result) throws IOException {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(JsonSchema.named(schema).problems(result.json()))
                .as(result.out() + result.err())
                .isEmpty();
    }
}
