package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.NO_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many at once, through the owner and through clients of it. */
class RaceIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path root;

    private Sandbox sandbox;
    private final List<ServiceManager> managers = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(16);

    @BeforeEach
    void open() throws Exception {
        sandbox = new Sandbox(root);
        for (int i = 0; i < 4; i++) {
            managers.add(sandbox.open());
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        threads.shutdownNow();
        sandbox.close();
    }

    private <T> List<T> all(List<Callable<T>> calls) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> result : threads.invokeAll(calls)) {
            results.add(result.get());
        }
        return results;
    }

    @Test
    void sixteenStartsGetSixteenIdsAndSixteenPorts() throws Exception {
        List<Callable<Service>> starts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            ServiceManager manager = managers.get(i % managers.size());
            ServiceSpec spec = sandbox.shell("s" + (char) ('a' + i), "exec sleep 1000 # $PORT");
            starts.add(() -> manager.start(spec, NO_WAIT));
        }
        List<Service> started = all(starts);
        assertThat(started)
                .extracting(Service::id)
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(started).extracting(service -> service.port().orElseThrow()).doesNotHaveDuplicates();
        assertThat(sandbox.directory().read()).isEqualTo(managers.get(0).list());
        assertThat(sandbox.processes()).hasSize(32);
        managers.get(1).delete(List.of(new Selector.All()));
        sandbox.awaitNothingRuns();
        assertThat(sandbox.claims()).doesNotContain("\ttcp\t");
    }

    @Test
    void sixteenStartsOfOneNameGiveOneService() throws Exception {
        List<Callable<Boolean>> starts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            ServiceManager manager = managers.get(i % managers.size());
            starts.add(() -> {
                try {
                    manager.start(sandbox.sleeper("web"), NO_WAIT);
                    return true;
                } catch (ServiceException taken) {
                    assertThat(taken.reason()).isEqualTo(Reason.NAME_TAKEN);
                    return false;
                }
            });
        }
        assertThat(all(starts)).containsOnlyOnce(true);
        assertThat(sandbox.processes()).hasSize(2);
    }

    @Test
    void whateverManyDoToOneNameTheTruthIsOnDiskAndNothingIsLeft() throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            ServiceManager manager = managers.get(thread);
            int first = thread;
            work.add(() -> {
                for (int i = 0; i < 25; i++) {
                    oneStep(manager, (first + i) % 4);
                }
                return null;
            });
        }
        all(work);
        assertThat(sandbox.directory().read()).isEqualTo(managers.get(0).list());
        managers.get(0).delete(List.of(new Selector.All()));
        assertThat(sandbox.serviceDirectories()).isEmpty();
        sandbox.awaitNothingRuns();
        assertThat(managers.get(0).start(sandbox.sleeper("web"), NO_WAIT).id()).isZero();
    }

    private void oneStep(ServiceManager manager, int step) throws Exception {
        List<Selector> web = List.of(new Selector.Name("web"));
        try {
            switch (step) {
                case 0 -> assertOne(manager.start(sandbox.sleeper("web"), NO_WAIT));
                case 1 -> manager.stop(web, LONG);
                case 2 -> manager.restart(web, NO_WAIT);
                default -> manager.delete(web);
            }
        } catch (ServiceException refused) {
            assertThat(refused.reason()).as(refused.getMessage()).isIn(Reason.NAME_TAKEN, Reason.NOT_FOUND);
        }
    }

    /** Besides the process of a service that just came to run there is none of its name. */
    private void assertOne(Service started) throws Exception {
        long others = 0;
        for (long pid : sandbox.processes()) {
            List<String> words = Sandbox.words(pid);
            boolean sleeps = words.equals(List.of("sleep", "1000"));
            boolean sameRun = pid == started.pid().orElseThrow();
            others += sleeps && !sameRun && Sandbox.runs(started.pid().orElseThrow()) && Sandbox.runs(pid) ? 1 : 0;
        }
        assertThat(others).isZero();
    }
}
