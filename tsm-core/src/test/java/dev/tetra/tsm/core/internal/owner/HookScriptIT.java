package dev.tetra.tsm.core.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookScriptIT {
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

    @Test
    void aHookThatHangsFailsTheStartAndIsEndedWithAllItStarted() throws Exception {
        Owner owner = sandbox.keep(
                Owner.tryOpen(sandbox.directory(), Duration.ofMillis(500)).orElseThrow());
        assertThatThrownBy(() -> owner.start(
                        sandbox.spec("web", "sleep", "1000")
                                .preHook("sh:echo waiting; trap '' TERM; setsid sleep 1000 & sleep 1000")
                                .build(),
                        Sandbox.NO_WAIT))
                .hasMessage("the pre-hook did not end within 0.5 s and was killed; the service was not started")
                .isInstanceOfSatisfying(ServiceException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.START_FAILED);
                    assertThat(refused.details()).containsExactly("hook: waiting");
                });
        assertThat(sandbox.serviceDirectories()).isEmpty();
        sandbox.awaitNothingRuns();
    }

    @Test
    void aHookMayExportMoreThanAPipeHolds() throws Exception {
        Owner owner = sandbox.keep(Owner.tryOpen(sandbox.directory()).orElseThrow());
        var service = owner.start(
                sandbox.spec("web", "sleep", "1000")
                        .preHook("sh:for i in 1 2 3 4; do export V$i=$(printf %090000d $i); done")
                        .build(),
                Sandbox.NO_WAIT);
        assertThat(Sandbox.variables(Sandbox.awaitProgram(service, "sleep")).get("V4"))
                .hasSize(90_000)
                .endsWith("4");
    }
}
