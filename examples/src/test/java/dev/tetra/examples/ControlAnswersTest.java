package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.control.StandardAnswers;
import dev.tetra.tsm.ports.ServiceType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What control sockets answer, against docs/schema. */
class ControlAnswersTest {
    private static final Service IDLE = Service.of(
                    0,
                    "web",
                    "token",
                    ServiceSpec.command("web").cwd(Path.of("/")).build(),
                    new Service.Launch(
                            List.of("web"),
                            Optional.empty(),
                            ProcessType.PYTHON,
                            ServiceType.SOCKET,
                            List.of(),
                            List.of()))
            .build();

    @Test
    void answers_are_as_their_schemas_say_in_every_status() throws IOException {
        for (Status status : Status.values()) {
            Service idle = IDLE.withStatus(status, Optional.of("so it is"));
            Service running = idle.withRun(
                    new Service.Run(new ProcessIdentity("b", 1, 1), Optional.empty()), Instant.now(), status);
            for (Service service : List.of(idle, running)) {
                conforms("control-status", StandardAnswers.status(service, Instant.now()));
                conforms("control-health", StandardAnswers.health(service));
            }
        }
        conforms("control-answer", StandardAnswers.done("stopped"));
        conforms("control-answer", StandardAnswers.failure("it stays"));
    }

    @Test
    void the_schemas_notice_what_is_wrong() throws IOException {
        JsonObject status = StandardAnswers.status(IDLE, Instant.now());
        status.put("pid", "4711");
        assertThat(problems("control-status", status)).hasSize(1);
        assertThat(problems("control-health", new JsonObject().put("ok", true))).hasSize(2);
    }

    private static void conforms(String schema, JsonObject answer) throws IOException {
        assertThat(problems(schema, answer)).as(answer.toString()).isEmpty();
    }

    private static List<String> problems(String schema, JsonObject answer) throws IOException {
        return JsonSchema.named(schema).problems(JsonTree.parse(answer.toString()));
    }
}
