package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.VolleyMain.Verb;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An owner is killed at many moments of a start, a stop, a restart, a crash and a delete: {@link #ROUNDS} times in the midst
 * of {@link #SERVICES} of a kind, each begun {@link #STEP_MICROS} after the one before, so that a kill finds each at another
 * step. The next owner, in this JVM, knows what is.
 */
class OwnerKillFaultIT {
    private static final int ROUNDS = 3;
    private static final int SERVICES = 14;
    private static final int STEP_MICROS = 4_000;

    /** The kill comes so long after a service is done, at most. */
    private static final int LATEST_MICROS = 20_000;

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

    @ParameterizedTest
    @EnumSource(Verb.class)
    void theNextOwnerKnowsEveryServiceAndDoublesNone(Verb verb) throws Exception {
        long seed = System.nanoTime();
        System.out.println(verb + ": moments of the kill by seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Path place = Files.createDirectory(root.resolve(verb + "-" + round));
            sandbox = new Sandbox(place);
            String mark = Sandbox.uniqueSeconds(round);
            int done = 1 + round * SERVICES / ROUNDS;
            int late = random.nextInt(LATEST_MICROS);
            assertRound(
                    verb, mark, done, late, "seed " + seed + ": killed " + late + " µs after " + done + " were done");
            sandbox.close();
        }
    }

    private void assertRound(Verb verb, String mark, int done, int late, String moment) throws Exception {
        Process host = sandbox.jvm(
                VolleyMain.class, verb.name(), mark, Integer.toString(SERVICES), Integer.toString(STEP_MICROS));
        Map<String, Service> before = byName(sandbox.directory().read());
        host.getOutputStream().write('\n');
        host.getOutputStream().flush();
        for (int i = 0; i < done; i++) {
            assertThat(host.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("done");
        }
        // Waits for nothing: this is when the fault happens.
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(late));
        Sandbox.killNow(host);

        ServiceManager next = sandbox.open();
        assertThat(next.isOwner()).isTrue();
        assertThat(next.list().unreadable()).as(moment).isEmpty();
        await(
                "nothing is under way, " + moment,
                () -> next.list().services().stream()
                        .map(Service::status)
                        .noneMatch(status ->
                                status == Status.STARTING || status == Status.STOPPING || status == Status.WAITING));
        if (verb == Verb.CRASH) {
            await(
                    "all that crashed run, " + moment,
                    () -> next.list().services().stream().allMatch(service -> service.status() == Status.ONLINE));
        }
        Map<String, Service> after = byName(next.list());
        assertNothingDoubled(after, mark, moment);
        assertKnown(verb, before, after, moment);
        assertClaims(after, moment);
        assertGoesOn(verb, next, before, after, mark, moment);

        next.delete(List.of(new Selector.All()));
        assertThat(sandbox.serviceDirectories()).as(moment).isEmpty();
        assertThat(sandbox.claims()).as(moment).doesNotContain("\ttcp\t");
        assertThat(sandbox.processes()).as(moment).isEmpty();
    }

    private static Map<String, Service> byName(Inventory inventory) {
        Map<String, Service> services = new HashMap<>();
        for (Service service : inventory.services()) {
            services.put(service.baseName(), service);
        }
        return services;
    }

    /** Of each service there is the process that is known, or none. */
    private void assertNothingDoubled(Map<String, Service> after, String mark, String moment) throws Exception {
        Set<Long> expected = new HashSet<>();
        for (int i = 0; i < SERVICES; i++) {
            Service service = after.get(VolleyMain.name(i));
            List<Long> known = List.of();
            if (service != null && service.status().isRunning()) {
                known = List.of(Sandbox.awaitProgram(service, "sleep"));
                service.run().orElseThrow().wrapper().ifPresent(wrapper -> expected.add(wrapper.pid()));
            }
            expected.addAll(known);
            assertThat(Sandbox.running("sleep", VolleyMain.seconds(i, mark)))
                    .as(VolleyMain.name(i) + ", " + moment)
                    .isEqualTo(known);
        }
        await(
                "no other process carries a token of these services, " + moment + ": " + expected + ", but "
                        + sandbox.processes(),
                () -> expected.containsAll(sandbox.processes()));
    }

    /** Ids stay, and nobody's end is unknown: each wrapper has lived on and written it down. */
    private static void assertKnown(Verb verb, Map<String, Service> before, Map<String, Service> after, String moment) {
        Set<Integer> ids = new HashSet<>();
        for (Service service : after.values()) {
            assertThat(ids.add(service.id()))
                    .as("id " + service.id() + " twice, " + moment)
                    .isTrue();
            if (before.containsKey(service.baseName())) {
                assertThat(service.id())
                        .as(moment)
                        .isEqualTo(before.get(service.baseName()).id());
            }
            boolean ended = !service.status().isRunning() && service.status() != Status.ERRORED;
            if (ended || service.lastExit().isPresent()) {
                assertThat(service.lastExit().orElseThrow().outcome())
                        .as(service.name() + " is " + service.status() + ", " + moment)
                        .isEqualTo(new Exit.Signalled(verb == Verb.CRASH ? 9 : 15));
            }
        }
        if (verb != Verb.START && verb != Verb.DELETE) {
            assertThat(after.keySet()).as(moment).isEqualTo(before.keySet());
        }
    }

    /** Who runs has its port, and nobody else has one for long. */
    private void assertClaims(Map<String, Service> after, String moment) throws Exception {
        Set<String> expected = new HashSet<>();
        for (Service service : after.values()) {
            if (service.status().isRunning()) {
                expected.add(service.port().orElseThrow() + " " + service.name());
            }
        }
        await("claims are " + expected + ", " + moment, () -> claimed().equals(expected));
    }

    private Set<String> claimed() throws Exception {
        Set<String> claimed = new HashSet<>();
        for (String line : sandbox.claims().lines().toList()) {
            String[] fields = line.split("\t", -1);
            if (fields.length > 2) {
                claimed.add(fields[0] + " " + fields[fields.length - 1]);
            }
        }
        return claimed;
    }

    /** Whatever does not run can be started, and what runs can be stopped. */
    private void assertGoesOn(
            Verb verb,
            ServiceManager next,
            Map<String, Service> before,
            Map<String, Service> after,
            String mark,
            String moment)
            throws Exception {
        for (int i = 0; i < SERVICES; i++) {
            String name = VolleyMain.name(i);
            Service service = after.get(name);
            if (service != null && service.status().isRunning()) {
                continue;
            }
            Service again;
            if (service == null) {
                again = next.start(VolleyMain.spec(i, mark, verb, sandbox.work()), Wait.NOT);
            } else {
                Change change =
                        next.restart(List.of(new Selector.Name(name)), Wait.NOT).get(0);
                assertThat(change.failure()).as(moment).isEmpty();
                again = change.service();
                assertThat(again.id()).as(moment).isEqualTo(service.id());
            }
            assertThat(again.status()).as(moment).isEqualTo(Status.ONLINE);
            Sandbox.awaitProgram(again, "sleep");
            assertThat(Sandbox.running("sleep", VolleyMain.seconds(i, mark)))
                    .as(name + ", " + moment)
                    .hasSize(1);
        }
        for (Change change : next.stop(List.of(new Selector.All()))) {
            assertThat(change.failure()).as(moment).isEmpty();
        }
        assertThat(before).hasSizeLessThanOrEqualTo(SERVICES);
        assertThat(sandbox.processes()).as(moment).isEmpty();
    }
}
