package dev.tetra.tsm.core.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.Relation;
import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandardAnswersTest {
    private static final Instant START = Instant.ofEpochSecond(1_000);

    private static Service.Builder web() {
        Service.Launch launch = new Service.Launch(
                List.of("web"),
                Optional.empty(),
                ProcessType.PYTHON,
                ServiceType.PORT,
                List.of(new ServicePort(8000, "tcp", "primary", Relation.BIND, Optional.empty())),
                List.of());
        return Service.of(
                7,
                "web-8000",
                "token",
                ServiceSpec.command("web").cwd(Path.of("/")).build(),
                launch);
    }

    private static Service.Builder running() {
        return web().status(Status.ONLINE, Optional.empty())
                .run(new Service.Run(new ProcessIdentity("boot", 4711, 1), Optional.empty()), START)
                .restarts(3, 1);
    }

    @Test
    void theStatusOfAServiceThatRuns() {
        assertThat(StandardAnswers.status(
                        running().build(), START.plusSeconds(90).plusNanos(999_999_999)))
                .hasToString("""
                        {"ok":true,"tsm_id":7,"name":"web-8000","status":"online","reason":null,"pid":4711,"port":8000,\
                        "uptime_s":90,"restarts":3,"health":{"healthy":null,"failures":0,"text":null}}""");
    }

    @Test
    void theStatusOfAServiceThatDoesNotRunHasNoPidAndNoUptime() {
        Service ended = running()
                .build()
                .ended(new Exit(new Exit.Exited(1), START), Status.CRASHED, Optional.of("exit code 1"));

        assertThat(StandardAnswers.status(ended, START.plusSeconds(90)).toString())
                .contains("\"status\":\"crashed\",\"reason\":\"exit code 1\",\"pid\":null,", "\"uptime_s\":null");
    }

    @Test
    void aClockThatWentBackIsNoNegativeUptime() {
        assertThat(StandardAnswers.status(running().build(), START.minusSeconds(5))
                        .toString())
                .contains("\"uptime_s\":0,");
    }

    @Test
    void healthIsOnlineAndNotFoundIll() {
        assertThat(StandardAnswers.health(running().build()))
                .hasToString("{\"ok\":true,\"status\":\"online\",\"text\":null}");
        assertThat(StandardAnswers.health(running()
                        .health(new Service.Health(Optional.of(true), 0, Optional.of("42 jobs")))
                        .build()))
                .hasToString("{\"ok\":true,\"status\":\"online\",\"text\":\"42 jobs\"}");
        assertThat(StandardAnswers.health(running()
                        .health(new Service.Health(Optional.of(false), 2, Optional.of("GET / is 500")))
                        .build()))
                .hasToString("{\"ok\":false,\"status\":\"online\",\"text\":\"GET / is 500\"}");
        assertThat(StandardAnswers.health(
                        running().build().withStatus(Status.STARTING, Optional.of("waits for its port"))))
                .hasToString("{\"ok\":false,\"status\":\"starting\",\"text\":\"waits for its port\"}");
    }

    @Test
    void aChangeIsDoneOrSaysWhyNot() {
        Service service = running().build();
        Change quiet = Change.of(service, true, Optional.empty());
        Change noted = Change.of(service, true, Optional.of("sent HUP"));
        Change failed = Change.failed(service, "it stays", List.of());

        assertThat(StandardAnswers.changed("stopped", List.of(quiet)))
                .hasToString("{\"ok\":true,\"text\":\"stopped\"}");
        assertThat(StandardAnswers.changed("reloaded", List.of(noted)))
                .hasToString("{\"ok\":true,\"text\":\"sent HUP\"}");
        assertThat(StandardAnswers.changed("stopped", List.of(quiet, failed)))
                .hasToString("{\"ok\":false,\"error\":\"web-8000: it stays\"}");
    }

    @Test
    void aRefusalSaysItsReason() {
        assertThat(StandardAnswers.refusal(new ServiceException(ServiceException.Reason.STOP_FAILED, "it stays")))
                .hasToString("{\"ok\":false,\"error\":\"it stays\",\"reason\":\"stop-failed\"}");
    }
}
