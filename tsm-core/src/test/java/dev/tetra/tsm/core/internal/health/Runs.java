package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.ServiceDirectory;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.ServiceType;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Services that really run, to be probed and watched. */
final class Runs {
    private final Sandbox sandbox;
    private final ServiceManager manager;
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "test-worker");
        thread.setDaemon(true);
        return thread;
    });

    Runs(Sandbox sandbox) throws IOException {
        this.sandbox = sandbox;
        this.manager = sandbox.open();
        sandbox.keep(() -> {
            workers.shutdown();
            assertThat(workers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        });
    }

    ExecutorService workers() {
        return workers;
    }

    ServiceManager manager() {
        return manager;
    }

    /** A watch that is closed at the end. */
    HealthWatch watch() throws IOException {
        ShortPaths paths = new ShortPaths(
                sandbox.directory().sockets(),
                Files.getOwner(sandbox.directory().sockets()));
        sandbox.keep(paths::remove);
        return sandbox.keep(new HealthWatch(sandbox.directory(), paths, workers, new Random(1)));
    }

    /** A port that nobody has at this moment. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The words of a Python program, unbuffered. */
    ServiceSpec.Builder python(String name, String text) throws IOException {
        Path script = sandbox.write(name + ".py", text);
        return sandbox.spec(name, "python3", "-u", script.toString()).port(new PortSpec.None());
    }

    /** Launches it, and has it probed like that. */
    Target launch(ServiceSpec spec, @Nullable Readiness ready, @Nullable Liveness liveness) throws IOException {
        Service running = manager.start(spec, Sandbox.NO_WAIT);
        return target(running, running.token(), ready, liveness);
    }

    Target launch(ServiceSpec spec) throws IOException {
        return launch(spec, null, null);
    }

    /** A run of a service that speaks sd_notify, launched with what the watch gives it. */
    Target launchNotifying(
            HealthWatch watch, ServiceSpec.Builder spec, @Nullable Readiness ready, @Nullable Liveness liveness)
            throws IOException {
        ServiceSpec plain = spec.build();
        Service before = probed(
                        plain.name().orElseThrow(), "token-of-" + plain.name().orElseThrow(), plain, ready, liveness)
                .build();
        Service running =
                manager.start(spec.environment(watch.environment(before)).build(), Sandbox.NO_WAIT);
        return target(running, before.token(), ready, liveness);
    }

    private static Service.Builder probed(
            String name, String token, ServiceSpec spec, @Nullable Readiness ready, @Nullable Liveness liveness) {
        ServiceSpec.Builder probed = spec.with();
        if (ready != null) {
            probed.ready(ready);
        }
        if (liveness != null) {
            probed.liveness(liveness);
        }
        return Service.of(
                1,
                name,
                token,
                probed.build(),
                new Service.Launch(
                        spec.command(), Optional.empty(), ProcessType.PYTHON, ServiceType.PID, List.of(), List.of()));
    }

    Target target(Service running, String token, @Nullable Readiness ready, @Nullable Liveness liveness) {
        Service service =
                probed(running.name(), token, running.spec(), ready, liveness).build();
        Service probed = Service.of(1, running.name(), token, service.spec(), running.launch())
                .run(running.run().orElseThrow(), running.startTime().orElseThrow())
                .status(Status.STARTING, Optional.empty())
                .build();
        return new Target(
                probed,
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "GREETING", "hello"),
                files(probed),
                0,
                0,
                sandbox.directory().ownSocket(running.name()),
                false);
    }

    ServiceDirectory files(Service service) {
        return new ServiceDirectory(sandbox.directory().service(service.name()));
    }

    /** The sockets and pipes that this JVM has open. */
    static List<String> openDescriptors() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all.toList()) {
                try {
                    String what = Files.readSymbolicLink(descriptor).toString();
                    if (what.startsWith("socket:") || what.startsWith("pipe:") || what.contains("current.")) {
                        open.add(what);
                    }
                } catch (IOException closedMeanwhile) {
                    // The listing's own, or another thread's.
                }
            }
        }
        return open;
    }

    /** The processes that have this word among theirs. */
    static List<Long> processesWith(String word) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> Sandbox.runs(pid) && Sandbox.words(pid).contains(word))
                .toList();
    }
}
