package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service file says under {@code environment} is on no other disk, and yet no owner forgets it. */
class FileVariablesIT {
    private static final String FILE = """
            services:
              web: {command: sleep 1000, environment: {A: b}, restart: always}
            """;

    @TempDir
    Path root;

    private Sandbox sandbox;

    @BeforeEach
    void prepare() {
        sandbox = new Sandbox(root);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private static Service web(ServiceManager manager) throws Exception {
        return manager.find(new Selector.Name("web"));
    }

    private static void awaitVariable(ServiceManager manager, long before, String value) throws Exception {
        await("it was started again", () -> {
            Service web = web(manager);
            return web.status() == Status.ONLINE && web.pid().orElseThrow() != before;
        });
        assertThat(Sandbox.variables(Sandbox.awaitProgram(web(manager), "sleep")))
                .containsEntry("A", value);
    }

    /** An owner that brought the file up and was killed. @return the process that it left */
    private long leftBehind(String file) throws Exception {
        sandbox.write("services.yml", file);
        Process host = sandbox.host("apply", "services.yml");
        Service web = sandbox.directory().read().one(new Selector.Name("web"));
        assertThat(web.spec().file()).contains(sandbox.work().resolve("services.yml"));
        assertThat(Files.readString(sandbox.directory().service("web").resolve("meta.json")))
                .contains("services.yml\"")
                .doesNotContain("\"b\"");
        Sandbox.killNow(host);
        return web.pid().orElseThrow();
    }

    @Test
    void aServiceThatEndedWithoutAnOwnerIsStartedByTheNextWithItsVariables() throws Exception {
        long before = leftBehind(FILE);
        ProcessHandle.of(before).orElseThrow().destroyForcibly();
        sandbox.awaitNothingRuns();

        ServiceManager next = sandbox.open();

        awaitVariable(next, before, "b");
    }

    @Test
    void aRestartByAnOwnerThatAdoptedItKeepsItsVariables() throws Exception {
        long before = leftBehind(FILE);
        ServiceManager next = sandbox.open();

        Change restarted = next.restart(List.of(new Selector.All()), Wait.NOT).get(0);

        assertThat(restarted.failure()).isEmpty();
        awaitVariable(next, before, "b");
        next.restart(List.of(new Selector.All()), Wait.NOT);
        awaitVariable(next, restarted.service().pid().orElseThrow(), "b");
    }

    @Test
    void aRestartIsRefusedAndTheServiceGoesOnWhereItsFileIsGone() throws Exception {
        long before = leftBehind(FILE);
        Files.delete(sandbox.work().resolve("services.yml"));
        ServiceManager next = sandbox.open();

        Change refused = next.restart(List.of(new Selector.All()), Wait.NOT).get(0);

        assertThat(refused.failure().orElseThrow())
                .startsWith(
                        "service web was started with A, known to its service file alone: service file not found: ");
        assertThat(Sandbox.runs(before)).isTrue();
        assertThat(web(next).status()).isEqualTo(Status.ONLINE);
        sandbox.write("services.yml", "services: {db: {command: sleep 1000}}");
        assertThat(next.restart(List.of(new Selector.All()), Wait.NOT)
                        .get(0)
                        .failure()
                        .orElseThrow())
                .contains("services.yml has no service web any more");
    }

    @Test
    void aChangedEnvironmentFileIsNoReasonToNeedTheServiceFile() throws Exception {
        sandbox.write("dev.env", "A=1\n");
        long before = leftBehind("services: {web: {command: sleep 1000, env_file: dev.env}}");
        sandbox.write("dev.env", "A=2\n");
        Files.delete(sandbox.work().resolve("services.yml"));
        ServiceManager next = sandbox.open();

        assertThat(next.restart(List.of(new Selector.All()), Wait.NOT).get(0).failure())
                .isEmpty();

        awaitVariable(next, before, "2");
    }

    @Test
    void theSameFromAnotherFileIsAsItShouldBeAndBelongsToThatFile() throws Exception {
        long before = leftBehind(FILE);
        Path other = sandbox.write("other.yml", FILE);
        ServiceManager next = sandbox.open();

        Change change = next.apply(ServiceFile.read(other, Map.of()).services(), Wait.settled(Duration.ZERO))
                .get(0);

        assertThat(change.changed()).isFalse();
        assertThat(change.note()).contains("as it should be");
        assertThat(web(next).pid()).hasValue(before);
        assertThat(sandbox.directory()
                        .read()
                        .one(new Selector.Name("web"))
                        .spec()
                        .file())
                .contains(other);
    }
}
