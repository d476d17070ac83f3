package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static dev.tetra.tsm.core.Sandbox.awaitProgram;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One wrapper for all runs of a service, and how it tells that one has ended. */
class WrapperRunsIT {
    private static final RestartPolicy AT_ONCE = RestartPolicy.DEFAULT.withMinUptime(Duration.ZERO);

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

    private Service now() throws Exception {
        return manager.find(new Selector.Name("web"));
    }

    private Service start(RestartPolicy policy, String text) throws Exception {
        return manager.start(
                sandbox.spec("web", "sh", "-c", text).restart(policy).build(), Wait.NOT);
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static long wrapperOf(Service service) {
        return service.run().orElseThrow().wrapper().orElseThrow().pid();
    }

    private Service awaitNext(Service before) throws Exception {
        await("another process", () -> {
            Service next = now();
            return next.status() == Status.ONLINE && !next.pid().equals(before.pid());
        });
        return now();
    }

    @Test
    void theNextProcessHasTheSameWrapper() throws Exception {
        Service run = start(AT_ONCE, "exec sleep 1000");
        long wrapper = wrapperOf(run);
        for (int i = 1; i <= 3; i++) {
            kill(awaitProgram(run, "sleep"));
            run = awaitNext(run);
            assertThat(wrapperOf(run)).isEqualTo(wrapper);
            assertThat(run.restarts()).isEqualTo(i);
            assertThat(run.lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
        }
        manager.stop(List.of(new Selector.All()));
        assertThat(Sandbox.runs(wrapper)).isFalse();
    }

    @Test
    void aStartThatSomebodyAskedForHasAnotherWrapper() throws Exception {
        Service first = start(AT_ONCE, "exec sleep 1000");
        Service second = manager.restart(List.of(new Selector.Name("web")), Wait.NOT)
                .get(0)
                .service();
        assertThat(wrapperOf(second)).isNotEqualTo(wrapperOf(first));
        assertThat(Sandbox.runs(wrapperOf(first))).isFalse();
    }

    @Test
    void aDirectoryThatWasPutInPlaceOfTheOldOneIsThatOfTheNextProcess() throws Exception {
        Path place = Files.createDirectory(sandbox.work().resolve("place"));
        Service first = manager.start(
                sandbox.spec("web", "sh", "-c", "exec sleep 1000")
                        .cwd(place)
                        .restart(AT_ONCE)
                        .build(),
                Wait.NOT);
        awaitProgram(first, "sleep");
        Files.move(place, sandbox.work().resolve("before"));
        Files.createDirectory(place);
        kill(first.pid().orElseThrow());
        Service second = awaitNext(first);
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + awaitProgram(second, "sleep") + "/cwd")))
                .isEqualTo(place.toRealPath());
    }

    @Test
    void aWrapperThatIsKilledIsFollowedByAnother() throws Exception {
        Service first = start(AT_ONCE, "exec sleep 1000");
        awaitProgram(first, "sleep");
        kill(wrapperOf(first));
        await("the wrapper is gone", () -> !Sandbox.runs(wrapperOf(first)));
        assertThat(now().status()).isEqualTo(Status.ONLINE);
        kill(first.pid().orElseThrow());
        Service second = awaitNext(first);
        assertThat(second.lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Lost());
        assertThat(wrapperOf(second)).isNotEqualTo(wrapperOf(first));
    }

    @Test
    void oneThatWaitsForItsNextStartIsStoppedWithItsWrapper() throws Exception {
        Duration long_ = Duration.ofMinutes(5);
        Service run = start(RestartPolicy.DEFAULT.withDelays(long_, long_), "exit 3");
        await("it waits", () -> now().status() == Status.WAITING);
        manager.stop(List.of(new Selector.All()));
        assertThat(now().status()).isEqualTo(Status.STOPPED);
        sandbox.awaitNothingRuns();
        assertThat(run.id()).isZero();
    }

    @Test
    void anEndIsNoticedThoughTheFifoIsGone() throws Exception {
        Service first = start(AT_ONCE, "exec sleep 1000");
        awaitProgram(first, "sleep");
        Files.delete(sandbox.directory().ended());
        kill(first.pid().orElseThrow());
        assertThat(awaitNext(first).lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
    }

    @Test
    void whatIsNoFifoMakesWayForOne() throws Exception {
        manager.close();
        Files.delete(sandbox.directory().ended());
        Files.writeString(sandbox.directory().ended(), "no fifo");
        manager = sandbox.open();
        assertThat(Files.readAttributes(
                                sandbox.directory().ended(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther())
                .isTrue();
        Service first = start(AT_ONCE, "exec sleep 1000");
        kill(awaitProgram(first, "sleep"));
        awaitNext(first);
    }

    @Test
    void wordsInTheFifoThatAreNotTrueChangeNothing() throws Exception {
        Service run = start(AT_ONCE, "exec sleep 1000");
        awaitProgram(run, "sleep");
        Files.writeString(sandbox.directory().ended(), "web\n../web\n\n" + "x".repeat(5000) + "\nweb\n");
        Service other = manager.start(sandbox.sleeper("other"), Wait.NOT);
        assertThat(other.status()).isEqualTo(Status.ONLINE);
        assertThat(now().pid()).isEqualTo(run.pid());
        kill(run.pid().orElseThrow());
        awaitNext(run);
    }

    @Test
    void aManagerThatIsClosedDismissesItsWrappers() throws Exception {
        Service run = start(AT_ONCE, "exec sleep 1000");
        awaitProgram(run, "sleep");
        manager.close();
        assertThat(Sandbox.runs(wrapperOf(run))).isTrue();
        kill(run.pid().orElseThrow());
        await("the wrapper is gone", () -> !Sandbox.runs(wrapperOf(run)));
        assertThat(Files.readString(sandbox.directory().service("web").resolve("exit")))
                .isEqualTo("137\n");
    }
}
