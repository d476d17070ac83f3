package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.LogTail;
import dev.tetra.tsm.core.internal.control.ControlSockets;
import dev.tetra.tsm.core.internal.health.HealthWatch;
import dev.tetra.tsm.core.internal.health.Target;
import dev.tetra.tsm.core.internal.logs.LogKeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/** Makes the next process of a service, whose life the caller holds: files, pre-hook, wrapper. */
final class Launcher {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    /** How long a wrapper may take to launch a process, on the busiest of machines. */
    private static final Duration ANSWERS = Duration.ofSeconds(10);

    private final Workers workers;
    private final Planner planner;
    private final HookRunner hooks;
    private final ControlSockets sockets;
    private final HealthWatch health;
    private final LogKeeper logs;
    private final Wrappers wrappers;

    Launcher(
            RuntimeDirectory directory,
            Workers workers,
            Planner planner,
            HookRunner hooks,
            ControlSockets sockets,
            HealthWatch health,
            LogKeeper logs)
            throws IOException {
        this.workers = workers;
        this.planner = planner;
        this.hooks = hooks;
        this.sockets = sockets;
        this.health = health;
        this.logs = logs;
        this.wrappers = Wrappers.install(directory.runtime());
    }

    /**
     * A process that was launched.
     *
     * @param run it
     * @param target it, for those who ask whether it serves
     * @param problem why it cannot listen at a socket of its own, if that stands in its way
     */
    record Launched(Service.Run run, Target target, Optional<String> problem) {}

    /**
     * Launches the next process with {@link Supervised#variables()}; the service's files are prepared, and nothing of an
     * earlier process is left but its wrapper, which launches this one, too, if it would launch the same.
     *
     * @throws ServiceException if a hook fails or it cannot be launched, with the last lines it wrote
     */
    Launched launch(Supervised service) throws IOException {
        Service state = service.state();
        if (!hooks.isNothingBefore(service)) {
            // What a hook leaves, above all one that fails, is the service's.
            service.clean(false);
        }
        Optional<Map<String, String>> hooked = hooks.beforeStart(service);
        boolean nobodyBefore = service.isClean() && hooked.isEmpty();
        Map<String, String> variables = hooked.isPresent() ? hooked.get() : new HashMap<>(service.variables());
        planner.identify(state, variables);
        ControlSockets.OwnPath own = sockets.prepare(state.name());
        variables.put("TSM_SOCKET_PATH", own.path().toString());
        variables.putAll(health.environment(state));
        Wrapper.Launch words =
                new Wrapper.Launch(state.launch().argv(), state.spec().cwd(), variables);
        service.clean(false);
        try {
            logs.beforeLaunch(state, Instant.now());
            long out = service.files.out().toFile().length();
            long err = service.files.err().toFile().length();
            service.logged(out, err);
            Service.Run run = launch(service, words);
            if (nobodyBefore) {
                service.born(run.process().startTicks());
            }
            Service running = state.withRun(run, Instant.now(), state.status());
            return new Launched(
                    run, Target.launched(running, variables, service.files, out, err, own.path()), own.problem());
        } catch (Wrapper.LaunchFailed failed) {
            health.discard(state);
            throw new ServiceException(
                    Reason.START_FAILED,
                    "service " + state.name() + " could not be launched: " + failed.getMessage(),
                    tails(service));
        } catch (IOException | RuntimeException failed) {
            health.discard(state);
            throw failed;
        }
    }

    private Service.Run launch(Supervised service, Wrapper.Launch words) throws IOException, Wrapper.LaunchFailed {
        Optional<Wrapper> last = service.wrapper();
        if (last.isPresent() && last.get().canLaunchAgain(words)) {
            try {
                return timely(last.get());
            } catch (Wrapper.LaunchFailed killed) {
                LOG.log(System.Logger.Level.DEBUG, killed.getMessage());
            }
        }
        Wrapper fresh = wrappers.begin(service.files, words);
        service.wrapper(Optional.of(fresh));
        return timely(fresh);
    }

    /** A wrapper that is stopped, or stuck in a fifo that somebody has filled, does not keep its service. */
    private Service.Run timely(Wrapper wrapper) throws IOException, Wrapper.LaunchFailed {
        Future<?> late = workers.after(ANSWERS, wrapper::kill);
        try {
            return wrapper.launch();
        } finally {
            late.cancel(false);
        }
    }

    /** A process that an earlier owner launched, for those who ask whether it serves. */
    Target adopted(Supervised service) {
        Path socket = sockets.prepare(service.name()).path();
        return Target.adopted(service.state(), service.files, socket);
    }

    /** The last lines of what a run wrote. */
    static List<String> tails(Supervised service) {
        List<String> lines = new ArrayList<>(LogTail.since(service.files.wrapperErr(), 0, "wrapper.err"));
        lines.addAll(LogTail.since(service.files.out(), service.loggedOut(), "current.out"));
        lines.addAll(LogTail.since(service.files.err(), service.loggedErr(), "current.err"));
        return lines;
    }
}
