package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts around services, named, by the service's name and by its process type. */
class HooksIT {
    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager manager;

    @BeforeEach
    void prepare() throws Exception {
        sandbox = new Sandbox(root);
        manager = sandbox.open();
        Files.createDirectories(sandbox.directory().hooks());
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private void hook(String name, String text) throws IOException {
        Files.writeString(sandbox.directory().hooks().resolve(name), text + "\n");
    }

    private String notes() throws IOException {
        Path notes = sandbox.work().resolve("notes");
        return Files.exists(notes) ? Files.readString(notes) : "";
    }

    @Test
    void theServicesOwnNameComesBeforeItsType() throws Exception {
        hook("bash.sh", "export FROM=type");
        hook("web.sh", "export FROM=name");
        Service web = manager.start(sandbox.shell("web", "exec sleep 1000"), Wait.NOT);
        Service other = manager.start(sandbox.shell("other", "exec sleep 1000"), Wait.NOT);
        assertThat(Sandbox.variables(Sandbox.awaitProgram(web, "sleep"))).containsEntry("FROM", "name");
        assertThat(Sandbox.variables(Sandbox.awaitProgram(other, "sleep"))).containsEntry("FROM", "type");
        Service named = manager.start(
                sandbox.spec("named", "sh", "-c", "exec sleep 1000")
                        .preHook("sh:export FROM=option")
                        .build(),
                Wait.NOT);
        assertThat(Sandbox.variables(Sandbox.awaitProgram(named, "sleep"))).containsEntry("FROM", "option");
    }

    @Test
    void hooksRunAfterTheStartAndAfterTheEnd() throws Exception {
        manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .hooks(new Hooks(
                                Optional.empty(),
                                Optional.of("sh:echo started $TSM_NAME >>notes"),
                                Optional.of("sh:echo ended $TSM_EXIT_CODE-$TSM_EXIT_SIGNAL >>notes")))
                        .build(),
                Wait.NOT);
        await("the one after the start", () -> notes().equals("started web\n"));
        manager.stop(List.of(new Selector.Name("web")));
        await("the one after the end", () -> notes().equals("started web\nended -15\n"));
        sandbox.awaitNothingRuns();
    }

    @Test
    void aCrashRunsTheHookAfterTheEndAndTheOneBeforeTheNextStart() throws Exception {
        hook("web.sh", "echo before >>notes");
        hook("web.post-stop.sh", "echo after $TSM_EXIT_CODE >>notes");
        manager.start(
                sandbox.spec("web", "sh", "-c", "test -e notes2 && exec sleep 1000; touch notes2; sleep 0.05; exit 4")
                        .restart(RestartPolicy.DEFAULT.withMinUptime(Duration.ZERO))
                        .build(),
                Wait.NOT);
        await("all have run", () -> notes().lines().sorted().toList().equals(List.of("after 4", "before", "before")));
    }

    @Test
    void aHookThatFailsAfterTheStartChangesNothing() throws Exception {
        manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .hooks(new Hooks(Optional.empty(), Optional.of("sh:echo x >>notes; exit 3"), Optional.empty()))
                        .build(),
                Wait.NOT);
        await("it has run", () -> !notes().isEmpty());
        assertThat(manager.find(new Selector.Name("web")).status()).isEqualTo(Status.ONLINE);
    }

    @Test
    void aFileByNameThatFailsFailsTheStart() throws Exception {
        hook("web.sh", "echo no; exit 9");
        assertThatThrownBy(() -> manager.start(sandbox.sleeper("web"), Wait.NOT))
                .hasMessage("the pre-hook failed with exit code 9; the service was not started");
        assertThat(sandbox.serviceDirectories()).isEmpty();
    }

    @Test
    void aHookThatIsNotThereFailsTheStartBeforeAnythingIsDone() {
        assertThatThrownBy(() -> manager.start(
                        sandbox.spec("web", "sleep", "1000")
                                .hooks(new Hooks(Optional.empty(), Optional.empty(), Optional.of("nowhere")))
                                .build(),
                        Wait.NOT))
                .hasMessageStartingWith("post-stop hook not found: nowhere is no file in ");
    }
}
