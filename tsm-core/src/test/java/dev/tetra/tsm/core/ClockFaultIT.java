package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A clock that jumped. Nobody sets the machine's clock here: whatever is decided in one owner's life is decided by
 * {@link System#nanoTime()} and by start ticks, which no jump changes. What a jump leaves for the next owner is on the disk:
 * times of files and in meta.json that are far in the future or in the past, and the boot of another day. Those are written
 * here as a jump would have left them.
 */
class ClockFaultIT {
    private static final String EARLIEST = "-31557014167219200";
    private static final String LATEST = "31556889864403199";

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

    private Path file(String name) {
        return sandbox.directory().service("web").resolve(name);
    }

    private void replaceInMeta(String pattern, String replacement) throws Exception {
        String text = Files.readString(file("meta.json"));
        String changed = Pattern.compile(pattern).matcher(text).replaceFirst(replacement);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(file("meta.json"), changed);
    }

    /** A service that runs without an owner, whose file says that it was started then. */
    private Service startedAt(String seconds, RestartPolicy policy) throws Exception {
        Service web;
        try (ServiceManager first = sandbox.open()) {
            web = first.start(
                    sandbox.spec("web", "sleep", "1000").restart(policy).build(), Wait.NOT);
            Sandbox.awaitProgram(web, "sleep");
        }
        replaceInMeta("\"start_time\" : \\d+", "\"start_time\" : " + seconds);
        return web;
    }

    private static Service now(ServiceManager manager) throws Exception {
        return manager.find(new Selector.Name("web"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "4000000000", EARLIEST, LATEST})
    void aProcessThatRunsIsAdoptedWhateverItsStartTimeSays(String seconds) throws Exception {
        Service web = startedAt(seconds, RestartPolicy.DEFAULT);
        ServiceManager next = sandbox.open();
        assertThat(now(next).run()).isEqualTo(web.run());
        assertThat(now(next).status()).isEqualTo(Status.ONLINE);
        Duration uptime = sandbox.directory().observe(now(next)).uptime();
        assertThat(uptime).as("by its ticks").isBetween(Duration.ZERO, Duration.ofMinutes(5));
        Change stopped = next.stop(List.of(new Selector.All())).get(0);
        assertThat(stopped.note()).contains("signal 15 (TERM)");
    }

    /** Its uptime is what it is by those times: a long one is a healthy one, a negative one a short one. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "4000000000", EARLIEST, LATEST})
    void aProcessThatDiedWithoutAnOwnerIsFollowedByAnotherWhateverTheTimesSay(String seconds) throws Exception {
        Service web =
                startedAt(seconds, RestartPolicy.DEFAULT.withDelays(Duration.ofMillis(20), Duration.ofMillis(20)));
        ProcessHandle.of(web.pid().orElseThrow()).orElseThrow().destroyForcibly();
        sandbox.awaitNothingRuns();
        ServiceManager next = sandbox.open();
        await("another runs", () -> now(next).status() == Status.ONLINE);
        assertThat(now(next).restarts()).isEqualTo(1);
        assertThat(now(next).unstableRestarts()).isBetween(0, 1);
        assertThat(now(next).lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(9));
        assertThat(sandbox.processes()).hasSize(2);
        assertThat(sandbox.directory().events(10, "web"))
                .extracting(ServiceEvent::kind)
                .contains(ServiceEvent.Kind.EXITED);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2_000_000_000_000L, 9_000_000_000_000L})
    void anExitThatWasWrittenInAnotherTimeIsAnExit(long millis) throws Exception {
        Service web = startedAt("1000000000", RestartPolicy.DEFAULT.withMode(RestartPolicy.Mode.NEVER));
        ProcessHandle.of(web.pid().orElseThrow()).orElseThrow().destroy();
        sandbox.awaitNothingRuns();
        Files.setLastModifiedTime(file("exit"), FileTime.fromMillis(millis));
        ServiceManager next = sandbox.open();
        await("it is decided", () -> now(next).status() == Status.CRASHED);
        assertThat(now(next).lastExit().orElseThrow())
                .isEqualTo(new Exit(new Exit.Signalled(15), Instant.ofEpochMilli(millis)));
        assertThat(next.start(sandbox.sleeper("web"), Wait.NOT).id()).isEqualTo(web.id());
    }

    @Test
    void theProcessOfAnotherBootIsGoneThoughItsNumberAndItsTicksAreInUse() throws Exception {
        Service web = startedAt("1000000000", RestartPolicy.DEFAULT.withMode(RestartPolicy.Mode.NEVER));
        ProcessHandle.of(web.pid().orElseThrow()).orElseThrow().destroyForcibly();
        sandbox.awaitNothingRuns();
        Process stranger = new ProcessBuilder("setsid", "sleep", "1000").start();
        try {
            await("it sleeps", () -> Sandbox.words(stranger.pid()).equals(List.of("sleep", "1000")));
            replaceInMeta("\"pid\" : \\d+", "\"pid\" : " + stranger.pid());
            replaceInMeta("\"start_ticks\" : \\d+", "\"start_ticks\" : " + Sandbox.stat(stranger.pid(), 19));
            replaceInMeta("\"boot_id\" : \"[^\"]*\"", "\"boot_id\" : \"00000000-0000-0000-0000-000000000000\"");
            ServiceManager next = sandbox.open();
            assertThat(now(next).status()).isEqualTo(Status.CRASHED);
            next.signal(List.of(new Selector.All()), UnixSignal.KILL);
            next.kill(List.of(new Selector.All()));
            next.delete(List.of(new Selector.All()));
            assertThat(Sandbox.runs(stranger.pid())).isTrue();
        } finally {
            Sandbox.killNow(stranger);
        }
    }

    @Test
    void aLockFileThatNamesSomebodyElseIsNoLock() throws Exception {
        sandbox.directory().create();
        long somebody = ProcessHandle.current().parent().orElseThrow().pid();
        Files.writeString(sandbox.directory().ownerLock(), somebody + " 1\n");
        Files.setLastModifiedTime(sandbox.directory().ownerLock(), FileTime.fromMillis(9_000_000_000_000L));
        assertThat(sandbox.open().isOwner()).isTrue();
        assertThat(sandbox.open().isOwner()).isFalse();
    }
}
