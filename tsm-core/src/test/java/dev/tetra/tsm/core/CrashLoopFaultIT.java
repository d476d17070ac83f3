package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link #SERVICES} services fall over and over at once; whoever else is there does not suffer. */
class CrashLoopFaultIT {
    private static final int SERVICES = 200;

    /** Starts after short runs, with {@link #PAUSE} between: 400 processes that fall in the time of some breaths. */
    private static final int LIMIT = 1;

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Far more than usual on a machine that does nothing else. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For each service a reaper, a worker that launches it and one that looks after its end, and the rest of the JVM. */
    private static final int MOST_THREADS = 3 * SERVICES + 100;

    private static final long MOST_HEAP_BYTES = 48L << 20;

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

    private ServiceSpec.Builder looping(String name, RestartPolicy policy) {
        return sandbox.spec(name, "sh", "-c", "echo run; exit 7").restart(policy);
    }

    @Test
    void manyThatLoopEndErroredWithTrueCountsAndTheOwnerServesMeanwhile() throws Exception {
        // No run is a healthy one, however slow the machine.
        RestartPolicy policy = RestartPolicy.DEFAULT
                .withMinUptime(Duration.ofHours(1))
                .withLimit(LIMIT)
                .withDelays(PAUSE, PAUSE);
        ServiceManager client = sandbox.open();
        List<Service> steady = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            steady.add(manager.start(sandbox.sleeper("steady" + (char) ('a' + i)), Wait.NOT));
        }
        long heap = usedHeap();
        List<ServiceSpec> specs = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            specs.add(looping(String.format("loop%03d", i).replace('0', 'o'), policy)
                    .build());
        }
        Thread starting = new Thread(() -> {
            try {
                manager.apply(specs, Wait.NOT);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        starting.start();
        int threads = 0;
        for (Service service : steady) {
            int seen = client.list().services().size();
            long begin = System.nanoTime();
            Change change =
                    client.stop(List.of(new Selector.Name(service.name()))).get(0);
            assertThat(change.changed()).isTrue();
            client.list();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("a stop and a list beside " + seen + " services")
                    .isLessThan(PATIENCE);
            threads = Math.max(threads, ManagementFactory.getThreadMXBean().getThreadCount());
            await(
                    "more of them have fallen",
                    () -> client.list().services().size() > seen
                            || client.list().services().size() == SERVICES + steady.size());
        }
        starting.join();
        await("all have given up", () -> count(Status.ERRORED) == SERVICES);
        assertThat(threads).as("threads").isLessThan(MOST_THREADS);
        for (Service service : client.list().services()) {
            if (service.status() == Status.ERRORED) {
                assertThat(service.restarts()).isEqualTo(LIMIT);
                assertThat(service.unstableRestarts()).isEqualTo(LIMIT);
                assertThat(service.lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Exited(7));
                assertThat(Files.readAllLines(
                                sandbox.directory().service(service.name()).resolve("current.out")))
                        .as("as many runs as are counted")
                        .hasSize(LIMIT + 1);
            }
        }
        assertThat(sandbox.directory().read()).isEqualTo(client.list());
        assertThat(sandbox.processes()).isEmpty();
        assertThat(usedHeap() - heap).as("bytes of heap").isLessThan(MOST_HEAP_BYTES);
        client.delete(List.of(new Selector.All()));
        assertThat(sandbox.serviceDirectories()).isEmpty();
    }

    private long count(Status status) throws Exception {
        return manager.list().services().stream()
                .filter(service -> service.status() == status)
                .count();
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void whatCannotBeLaunchedAgainIsGivenUpThoughEveryRunIsAHealthyOne() throws Exception {
        Path place = Files.createDirectory(sandbox.work().resolve("place"));
        manager.start(
                sandbox.spec("web", "sh", "-c", "while ! test -e go; do sleep 0.02; done; exit 7")
                        .cwd(place)
                        .restart(RestartPolicy.DEFAULT
                                .withMinUptime(Duration.ZERO)
                                .withLimit(2)
                                .withDelays(Duration.ofMillis(20), Duration.ofMillis(20)))
                        .build(),
                Wait.NOT);
        Files.move(place, sandbox.work().resolve("elsewhere"));
        Files.createFile(sandbox.work().resolve("elsewhere/go"));
        await("it is given up", () -> count(Status.ERRORED) == 1);
        Service web = manager.list().services().get(0);
        assertThat(web.reason().orElseThrow())
                .contains("after 2 unstable restarts in a row; last: no such directory")
                .contains(place.toString());
        assertThat(manager.start(sandbox.sleeper("other"), Wait.NOT).status()).isEqualTo(Status.ONLINE);
    }
}
