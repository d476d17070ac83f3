package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.internal.ServiceDirectory;
import dev.tetra.tsm.ports.PortSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that show when they serve, and whether they still do. */
class ReadinessIT {
    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager manager;

    @BeforeEach
    void prepare() throws Exception {
        sandbox = new Sandbox(root);
        manager = sandbox.open();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private Service now(String name) throws Exception {
        return manager.find(new Selector.Name(name));
    }

    private static Readiness ready(String probe, Duration timeout) {
        return new Readiness(Probe.parse(probe), timeout);
    }

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aStartThatWaitsReturnsWhenTheServiceIsReady() throws Exception {
        ServiceSpec spec = sandbox.spec(
                        "web", "sh", "-c", "while ! test -e go; do sleep 0.02; done; echo up; exec sleep 1000")
                .ready(ready("log:^up$", LONG))
                .build();
        Service starting = manager.start(spec, Wait.NOT);
        assertThat(starting.status()).isEqualTo(Status.STARTING);
        assertThat(now("web").status()).isEqualTo(Status.STARTING);
        sandbox.write("go", "");
        await("it is ready", () -> now("web").status() == Status.ONLINE);
        manager.delete(List.of(new Selector.All()));
        assertThat(manager.start(spec, Wait.READY).status()).isEqualTo(Status.ONLINE);
    }

    @Test
    void aServiceThatIsNotReadyInTimeIsEndedAndTheStartFails() throws Exception {
        assertThatThrownBy(() -> manager.start(
                        sandbox.spec("web", "sh", "-c", "echo not yet; exec sleep 1000")
                                .ready(ready("log:^up$", Duration.ofMillis(300)))
                                .build(),
                        Wait.READY))
                .hasMessageStartingWith("service web was ended: not ready within 300")
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        refused -> assertThat(refused.details()).contains("current.out: not yet"));
        assertThat(sandbox.serviceDirectories()).isEmpty();
        sandbox.awaitNothingRuns();
    }

