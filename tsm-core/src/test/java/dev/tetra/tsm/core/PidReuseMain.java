package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives the numbers of dead services to strangers: {@code PidReuseMain DIRECTORY}. For a pid namespace of its own, whose next
 * number is what {@code /proc/sys/kernel/ns_last_pid} says, plus one (proc(5)).
 */
final class PidReuseMain {
    private static final List<Selector> WEB = List.of(new Selector.Name("web"));

    /** More than one attempt is needed where a thread of this JVM takes the number first. */
    private static final String STRANGER = """
            n=0
            while [ $n -lt 200 ]; do
              echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
              setsid sleep 4711 &
              if [ $! -eq "$1" ]; then exit 0; fi
              kill -KILL $!
              wait $!
              n=$((n + 1))
            done
            exit 1
            """;

    private final Sandbox sandbox;
    private final List<Long> strangers = new ArrayList<>();

    private PidReuseMain(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** What is done about a service whose number a stranger has. */
    private interface Verb {
        void apply(ServiceManager manager) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        strange(root, "stop", manager -> {
            Change change = manager.stop(WEB).get(0);
            assertThat(change.changed()).isFalse();
            assertThat(change.failure()).isEmpty();
        });
        strange(
                root,
                "kill",
                manager -> assertThat(manager.kill(WEB).get(0).failure()).isEmpty());
        strange(
                root,
                "signal",
                manager -> assertThat(
                                manager.signal(WEB, UnixSignal.KILL).get(0).failure())
                        .contains("service web does not run (crashed)"));
        strange(
                root,
                "reload",
                manager -> assertThat(manager.reload(WEB).get(0).failure())
                        .contains("service web does not run (crashed)"));
        strange(
                root,
                "delete",
                manager -> assertThat(manager.delete(WEB).get(0).failure()).isEmpty());
        strange(root, "restart", manager -> {
            Change change = manager.restart(WEB, Wait.NOT).get(0);
            assertThat(change.failure()).isEmpty();
            assertThat(change.service().status()).isEqualTo(Status.ONLINE);
        });
        strange(root, "start", manager -> manager.start(sleeper(root, RestartPolicy.Mode.NEVER), Wait.NOT));
        andThePolicyStartsAnother(root);
        whileItIsWatched(root);
        System.out.println("all strangers live");
    }

    private static ServiceSpec sleeper(Path root, RestartPolicy.Mode mode) {
        return ServiceSpec.command("sleep", "1000")
                .name("web")
                .cwd(root)
                .restart(RestartPolicy.DEFAULT.withMode(mode).withMinUptime(java.time.Duration.ZERO))
                .build();
    }

    /** A service and its wrapper die while nobody owns the directory; strangers get both numbers; then there is an owner. */
    private static void strange(Path root, String verb, Verb what) throws Exception {
        Path place = Files.createDirectories(root.resolve(verb));
        PidReuseMain test = new PidReuseMain(new Sandbox(place));
        try {
            Service dead = test.died(place, RestartPolicy.Mode.NEVER);
            assertThat(test.sandbox.directory().read().services().get(0).status())
                    .as("what a reader sees")
                    .isEqualTo(Status.CRASHED);
            ServiceManager manager = test.sandbox.open();
            Service seen = manager.list().services().get(0);
            assertThat(seen.status()).isEqualTo(Status.CRASHED);
            assertThat(seen.run()).isEmpty();
            assertThat(test.sandbox.directory().observe(dead).pids())
                    .as("what a look at the processes finds")
                    .isEmpty();
            what.apply(manager);
            manager.delete(List.of(new Selector.All()));
            test.assertStrangersLive(verb);
        } finally {
            test.end();
        }
    }

    private static void andThePolicyStartsAnother(Path root) throws Exception {
        Path place = Files.createDirectories(root.resolve("policy"));
        PidReuseMain test = new PidReuseMain(new Sandbox(place));
        try {
            Service dead = test.died(place, RestartPolicy.Mode.ALWAYS);
            ServiceManager manager = test.sandbox.open();
            await("another runs", () -> {
                Service next = manager.list().services().get(0);
                return next.status() == Status.ONLINE && !next.pid().equals(dead.pid());
            });
            manager.stop(WEB);
            test.assertStrangersLive("a restart by policy");
        } finally {
            test.end();
        }
    }

    /** The number goes to a stranger at once, while an owner watches the process by it. */
    private static void whileItIsWatched(Path root) throws Exception {
        Path place = Files.createDirectories(root.resolve("watched"));
        PidReuseMain test = new PidReuseMain(new Sandbox(place));
        try {
            Service service;
            try (ServiceManager first = test.sandbox.open()) {
                service = first.start(sleeper(place, RestartPolicy.Mode.NEVER), Wait.NOT);
                Sandbox.awaitProgram(service, "sleep");
            }
            ServiceManager adopter = test.sandbox.open();
            long wrapper = service.run().orElseThrow().wrapper().orElseThrow().pid();
            ProcessHandle.of(wrapper).orElseThrow().destroyForcibly();
            test.kill(service.pid().orElseThrow());
            test.reuse(service.pid().orElseThrow());
            await("the end is noticed", () -> adopter.list().services().get(0).status() == Status.CRASHED);
            adopter.stop(WEB);
            adopter.delete(WEB);
            test.assertStrangersLive("an end that is watched");
        } finally {
            test.end();
        }
    }

    private Service died(Path place, RestartPolicy.Mode mode) throws Exception {
        Service service;
        try (ServiceManager first = sandbox.open()) {
            service = first.start(sleeper(place, mode), Wait.NOT);
            Sandbox.awaitProgram(service, "sleep");
        }
        long wrapper = service.run().orElseThrow().wrapper().orElseThrow().pid();
        kill(service.pid().orElseThrow());
        await("the wrapper is gone", () -> Files.notExists(Path.of("/proc/" + wrapper)));
        reuse(service.pid().orElseThrow());
        reuse(wrapper);
        return service;
    }

    private void kill(long pid) throws Exception {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await("the number is free", () -> Files.notExists(Path.of("/proc/" + pid)));
    }

    /** A process of nobody here gets that number, as the leader of a session and a group. */
    private void reuse(long pid) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", STRANGER, "sh", Long.toString(pid))
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as("somebody else got the number " + pid).isZero();
        strangers.add(pid);
    }

    private void assertStrangersLive(String verb) {
        assertThat(strangers).isNotEmpty();
        for (long stranger : strangers) {
            assertThat(Sandbox.words(stranger)).as("after " + verb).isEqualTo(List.of("sleep", "4711"));
            assertThat(Sandbox.runs(stranger)).as("after " + verb).isTrue();
            assertThat(Sandbox.stat(stranger, 0)).as("its state after " + verb).isEqualTo("S");
        }
    }

    private void end() throws Exception {
        for (long stranger : strangers) {
            Optional<ProcessHandle> handle = ProcessHandle.of(stranger);
            handle.ifPresent(ProcessHandle::destroyForcibly);
        }
        sandbox.close();
    }
}
