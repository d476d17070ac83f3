package dev.tetra.tsm.core.internal.owner;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is around a service hangs, never answers, or is in the way: that is said, and every other service goes on. */
class HangFaultIT {
    private static final Duration HOOK_LIMIT = Duration.ofMillis(400);
    private static final Duration SHORT = Duration.ofMillis(20);

    private static final List<Selector> WEB = List.of(new Selector.Name("web"));

    @TempDir
    Path root;

    private Sandbox sandbox;
    private Owner owner;

    @BeforeEach
    void prepare() throws Exception {
        sandbox = new Sandbox(root);
        owner = sandbox.keep(Owner.tryOpen(sandbox.directory(), HOOK_LIMIT).orElseThrow());
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private Service now(String name) throws IOException {
        return owner.find(new Selector.Name(name));
    }

    private Optional<ServiceEvent> event(ServiceEvent.Kind kind) throws IOException {
        return sandbox.directory().events(100, "web").stream()
                .filter(event -> event.kind() == kind)
                .findFirst();
    }

    /** Another one is started, falls, comes again, and is stopped. */
    private void assertOthersGoOn() throws Exception {
        Service other = owner.start(
                sandbox.spec("other", "sleep", "1000")
                        .restart(RestartPolicy.DEFAULT.withMinUptime(Duration.ZERO))
                        .build(),
                Wait.NOT);
        ProcessHandle.of(other.pid().orElseThrow()).orElseThrow().destroyForcibly();
        await(
                "it comes again",
                () -> now("other").restarts() == 1 && now("other").status() == Status.ONLINE);
        Change gone = owner.delete(List.of(new Selector.Name("other"))).get(0);
        assertThat(gone.failure()).isEmpty();
    }

    @Test
    void aHookThatHangsAfterTheStartHoldsNobodyUpAndIsTold() throws Exception {
        String seconds = Sandbox.uniqueSeconds(3);
        owner.start(
                sandbox.spec("web", "sleep", "1000")
                        .hooks(new Hooks(
                                Optional.empty(),
                                Optional.of("sh:setsid sleep " + seconds + " & touch hooked; sleep " + seconds),
                                Optional.empty()))
                        .build(),
                Wait.NOT);
        await("the hook runs", () -> Files.exists(sandbox.work().resolve("hooked")));
        assertOthersGoOn();
        assertThat(owner.stop(WEB).get(0).service().status()).isEqualTo(Status.STOPPED);
        await("it is told", () -> event(ServiceEvent.Kind.HOOK).isPresent());
        assertThat(event(ServiceEvent.Kind.HOOK).orElseThrow().text())
                .contains("post-start hook")
                .contains("did not end within 0.4 s");
        await(
                "nothing of the hook is left",
                () -> Sandbox.running("sleep", seconds).isEmpty());
    }

    @Test
    void aHookThatHangsBeforeTheNextStartCountsAsAShortRun() throws Exception {
        owner.start(
                sandbox.spec("web", "sh", "-c", "while ! test -e go; do sleep 0.02; done; exit 7")
                        .preHook("sh:test ! -e go || sleep 1000")
                        .restart(RestartPolicy.DEFAULT.withLimit(1).withDelays(SHORT, SHORT))
                        .build(),
                Wait.NOT);
        sandbox.write("go", "");
        await("it has fallen", () -> now("web").lastExit().isPresent());
        assertOthersGoOn();
        await("it is given up", () -> now("web").status() == Status.ERRORED);
        assertThat(now("web").reason().orElseThrow()).contains("the pre-hook did not end within 0.4 s and was killed");
        sandbox.awaitNothingRuns();
    }

    @Test
    void aReadinessProbeThatNeverAnswersFailsTheStartAndIsEnded() throws Exception {
        String seconds = Sandbox.uniqueSeconds(4);
        Path asked = sandbox.work().resolve("asked");
        CompletableFuture<Void> starting = CompletableFuture.runAsync(() -> assertThatThrownBy(() -> owner.start(
                        sandbox.spec("web", "sleep", "1000")
                                .ready(new Readiness(
                                        new Probe.Exec(
                                                List.of("sh", "-c", "touch " + asked + "; exec sleep " + seconds)),
                                        Duration.ofMillis(600)))
                                .build(),
                        Wait.READY))
                .isInstanceOf(ServiceException.class)
                .hasMessageStartingWith("service web was ended: ")
                .hasMessageContaining("not ready within 600ms"));
        await("the probe runs", () -> Files.exists(asked));
        assertOthersGoOn();
        starting.get(30, TimeUnit.SECONDS);
        assertThat(sandbox.serviceDirectories()).isEmpty();
        await("the probe is ended", () -> Sandbox.running("sleep", seconds).isEmpty());
        sandbox.awaitNothingRuns();
    }

    @Test
    void aLivenessProbeThatNeverAnswersIsFollowedByAnotherProcess() throws Exception {
        Liveness never = new Liveness(new Probe.Exec(List.of("sleep", "1000")), SHORT, Duration.ofMillis(200), 2);
        Service first = owner.start(
                sandbox.spec("web", "sleep", "1000")
                        .liveness(never)
                        .restart(RestartPolicy.DEFAULT.withDelays(SHORT, SHORT))
                        .build(),
                Wait.NOT);
        assertOthersGoOn();
        await("another runs", () -> {
            Service next = now("web");
            return next.restarts() > 0
                    && next.status() == Status.ONLINE
                    && !next.pid().equals(first.pid());
        });
        owner.delete(WEB);
        sandbox.awaitNothingRuns();
    }

    @Test
    void aDirectoryInPlaceOfAControlSocketIsToldAndKeepsNoServiceFromRunning() throws Exception {
        Path inTheWay =
                Files.createDirectories(sandbox.directory().controlSocket("web").resolve("inside"));
        Service web = owner.start(sandbox.sleeper("web"), Wait.NOT);
        assertThat(web.status()).isEqualTo(Status.ONLINE);
        await("it is told", () -> event(ServiceEvent.Kind.PROBLEM).isPresent());
        assertThat(event(ServiceEvent.Kind.PROBLEM).orElseThrow().text())
                .contains(sandbox.directory().controlSocket("web").toString());
        assertOthersGoOn();
        assertThat(owner.delete(WEB).get(0).failure()).isEmpty();
        assertThat(inTheWay).exists();
    }

    @Test
    void aDirectoryInPlaceOfTheOwnersSocketIsSaidAndTheServicesWaitForAnotherTry() throws Exception {
        Service web = owner.start(sandbox.sleeper("web"), Wait.NOT);
        owner.close();
        Path inTheWay =
                Files.createDirectories(sandbox.directory().managerSocket().resolve("inside"));
        assertThatThrownBy(() -> ServiceManager.open(sandbox.directory()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(sandbox.directory().managerSocket().toString())
                .hasMessageNotContaining("Exception");
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        ServiceManager next = sandbox.open();
        assertThat(next.isOwner()).isTrue();
        assertThat(next.find(new Selector.Name("web")).run()).isEqualTo(web.run());
    }
}
