package dev.tetra.tsm.core.internal.health;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.core.internal.ServiceDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One run of a service, with all that probes need. <em>Immutable.</em>
 *
 * @param service as it is now; it has a {@link Service#run()}
 * @param environment the variables of its process, for a probe that is a command
 * @param files its logs
 * @param outStart how long {@code current.out} was at the launch, in bytes
 * @param errStart how long {@code current.err} was at the launch, in bytes
 * @param socket where the service listens itself: the value of its {@code TSM_SOCKET_PATH}, at most 107 bytes
 * @param adopted whether an earlier owner launched it, so that what it said meanwhile may be lost
 */
public record Target(
        Service service,
        Map<String, String> environment,
        ServiceDirectory files,
        long outStart,
        long errStart,
        Path socket,
        boolean adopted) {
    public Target {
        if (service.run().isEmpty()) {
            throw new IllegalArgumentException("service " + service.name() + " does not run");
        }
        environment = Map.copyOf(environment);
        requireNonNull(files, "files");
        requireNonNull(socket, "socket");
    }

    /**
     * A run that was launched just now.
     *
     * @param environment the variables that it was launched with; kept only for a probe that is a command
     */
    public static Target launched(
            Service service,
            Map<String, String> environment,
            ServiceDirectory files,
            long outStart,
            long errStart,
            Path socket) {
        Map<String, String> kept = asksCommand(service) ? environment : Map.of();
        return new Target(service, kept, files, outStart, errStart, socket, false);
    }

    /**
     * A run that an earlier owner launched. Its variables are read from its process. How long its logs were at its launch is
     * not known any more, so that what an earlier run wrote counts too where a probe looks into the logs.
     */
    public static Target adopted(Service service, ServiceDirectory files, Path socket) {
        Map<String, String> environment = asksCommand(service)
                ? ProcessTable.system()
                        .variables(service.run().orElseThrow().process().pid())
                : Map.of();
        return new Target(service, environment, files, 0, 0, socket, true);
    }

    private static boolean asksCommand(Service service) {
        return asks(service, Probe.Exec.class);
    }

    /** Whether one of its probes is of that kind. */
    static boolean asks(Service service, Class<? extends Probe> kind) {
        Optional<Readiness> ready = service.spec().ready();
        Optional<Liveness> liveness = service.spec().liveness();
        return (ready.isPresent() && kind.isInstance(ready.get().probe()))
                || (liveness.isPresent() && kind.isInstance(liveness.get().probe()));
    }

    ProcessIdentity process() {
        return service.run().orElseThrow().process();
    }

    /** Whether it has shown already that it serves. */
    boolean isReady() {
        return service.spec().ready().isEmpty() || (adopted && service.status() != Status.STARTING);
    }
}
