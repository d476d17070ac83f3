package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.LogTail;
import dev.tetra.tsm.core.internal.control.ControlSockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private final Wrapper wrapper;

    Launcher(RuntimeDirectory directory, Planner planner, HookRunner hooks, ControlSockets sockets) throws IOException {
        this.planner = planner;
        this.hooks = hooks;
        this.sockets = sockets;
        this.wrapper = Wrapper.install(directory.runtime());
    }

    /**
     * Launches its process with {@link Supervised#variables()}; its files are prepared.
     *
     * @throws ServiceException if its hook fails or it cannot be launched, with the last lines it wrote
     */
    Wrapper.Launched launch(Supervised service) throws IOException {
        Service state = service.state();
        Path cwd = state.spec().cwd();
        boolean nobodyBefore = service.isClean();
        service.clean(false);
        Optional<Map<String, String>> hooked = hooks.beforeStart(service);
        Map<String, String> variables = hooked.isPresent() ? hooked.get() : new HashMap<>(service.variables());
        planner.identify(state, variables);
        variables.put("TSM_SOCKET_PATH", sockets.prepare(state.name()).path().toString());
        service.logged(Files.size(service.files.out()), Files.size(service.files.err()));
        try {
            Wrapper.Launched launched =
                    wrapper.launch(service.files, state.launch().argv(), cwd, variables);
            if (nobodyBefore && hooked.isEmpty()) {
                service.born(launched.run().process().startTicks());
            }
            return launched;
        } catch (Wrapper.LaunchFailed failed) {
            throw new ServiceException(
                    Reason.START_FAILED,
                    "service " + state.name() + " could not be launched: " + failed.getMessage(),
                    tails(service));
        }
    }

    /** The last lines of what a run wrote. */
    static List<String> tails(Supervised service) {
        List<String> lines = new ArrayList<>(LogTail.since(service.files.wrapperErr(), 0, "wrapper.err"));
        lines.addAll(LogTail.since(service.files.out(), service.loggedOut(), "current.out"));
        lines.addAll(LogTail.since(service.files.err(), service.loggedErr(), "current.err"));
        return lines;
    }
}
