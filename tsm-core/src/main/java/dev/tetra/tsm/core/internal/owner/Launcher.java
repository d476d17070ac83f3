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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the next process of a service, whose life the caller holds: files, pre-hook, wrapper. */
final class Launcher {
    private final Planner planner;
    private final HookRunner hooks;
    private final ControlSockets sockets;
    private final HealthWatch health;
    private final LogKeeper logs;
    private final Wrappers wrappers;

    Launcher(
            RuntimeDirectory directory,
            Planner planner,
            HookRunner hooks,
            ControlSockets sockets,
            HealthWatch health,
            LogKeeper logs)
            throws IOException {
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
     * A launch that was begun.
     *
     * @param wrapper it waits for the word
     * @param words what it will launch
     * @param own where the process may listen itself
     * @param hooked whether hooks ran before
     */
    record Begun(Wrapper wrapper, Wrapper.Launch words, ControlSockets.OwnPath own, boolean hooked)
            implements AutoCloseable {
        /** Gives it up, unless it has gone. */
        @Override
        public void close() {
            wrapper.giveUp();
        }
    }

    /** Whether nothing of the user or the host comes before a launch, so that it can be begun while others are still ended. */
    boolean hasNoHooks(Supervised service) {
        return hooks.isNothingBefore(service);
    }

    /**
     * Begins to launch the next process with {@link Supervised#variables()}: runs its hooks, and makes its wrapper, unless the
     * one of the last process is there and would launch the same.
     *
     * @throws ServiceException if a hook fails, with the last lines it wrote
     */
    Begun begin(Supervised service) throws IOException {
        Service state = service.state();
        if (!hooks.isNothingBefore(service)) {
            // What a hook leaves, above all one that fails, is the service's.
            service.clean(false);
        }
        Optional<Map<String, String>> hooked = hooks.beforeStart(service);
        Map<String, String> variables = hooked.isPresent() ? hooked.get() : new HashMap<>(service.variables());
        planner.identify(state, variables);
        ControlSockets.OwnPath own = sockets.prepare(state.name());
        variables.put("TSM_SOCKET_PATH", own.path().toString());
        variables.putAll(health.environment(state));
        Wrapper.Launch words =
                new Wrapper.Launch(state.launch().argv(), state.spec().cwd(), variables);
        try {
            Optional<Wrapper> last = service.wrapper();
            if (last.isPresent() && last.get().canLaunchAgain(words)) {
                last.get().waitForWord();
            } else {
                service.wrapper(Optional.of(wrappers.begin(service.files, words)));
            }
            return new Begun(service.wrapper().orElseThrow(), words, own, hooked.isPresent());
        } catch (IOException | RuntimeException failed) {
            health.discard(state);
            throw failed;
        }
    }

    /**
     * Launches the process; its files are prepared, and nothing of an earlier one is left.
     *
     * @throws ServiceException if it cannot be launched, with the last lines it wrote
     */
    Launched go(Supervised service, Begun begun) throws IOException {
        Service state = service.state();
        boolean nobodyBefore = service.isClean() && !begun.hooked();
        service.clean(false);
        try {
            logs.beforeLaunch(state, Instant.now());
            long out = service.files.out().toFile().length();
            long err = service.files.err().toFile().length();
            service.logged(out, err);
            Service.Run run = launch(service, begun);
            if (nobodyBefore) {
                service.born(run.process().startTicks());
            }
            Service running = state.withRun(run, Instant.now(), state.status());
            Path socket = begun.own().path();
            return new Launched(
                    run,
                    Target.launched(running, begun.words().environment(), service.files, out, err, socket),
                    begun.own().problem());
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

    private Service.Run launch(Supervised service, Begun begun) throws IOException, Wrapper.LaunchFailed {
        boolean again = begun.wrapper().hasLaunched();
        try {
            return begun.wrapper().launch();
        } catch (Wrapper.LaunchFailed failed) {
            if (!again) {
                throw failed;
            }
            // It was killed while it waited for the word, perhaps. A new one says more.
            service.wrapper(Optional.of(wrappers.begin(service.files, begun.words())));
            return service.wrapper().orElseThrow().launch();
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
