package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.core.internal.Fingerprints;
import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.core.internal.client.ControlClient;
import dev.tetra.tsm.core.internal.control.ControlSockets;
import dev.tetra.tsm.core.internal.events.Doer;
import dev.tetra.tsm.core.internal.events.EventOf;
import dev.tetra.tsm.core.internal.events.Events;
import dev.tetra.tsm.core.internal.health.HealthWatch;
import dev.tetra.tsm.core.internal.logs.LogKeeper;
import dev.tetra.tsm.ports.PortLadder;
import dev.tetra.tsm.ports.PortRegistry;
import dev.tetra.tsm.ports.PortRequest;
import dev.tetra.tsm.ports.PortResolution;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.RungAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is asked of one service: its start, its end, and what is said to its process. The caller holds the service's life; many
 * services are changed at once. What happens by itself is the business of {@link Runs}.
 */
final class Lifecycle implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    /** How long a service may take to answer RELOAD. */
    private static final Duration SOCKET_ANSWERS = Duration.ofSeconds(10);

    private final RuntimeDirectory directory;
    private final Planner planner;
    private final PortRegistry registry;
    private final Events events;
    private final HookRunner hooks;
    private final Releases releases;
    private final Terminator terminator;
    private final Endings endings;
    private final Runs runs;
    private final Adoption adoption;

    /** @param hookLimit how long a hook may take */
    Lifecycle(
            RuntimeDirectory directory,
            Planner planner,
            PortRegistry registry,
            Activity activity,
            Workers workers,
            Events events,
            ControlSockets sockets,
            HealthWatch health,
            LogKeeper logs,
            Duration hookLimit)
            throws IOException {
        ProcessTable table = ProcessTable.system();
        this.directory = directory;
        this.planner = planner;
        this.registry = registry;
        this.events = events;
        this.releases = new Releases(registry);
        this.terminator = new Terminator(table);
        this.endings = new Endings(terminator);
        this.hooks = new HookRunner(directory, terminator, workers, events, hookLimit);
        Launcher launcher = new Launcher(directory, workers, planner, hooks, sockets, health, logs);
        ExitWatch watch = new ExitWatch(table, directory.ended());
        this.runs = new Runs(workers, activity, events, sockets, health, hooks, launcher, endings, releases, watch);
        this.adoption = new Adoption(planner, launcher, runs, terminator, endings, sockets, workers, activity);
    }

    /** What gives back ports. */
    Releases releases() {
        return releases;
    }

    /** {@link Adoption#adopt}. */
    boolean adopt(Supervised service, Map<String, String> inherited) {
        return adoption.adopt(service, inherited);
    }

    // ---------------------------------------------------------------- start

    /** Starts a service; on failure nothing of this start is left. */
    Service start(Supervised service, Map<String, String> inherited, Wait wait) throws IOException {
        boolean fresh = !Files.exists(service.files.path());
        Service before = service.state();
        adoption.finish(service);
        try {
            if (fresh) {
                service.files.prepare();
                service.files.writeFirst(before);
            } else {
                // How the last process ended is known by meta.json alone once the files of its run are gone.
                service.save(before);
                service.files.prepare();
            }
            List<String> changed = giveVariables(service, inherited);
            runs.launch(service, Status.STARTING);
            events.publish(EventOf.launched(service.state(), Cause.USER, changed));
            await(service, wait, fresh);
            return service.state();
        } catch (IOException | RuntimeException failed) {
            undo(service, fresh, failed);
            throw failed;
        }
    }

    /** Resolves the variables of its next process. @return what is different from those of the last one, values left out */
    private List<String> giveVariables(Supervised service, Map<String, String> inherited) {
        Map<String, String> before = service.variables();
        Planner.Variables now = planner.variables(service.state(), inherited);
        service.variables(now.all());
        service.show(service.state().with().variables(now.fingerprints()).build());
        return before.isEmpty()
                ? List.of()
                : Fingerprints.difference(before, now.all()).lines();
    }

    /** Waits for an end that should not come, or for readiness where that was asked; then the service is online. */
    private void await(Supervised service, Wait wait, boolean fresh) throws IOException {
        Optional<Readiness> ready = service.state().spec().ready();
        Supervised.Event event = Supervised.Event.TIMEOUT;
        if (wait.untilReady() && ready.isPresent()) {
            // Others see meanwhile what runs.
            service.files.writeUnsynced(service.state());
            event = service.awaitReady();
        } else if (!wait.settle().isZero()) {
            event = service.awaitEnd(wait.settle());
        }
        if (event == Supervised.Event.ENDED) {
            endedAtOnce(service, fresh);
        } else if (service.whyNotReady().isPresent()) {
            throw new ServiceException(
                    Reason.START_FAILED,
                    "service " + service.name() + " was ended: "
                            + service.whyNotReady().get(),
                    Launcher.tails(service));
        } else if (ready.isEmpty() || service.hasServed()) {
            runs.online(service);
        } else {
            service.save(service.state());
        }
    }

    /** A process that ended while its start watched it: a job that is done, one that is to run on and on, or a failed start. */
    private void endedAtOnce(Supervised service, boolean fresh) throws IOException {
        Service state = service.state();
        Exit exit = endings.exitOf(service, state.run().orElseThrow());
        RestartPolicy policy = state.spec().restart();
        RestartRule.End end = new RestartRule.End(exit.outcome(), service.uptime(), false, false);
        if (exit.outcome().isClean() && policy.mode() == RestartPolicy.Mode.ALWAYS) {
            runs.follow(service, state, exit, service.uptime());
            return;
        }
        if (exit.outcome().isClean() || RestartRule.decide(policy, end, 0, 0) instanceof RestartRule.Done) {
            Service ended = InventoryReader.ended(state, exit);
            events.publish(EventOf.exited(state, exit, Doer.ITSELF, service.uptime(), List.of()));
            runs.rest(service, ended.withStatus(Status.STOPPED, ended.reason()));
            return;
        }
        throw new ServiceException(
                Reason.START_FAILED,
                "service " + state.name() + " ended right after its start with "
                        + exit.outcome().describe() + portHint(state)
                        + (fresh ? "; it left nothing behind" : "; tsm logs " + state.name() + " has all it wrote"),
                Launcher.tails(service));
    }

    private static String portHint(Service service) {
        OptionalInt port = service.port();
        Optional<String> holder = port.isPresent() ? Owner.heldBy(port.getAsInt()) : Optional.empty();
        return holder.isPresent() ? "; " + holder.get() : "";
    }

    /** Takes a failed start back: its processes, its claim, and its directory if it was new. */
    private void undo(Supervised service, boolean fresh, Exception failed) {
        Service state = service.state();
        service.watching(null);
        try {
            service.dismissWrapper();
            terminator.end(state.run(), service.mark(), service.bornTicks(), Terminator.Manner.KILL);
            endings.endWrapper(service);
            service.clean(true);
            Optional<String> why = Optional.of(String.valueOf(failed.getMessage()));
            Service undone = state.run().isPresent()
                    ? state.ended(endings.exitOf(service, state.run().get()), Status.ERRORED, why)
                    : state.withStatus(Status.ERRORED, why);
            service.show(undone);
            runs.withdrawSocket(service);
            events.publish(EventOf.startFailed(
                    state,
                    Cause.USER,
                    state.run().isPresent() ? undone.lastExit().map(Exit::outcome) : Optional.empty(),
                    why.get(),
                    failed instanceof ServiceException refusal ? refusal.details() : List.of()));
            if (fresh) {
                service.files.delete();
            } else {
                service.saveTruth(undone);
            }
        } catch (IOException second) {
            failed.addSuppressed(second);
        }
        releases.release(state.name());
    }

    // ----------------------------------------------------------------- stop

    /** Stops a service; of one that does not run, what it left behind. */
    Change stop(Supervised service, UnixSignal signal, Duration grace) throws IOException {
        Change change = end(service, signal, grace, Optional.empty());
        if (!change.changed()) {
            return change;
        }
        // The process is gone, whether or not that can be written: its port is free.
        releases.release(service.name());
        try {
            service.saveTruth(service.state());
        } catch (IOException unwritten) {
            // The next round tries again.
            LOG.log(System.Logger.Level.WARNING, unwritten.getMessage());
            String note = change.note().orElse("stopped") + "; not written down yet: " + unwritten.getMessage();
            return Change.of(service.state(), true, Optional.of(note));
        }
        return change;
    }

    /** Ends what runs, and what is to run after a pause; in memory only. */
    private Change end(Supervised service, UnixSignal signal, Duration grace, Optional<String> meant)
            throws IOException {
        boolean paused = service.state().status() == Status.WAITING && !service.isUnfinished();
        boolean waited = adoption.finish(service) || paused;
        if (paused) {
            runs.cancelPause(service);
        }
        if (waited) {
            service.show(service.state().withStatus(Status.STOPPED, Optional.of("stopped")));
        }
        Service before = service.state();
        service.watching(null);
        Change change = endings.end(service, signal, grace, meant);
        Service after = service.state();
        runs.withdrawSocket(service);
        if (before.run().isPresent()) {
            hooks.afterStop(service);
            events.publish(EventOf.stopped(
                    before,
                    Cause.USER,
                    after.lastExit().orElseThrow(),
                    after.reason().orElse("stopped")));
        } else if (waited) {
            events.publish(EventOf.stopped(
                    before,
                    Cause.USER,
                    after.lastExit().orElseGet(InventoryReader::lost),
                    "stopped while it waited to be started again"));
        }
        return waited ? Change.of(service.state(), true, Optional.of("was waiting to be started again")) : change;
    }

    /** {@link #end} as the service itself says. */
    private Change end(Supervised service, Optional<String> meant) throws IOException {
        StopPolicy policy = service.state().spec().stop();
        return end(service, policy.signal(), policy.grace(), meant);
    }

    /** Stops a service and removes all that is known of it. */
    Change delete(Supervised service) throws IOException {
        Change change = end(service, Optional.empty());
        service.files.delete();
        releases.release(service.name());
        events.publish(EventOf.deleted(service.state(), Cause.USER));
        return Change.of(service.state(), true, change.changed() ? change.note() : Optional.empty());
    }

    /** Stops a service if it runs, and starts it with what it was given before, but the variables of now. */
    Change restart(Supervised service, Map<String, String> inherited, Wait wait) throws IOException {
        planner.variables(
                service.state(), inherited); // what its files have against a start is said before it is stopped
        Change stopped = end(service, Optional.of(Endings.TO_START_AGAIN));
        Service state = service.state();
        try {
            reclaim(state);
        } catch (IOException | ServiceException taken) {
            releases.release(state.name());
            service.saveTruth(state);
            throw taken;
        }
        service.show(state.with()
                .status(Status.STARTING, Optional.empty())
                .restarts(state.restarts() + 1, 0)
                .build());
        Service started = start(service, inherited, wait);
        return Change.of(started, true, stopped.changed() ? stopped.note() : Optional.empty());
    }

    /** Claims the port that the service had. @throws ServiceException if somebody else has it now */
    private void reclaim(Service state) throws IOException {
        OptionalInt port = state.port();
        if (port.isEmpty()) {
            return;
        }
        PortLadder ladder = planner.ladder();
        PortRequest request =
                PortRequest.of(state.name(), state.launch().argv()).withFlag(new PortSpec.Exact(port.getAsInt()));
        PortResolution resolution = registry.claim(ladder, request);
        if (resolution.answer() instanceof RungAnswer.Refused refused) {
            throw new ServiceException(Reason.PORT_TAKEN, refused.why());
        }
    }

    /** Changes how a service that runs is supervised: all of its spec that its process does not see. */
    void adjust(Supervised service, ServiceSpec spec) throws IOException {
        Service state = service.state();
        service.saveTruth(state.with()
                .spec(spec)
                .family(new Service.Family(spec.parent(), state.family().children(), spec.commType()))
                .build());
    }

    // -------------------------------------------------------------- signals

    /** Sends a signal to its process. */
    Change signal(Supervised service, UnixSignal signal) throws IOException {
        Service state = service.state();
        if (state.run().isEmpty() || !terminator.signal(state.run().get().process(), signal.name())) {
            throw notRunning(state);
        }
        service.doer(Doer.user(signal, "tsm signal"));
        events.publish(EventOf.signalled(state, Cause.USER, signal));
        return Change.of(state, true, Optional.of("sent " + signal.name()));
    }

    /** Has it read its configuration again. */
    Change reload(Supervised service) throws IOException {
        Service state = service.state();
        Optional<UnixSignal> signal = state.spec().stop().reload();
        if (state.run().isEmpty()) {
            throw notRunning(state);
        }
        if (signal.isPresent()) {
            terminator.signal(state.run().get().process(), signal.get().name());
            service.doer(Doer.user(signal.get(), "tsm reload"));
            return reloaded(state, new Exit.Signalled(signal.get().number()).describe());
        }
        Optional<String> answer = ControlClient.sendToItself(directory, state, "RELOAD", SOCKET_ANSWERS);
        if (answer.isPresent()) {
            return reloaded(state, "RELOAD on its socket, which answered " + answer.get());
        }
        throw new ServiceException(
                Reason.INVALID,
                "service " + state.name() + " has no reload signal and binds no socket for RELOAD; start it with"
                        + " --reload-signal HUP, or send one with tsm signal " + state.name() + " HUP");
    }

    private Change reloaded(Service state, String how) {
        events.publish(EventOf.reloaded(state, Cause.USER, how));
        return Change.of(state, true, Optional.of("told to reload by " + how));
    }

    private static ServiceException notRunning(Service state) {
        return new ServiceException(
                Reason.NOT_RUNNING,
                "service " + state.name() + " does not run (" + state.status().text() + ")");
    }

    /** Writes down what a full disk, for example, did not take before. */
    void saveAgain(Supervised service) {
        if (!service.life.tryLock()) {
            return;
        }
        try {
            if (!runs.isClosed() && !service.isForgotten() && service.isUnsaved()) {
                service.save(service.state());
            }
        } catch (IOException stillNot) {
            LOG.log(System.Logger.Level.DEBUG, stillNot.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    @Override
    public void close() {
        hooks.close();
        runs.close();
        terminator.close();
    }
}
