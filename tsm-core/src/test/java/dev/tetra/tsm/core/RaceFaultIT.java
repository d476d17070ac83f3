package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host, a client of its own JVM and one of another do what they like to one service, {@link #STEPS} times each. */
class RaceFaultIT {
    private static final int STEPS = 67;

    private static final String SECONDS = Sandbox.uniqueSeconds(2);

    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager host;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Process stranger;

    @BeforeEach
    void prepare() throws Exception {
        sandbox = new Sandbox(root);
        host = sandbox.open();
        // It has the words of the service, its directory, and its parent's group.
        stranger = new ProcessBuilder("sleep", SECONDS)
                .directory(sandbox.work().toFile())
                .start();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        Sandbox.killNow(stranger);
        threads.shutdownNow();
        sandbox.close();
    }

    @Test
    void atTheEndThereIsOneOrNoneAndThereNeverWereTwo() throws Exception {
        long seed = System.nanoTime();
        System.out.println("steps of the race by seed " + seed);
        int port = freePort();
        ServiceSpec web = RaceMain.spec(sandbox.work(), SECONDS, port);
        Process other = sandbox.jvm(
                RaceMain.class, SECONDS, Integer.toString(port), Integer.toString(STEPS), Long.toString(seed + 2));
        ServiceManager client = sandbox.open();
        List<Future<List<String>>> racers = new ArrayList<>();
        racers.add(threads.submit(() -> RaceMain.race(host, web, STEPS, seed)));
        racers.add(threads.submit(() -> RaceMain.race(client, web, STEPS, seed + 1)));
        other.getOutputStream().write('\n');
        other.getOutputStream().flush();
        racers.add(threads.submit(() -> refusalsOf(other.inputReader(StandardCharsets.UTF_8))));
        int looks = 0;
        while (!racers.stream().allMatch(Future::isDone)) {
            assertNeverTwo();
            looks++;
        }
        assertThat(looks).isPositive();
        for (Future<List<String>> racer : racers) {
            assertThat(racer.get())
                    .allMatch(
                            refusal -> refusal.startsWith("service web-" + port + " is running already")
                                    || refusal.startsWith("port " + port + " is claimed by service ")
                                    || refusal.startsWith("no service named web; ")
                                    || refusal.equals("service web-" + port + " was deleted by somebody else")
                                    || refusal.startsWith("service web-" + port + " is not there any more: "),
                            "a refusal that follows from what the others did");
        }
        assertOneOrNone(port);
        host.delete(List.of(new Selector.All()));
        assertThat(running()).isEmpty();
        assertThat(sandbox.processes()).isEmpty();
        assertThat(sandbox.serviceDirectories()).isEmpty();
        assertThat(sandbox.claims()).doesNotContain("\ttcp\t");
        assertThat(stranger.isAlive()).as("a stranger").isTrue();
        assertThat(host.start(web, Wait.NOT).id()).isZero();
    }

    private static List<String> refusalsOf(BufferedReader lines) throws Exception {
        List<String> refusals = new ArrayList<>();
        String line = lines.readLine();
        while (line != null && !line.equals("over")) {
            refusals.add(line);
            line = lines.readLine();
        }
        assertThat(line).as("the last words of the other JVM").isEqualTo("over");
        return refusals;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private List<Long> running() throws Exception {
        List<Long> pids = Sandbox.running("sleep", SECONDS);
        pids.remove(stranger.pid());
        return pids;
    }

    /** Those that one look found may have run one after the other; two that still run at its end run at once. */
    private void assertNeverTwo() throws Exception {
        List<Long> pids = running();
        if (pids.size() > 1) {
            pids.removeIf(pid -> !Sandbox.runs(pid));
            assertThat(pids).as("processes of one service").hasSizeLessThan(2);
        }
    }

    private void assertOneOrNone(int port) throws Exception {
        Inventory known = host.list();
        assertThat(sandbox.directory().read()).isEqualTo(known);
        assertThat(known.unreadable()).isEmpty();
        if (known.services().isEmpty()) {
            assertThat(running()).isEmpty();
            assertThat(sandbox.claims()).doesNotContain("\ttcp\t");
            return;
        }
        assertThat(known.services()).hasSize(1);
        Service service = known.services().get(0);
        assertThat(service.id()).isZero();
        assertThat(service.status()).isIn(Status.ONLINE, Status.STOPPED);
        if (service.status() == Status.ONLINE) {
            long pid = Sandbox.awaitProgram(service, "sleep");
            assertThat(running()).containsExactly(pid);
            assertThat(sandbox.claims()).contains(port + "\ttcp\t");
        } else {
            assertThat(running()).isEmpty();
            assertThat(sandbox.claims()).doesNotContain("\ttcp\t");
        }
    }
}
