package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners die; services go on, and the next owner knows them. */
class AdoptionIT {
    private static final Duration LONG = Duration.ofSeconds(30);

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

    private Service seen(String name) throws Exception {
        return sandbox.directory().read().one(new Selector.Name(name));
    }

    private static Service now(ServiceManager manager, String name) throws Exception {
        return manager.find(new Selector.Name(name));
    }

    @Test
    void servicesOutliveAnOwnerThatIsKilledAndTheNextOneKnowsThemAll() throws Exception {
        Process host = sandbox.host("start", "a", "exec sleep 1000", "start", "b", "exec sleep 1000");
        List<Service> before = sandbox.directory().read().services();
        Sandbox.killNow(host);
        assertThat(before)
                .hasSize(2)
                .allMatch(service -> Sandbox.runs(service.pid().orElseThrow()));

        ServiceManager next = sandbox.open();
        assertThat(next.isOwner()).isTrue();
        assertThat(next.list().services()).isEqualTo(before);
        assertThat(sandbox.processes())
                .as("each service with its wrapper, none twice")
                .hasSize(4);

        ProcessHandle.of(before.get(0).pid().orElseThrow()).orElseThrow().destroyForcibly();
        await("the end is noticed", () -> now(next, "a").status() == Status.CRASHED);
        assertThat(now(next, "a").lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
        Change stopped = next.stop(List.of(new Selector.Name("b")), LONG).get(0);
        assertThat(stopped.note().orElseThrow()).isEqualTo("signal 15 (TERM)");
        sandbox.awaitNothingRuns();
    }

    @Test
    void theExitOfWhoEndedWithoutAnOwnerIsKnown() throws Exception {
        Process host = sandbox.host(
                "start",
                "a",
                "while ! test -e go; do sleep 0.02; done; exit 7",
                "start",
                "b",
                "while ! test -e go; do sleep 0.02; done",
                "start",
                "c",
                "while ! test -e go; do sleep 0.02; done; kill -KILL $$");
        Sandbox.killNow(host);
        sandbox.write("go", "");
        sandbox.awaitNothingRuns();
        assertThat(seen("a").status()).isEqualTo(Status.CRASHED);
        ServiceManager next = sandbox.open();
        assertThat(now(next, "a").lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Exited(7));
        assertThat(now(next, "b").lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Exited(0));
        assertThat(now(next, "b").status()).isEqualTo(Status.STOPPED);
        assertThat(now(next, "c").lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
        assertThat(next.start(sandbox.sleeper("d"), Sandbox.NO_WAIT).id()).isEqualTo(3);
        assertThat(next.start(sandbox.sleeper("a"), Sandbox.NO_WAIT).id()).isEqualTo(0);
    }

    @Test
    void anOwnerKilledWhileAServiceSettlesLeavesItToTheNext() throws Exception {
        Process host = sandbox.host("starting", "a", "exec sleep 1000 # $PORT");
        await("it is launched", () -> {
            List<Service> services = sandbox.directory().read().services();
            return !services.isEmpty() && services.get(0).run().isPresent();
        });
        Sandbox.killNow(host);
        Service before = seen("a");
        ServiceManager next = sandbox.open();
        Service after = now(next, "a");
        assertThat(after.status()).isEqualTo(Status.ONLINE);
        assertThat(after.pid()).isEqualTo(before.pid());
        assertThat(after.run().orElseThrow().wrapper())
                .as("its wrapper was found")
                .isPresent();
        assertThat(sandbox.claims()).as("it keeps its port").contains("\t" + after.name() + "\n");
        assertThat(next.stop(List.of(new Selector.All()), LONG).get(0).note().orElseThrow())
                .isEqualTo("signal 15 (TERM)");
        sandbox.awaitNothingRuns();
    }

    @Test
    void anOwnerKilledWhileAHookRunsLeavesNothingRunning() throws Exception {
        // The hook is the service's text here: started with a spec of its own, since HostMain knows no hooks.
        Process host = sandbox.host();
        try (ServiceManager client = sandbox.open()) {
            assertThat(client.isOwner()).isFalse();
            ServiceSpec spec = sandbox.spec("a", "sleep", "1000")
                    .preHook("sh:touch hooked; sleep 1000")
                    .build();
            Thread starting = new Thread(() -> {
                try {
                    client.start(spec, Sandbox.NO_WAIT);
                } catch (java.io.IOException ownerGone) {
                    // As it should be.
                }
            });
            starting.start();
            await(
                    "the hook runs",
                    () -> java.nio.file.Files.exists(sandbox.work().resolve("hooked")));
            Sandbox.killNow(host);
            starting.join();
        }
        ServiceManager next = sandbox.open();
        assertThat(now(next, "a").status()).isEqualTo(Status.ERRORED);
        assertThat(now(next, "a").reason().orElseThrow()).contains("its owner ended while it was being started");
        sandbox.awaitNothingRuns();
        assertThat(next.start(sandbox.sleeper("a"), Sandbox.NO_WAIT).id()).isZero();
    }

    @Test
    void anOwnerKilledDuringAStopsGraceLeavesTheServiceToTheNext() throws Exception {
        Process host = sandbox.host(
                "start", "a", "trap 'echo told' TERM; echo up; while :; do sleep 0.05; done", "stopping", "a");
        await("it is written", () -> seen("a").status() == Status.STOPPING);
        Sandbox.killNow(host);
        ServiceManager next = sandbox.open();
        assertThat(now(next, "a").status().isRunning()).isTrue();
        Change killed = next.kill(List.of(new Selector.All())).get(0);
        assertThat(killed.service().status()).isEqualTo(Status.STOPPED);
        sandbox.awaitNothingRuns();
    }

    @Test
    void aRestartThatWasCutShortIsDoneByTheNext() throws Exception {
        Process host = sandbox.host(
                "start",
                "a",
                "trap 'sleep 0.5; exit 0' TERM; echo up; while :; do sleep 0.05; done",
                "restarting",
                "a");
        await("it is written", () -> seen("a").status() == Status.STOPPING);
        Service before = seen("a");
        Sandbox.killNow(host);
        ServiceManager next = sandbox.open();
        await(
                "another process runs",
                () -> now(next, "a").status() == Status.ONLINE
                        && !now(next, "a").pid().equals(before.pid()));
        assertThat(now(next, "a").restarts()).isEqualTo(1);
        next.kill(List.of(new Selector.All()));
        sandbox.awaitNothingRuns();
    }

    @Test
    void anOwnerThatClosesLeavesItsServicesToTheNext() throws Exception {
        Service service;
        try (ServiceManager first = sandbox.open()) {
            service = first.start(sandbox.sleeper("a"), Sandbox.NO_WAIT);
        }
        ServiceManager next = sandbox.open();
        assertThat(next.isOwner()).isTrue();
        assertThat(next.list().services()).containsExactly(service);
        next.stop(List.of(new Selector.All()), LONG);
        sandbox.awaitNothingRuns();
    }

    @Test
    void aWrapperThatWasKilledTakesTheExitCodeAlongButNotTheService() throws Exception {
        ServiceManager manager = sandbox.open();
        Service service = manager.start(sandbox.sleeper("a"), Sandbox.NO_WAIT);
        Sandbox.awaitProgram(service, "sleep");
        long wrapper = service.run().orElseThrow().wrapper().orElseThrow().pid();
        ProcessHandle.of(wrapper).orElseThrow().destroyForcibly();
        await("the wrapper is gone", () -> !Sandbox.runs(wrapper));
        assertThat(now(manager, "a").status()).isEqualTo(Status.ONLINE);
        ProcessHandle.of(service.pid().orElseThrow()).orElseThrow().destroy();
        await("the end is noticed", () -> now(manager, "a").status() == Status.CRASHED);
        assertThat(now(manager, "a").lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Lost());
        assertThat(manager.start(sandbox.sleeper("a"), Sandbox.NO_WAIT).id()).isZero();
    }

    @Test
    void anOrphansReaperIsNotTakenForItsWrapper() throws Exception {
        Service service;
        try (ServiceManager first = sandbox.open()) {
            service = first.start(sandbox.sleeper("a"), Sandbox.NO_WAIT);
        }
        Path meta = sandbox.directory().service("a").resolve("meta.json");
        String text = java.nio.file.Files.readString(meta);
        java.nio.file.Files.writeString(
                meta,
                text.replaceAll("(?m)^ *\"wrapper_[a-z_]*\" : .*\\n", "")
                        .replaceAll("(\"start_ticks\" : \\d+),", "$1"));
        ProcessHandle.of(service.run().orElseThrow().wrapper().orElseThrow().pid())
                .orElseThrow()
                .destroyForcibly();
        await("it is an orphan", () -> sandbox.processes().size() == 1);
        ServiceManager next = sandbox.open();
        assertThat(now(next, "a").run().orElseThrow().wrapper()).isEmpty();
        next.stop(List.of(new Selector.All()), LONG);
        assertThat(now(next, "a").status()).isEqualTo(Status.STOPPED);
    }

    @Test
    void whatAKilledOwnerLeftHalfDoneIsCleanedUp() throws Exception {
        try (ServiceManager first = sandbox.open()) {
            first.start(sandbox.sleeper("a"), Sandbox.NO_WAIT);
        }
        Path processes = sandbox.directory().processes();
        java.nio.file.Files.createDirectories(processes.resolve(".old.deleted/deep"));
        Path half = processes.resolve("a/.meta.json.1-1.tmp");
        java.nio.file.Files.writeString(half, "{");
        sandbox.open();
        assertThat(sandbox.serviceDirectories()).containsExactly("a");
        assertThat(half).doesNotExist();
    }
}