    @Test
    void nobodyWaitsAndItIsNeverReadySoItIsStartedAgainUntilItIsErrored() throws Exception {
        manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .ready(ready("log:^up$", Duration.ofMillis(50)))
                        .restart(new RestartPolicy(
                                        RestartPolicy.Mode.ON_FAILURE,
                                        java.util.Set.of(),
                                        Duration.ZERO,
                                        2,
                                        Duration.ofMillis(10),
                                        Duration.ofMillis(10))
                                .withMinUptime(Duration.ofSeconds(1)))
                        .build(),
                Wait.NOT);
        await("it gives up", () -> now("web").status() == Status.ERRORED);
        assertThat(now("web").reason().orElseThrow())
                .startsWith("not started again after 2 unstable restarts in a row; last: not ready within 50");
        assertThat(now("web").restarts()).isEqualTo(2);
        sandbox.awaitNothingRuns();
    }

    @Test
    void aRunThatIsNeverReadyIsAnUnstableOneHoweverLongItWas() throws Exception {
        manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .ready(ready("log:^up$", Duration.ofMillis(60)))
                        .restart(RestartPolicy.DEFAULT
                                .withMinUptime(Duration.ofMillis(20))
                                .withLimit(2)
                                .withDelays(Duration.ofMillis(10), Duration.ofMillis(10)))
                        .build(),
                Wait.NOT);
        await("it gives up", () -> now("web").status() == Status.ERRORED);
        assertThat(now("web").restarts()).isEqualTo(2);
        List<String> ends = told(ServiceEvent.Kind.EXITED);
        assertThat(ends).hasSize(3);
        assertThat(ends)
                .allSatisfy(text -> assertThat(text)
                        .startsWith("signal 15 (TERM), ended by TSM, after ")
                        .doesNotContain("after 0 ms")
                        .contains(" ms: not ready within 60ms"));
    }

    private List<String> told(ServiceEvent.Kind kind) throws Exception {
        List<String> texts = new ArrayList<>();
        for (ServiceEvent event : sandbox.directory().events(100, "web")) {
            if (event.kind() == kind) {
                texts.add(event.text());
            }
        }
        return texts;
    }

    @Test
    void whoWaitsForAPortIsToldThatThereWillBeNone() throws Exception {
        assertThatThrownBy(() -> manager.start(
                        sandbox.spec("web", "sleep", "1000")
                                .port(new PortSpec.None())
                                .ready(ready("port", LONG))
                                .build(),
                        Wait.NOT))
                .hasMessageContaining("is to have no port");
        assertThat(sandbox.serviceDirectories()).isEmpty();
    }

    @Test
    void whatAServiceSaysBeforeItIsReadyKeepsNobodyWaiting() throws Exception {
        FutureTask<Service> start = new FutureTask<>(() -> manager.start(
                notifying("STATUS=loading", "READY=1").port(new PortSpec.None()).build(), Wait.READY));
        Thread starting = new Thread(start);
        starting.start();
        await("it is there", () -> !sandbox.directory().read().services().isEmpty());
        await("others see it", () -> {
            ServiceDirectory files = new ServiceDirectory(sandbox.directory().service("web"));
            return Files.exists(files.meta())
                    && files.readService().pid().isPresent()
                    && files.readService().startTime().isPresent();
        });
        sandbox.write("go", "");
        assertThat(start.get().status()).isEqualTo(Status.ONLINE);
        await("what it said is known", () -> now("web").health().text().equals(Optional.of("loading")));
    }

    /** What says {@code first}, and {@code then} once there is a file go; ready when it says so. */
    private ServiceSpec.Builder notifying(String first, String then) throws Exception {
        sandbox.write("notify.py", """
                import os, socket, time
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.connect(os.environ['NOTIFY_SOCKET'])
                s.send(b'%s')
                while not os.path.exists('go'): time.sleep(0.02)
                s.send(b'%s')
                time.sleep(1000)
                """.formatted(first, then));
        return sandbox.spec("web", "python3", "notify.py").ready(ready("notify", LONG));
    }

    @Test
    void aServiceThatAsksToBeStartedAgainBeforeItIsReadyKeepsNobodyWaiting() throws Exception {
        assertThatThrownBy(() -> manager.start(
                        notifying("WATCHDOG=trigger", "")
                                .port(new PortSpec.None())
                                .build(),
                        Wait.READY))
                .hasMessageStartingWith("service web was ended: ");
        assertThat(sandbox.serviceDirectories()).isEmpty();
    }

    @Test
    void aServiceThatSpeaksSdNotifyIsReadyWhenItSaysSo() throws Exception {
        manager.start(notifying("STATUS=loading", "READY=1\\nSTATUS=serving").build(), Wait.NOT);
        await("it says what it does", () -> now("web").health().text().equals(java.util.Optional.of("loading")));
        assertThat(now("web").status()).isEqualTo(Status.STARTING);
        sandbox.write("go", "");
        await("it is ready", () -> now("web").status() == Status.ONLINE);
        await("it says so", () -> now("web").health().text().equals(java.util.Optional.of("serving")));
    }

    @Test
    void aServiceThatFailsItsLivenessIsStartedAgain() throws Exception {
        sandbox.write("alive", "");
        Service first = manager.start(
                sandbox.spec("web", "sh", "-c", "echo run >>runs; exec sleep 1000")
                        .liveness(new Liveness(
                                Probe.parse("exec:test -e alive"), Duration.ofMillis(50), Duration.ofSeconds(2), 2))
                        .restart(RestartPolicy.DEFAULT.withMinUptime(Duration.ZERO))
                        .build(),
                Wait.NOT);
        await("it is healthy", () -> now("web").health().healthy().equals(java.util.Optional.of(true)));
        Files.delete(sandbox.work().resolve("alive"));
        await(
                "another process",
                () -> now("web").pid().isPresent() && !now("web").pid().equals(first.pid()));
        sandbox.write("alive", "");
        await("it is healthy again", () -> now("web").health().healthy().equals(java.util.Optional.of(true)));
        assertThat(now("web").restarts()).isPositive();
    }

    @Test
    void whoDependsOnItWaitsUntilItIsReady() throws Exception {
        manager.start(
                sandbox.spec("db", "sh", "-c", "while ! test -e go; do sleep 0.02; done; echo up; exec sleep 1000")
                        .ready(ready("log:up", LONG))
                        .build(),
                Wait.NOT);
        Thread starting = new Thread(() -> {
            try {
                manager.start(
                        sandbox.spec("web", "sleep", "1000")
                                .dependsOn(List.of(Dependency.parse("db:ready")))
                                .build(),
                        Wait.NOT);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        starting.start();
        assertThat(manager.list().services()).extracting(Service::name).containsExactly("db");
        sandbox.write("go", "");
        starting.join();
        assertThat(now("db").status()).isEqualTo(Status.ONLINE);
        assertThat(now("web").status()).isEqualTo(Status.ONLINE);
    }
}
