package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Real outputs against docs/schema. */
class JsonIT extends TsmContract {
    @Test
    void every_output_is_as_its_schema_says() throws IOException {
        Files.createDirectories(tetra.resolve("tsm/runtime/processes/broken"));
        Files.writeString(tetra.resolve("tsm/runtime/processes/broken/meta.json"), "nonsense");

        conforms("plan", tsm("start", "--dry-run", "--json", "python3", "-m", "http.server"));
        conforms("service", tsm("start", "--json", "--name", "web", "python3", "-m", "http.server"));
        conforms("service", tsm("start", "--json", "--name", "job", "--port", "none", "--shell", "echo hi; sleep 600"));
        conforms("services", tsm("list", "--json"));
        conforms("services", tsm("list", "-l", "--json"));
        conforms("services", tsm("info", "--json", "web", "job"));
        await("job has its socket", () -> tsm("send", "job", "HEALTH").exitCode() == 0);
        conforms("control-status", tsm("send", "--json", "job", "STATUS"));
        conforms("control-health", tsm("send", "job", "HEALTH"));
        conforms("control-answer", tsm("send", "job", "DANCE"));
        conforms("control-answer", tsm("send", "job", "STOP"));
        conforms("error", tsm("send", "--json", "job", "STATUS"));
        conforms("changes", tsm("stop", "--json", "job"));
        conforms("changes", tsm("stop", "--json", "job"));
        conforms("services", tsm("list", "-a", "--json"));
        conforms("changes", tsm("restart", "--json", "job"));
        conforms("owner", tsm("owner", "--json", "status"));
        conforms("changes", tsm("delete", "--json", "job"));
        conforms("owner", tsm("owner", "stop", "--json"));
        conforms("owner", tsm("owner", "status", "--json"));
        conforms("verbs", tsm("help", "--json"));
        conforms("version", tsm("version", "--json"));
        await("web has written", () -> !tsm("logs", "--json", "web").lines().isEmpty());
        for (String line : tsm("logs", "--json", "web").lines()) {
            assertThat(JsonSchema.named("log-line").problems(JsonTree.parse(line)))
                    .isEmpty();
        }
        conforms("cleaned", tsm("logs", "clean", "--json", "*"));
        Files.delete(tetra.resolve("tsm/runtime/processes/broken/meta.json"));
        Files.delete(tetra.resolve("tsm/runtime/processes/broken"));
    }

    @Test
    void every_failure_is_as_the_schema_of_errors_says() throws IOException {
        for (String[] line : List.of(
                new String[] {"stop", "--json", "nobody"},
                new String[] {"start", "--json", "--port", "0", "x"},
                new String[] {"start", "--json", "--env", "absent.env", "sleep", "1"},
                new String[] {"start", "--json", "false"},
                new String[] {"dance", "--json"})) {
            Result failed = tsm(line);
            assertThat(failed.exitCode()).isNotZero();
            conforms("error", failed);
        }
    }

    @Test
    void a_service_has_every_field_of_the_guide() throws IOException {
        Map<?, ?> service = (Map<?, ?>) tsm("start", "--json", "--name", "web", "python3", "-m", "http.server")
                .succeeded()
                .json();

        assertThat(service.keySet().stream().map(String::valueOf))
                .contains(
                        "tsm_id",
                        "name",
                        "pid",
                        "command",
                        "port",
                        "port_type",
                        "ports",
                        "cwd",
                        "interpreter",
                        "process_type",
                        "service_type",
                        "status",
                        "start_time",
                        "parent",
                        "children",
                        "comm_type");
    }

    @Test
    void the_schema_notices_what_is_wrong() throws IOException {
        assertThat(JsonSchema.named("log-line").problems(Map.of("service", "a", "stream", "both")))
                .containsExactlyInAnyOrder("$.stream not in [out, err, wrapper]: both", "$ has no text");
    }

    private static void conforms(String schema, Result result) throws IOException {
        assertThat(JsonSchema.named(schema).problems(result.json()))
                .as(result.out() + result.err())
                .isEmpty();
    }
}
