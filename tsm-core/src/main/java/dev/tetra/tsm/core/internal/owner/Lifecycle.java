package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Amounts;
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
import dev.tetra.tsm.core.internal.events.EventOf;
import dev.tetra.tsm.core.internal.events.Events;
import dev.tetra.tsm.core.internal.health.HealthWatch;
import dev.tetra.tsm.core.internal.health.Listener;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the process of a service, from its start to its end and the next one, and the words on disk about it. The
 * caller of a verb holds the service's life; many services are changed at once.
 */
final class Lifecycle implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    /** How long a service may take to answer RELOAD. */
    private static final Duration SOCKET_ANSWERS = Duration.ofSeconds(10);

    /** Shorter than any least length of a healthy run, zero included. */
    private static final Duration NEVER_RAN = Duration.ofNanos(-1);

    private final Planner planner;
    private final PortRegistry registry;
    private final Releases releases;
    private final Activity activity;
    private final Workers workers;
    private final ProcessTable table = ProcessTable.system();
    private final Terminator terminator = new Terminator(table);
    private final Endings endings = new Endings(terminator);
    private final ExitWatch watch;
    private final Events events;
    private final ControlSockets sockets;
    private final HealthWatch health;
    private final RuntimeDirectory directory;
    private final HookRunner hooks;
    private final Launcher launcher;
    private volatile boolean closed;

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
        this.workers = workers;
        this.planner = planner;
        this.registry = registry;
        this.releases = new Releases(registry);
        this.activity = activity;
        this.events = events;
        this.sockets = sockets;
        this.health = health;
        this.directory = directory;
        this.watch = new ExitWatch(table, directory.ended());
        this.hooks = new HookRunner(directory, terminator, workers, events, hookLimit);
        this.launcher = new Launcher(directory, planner, hooks, sockets, health, logs);
    }

    // ---------------------------------------------------------------- start

    /** Starts a service; on failure nothing of this start is left. */
    Service start(Supervised service, Map<String, String> inherited, Wait wait) throws IOException {
        boolean fresh = !Files.exists(service.files.path());
        Service before = service.state();
        finish(service);
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
            launch(service, Status.STARTING);
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
        Map<String, String> now = planner.environment(service.state(), inherited);
        service.variables(now);
        service.show(service.state()
                .with()
                .variables(planner.fingerprints(service.state(), inherited))
                .build());
        return before.isEmpty()
                ? List.of()
                : Fingerprints.difference(before, now).lines();
    }

    /** Launches its process and begins to watch it. The state is in memory only. */
    private void launch(Supervised service, Status status) throws IOException {
        service.watching(null);
        try (Launcher.Begun begun = launcher.begin(service)) {
            launch(service, status, begun);
        }
    }

    private void launch(Supervised service, Status status, Launcher.Begun begun) throws IOException {
        Launcher.Launched launched = launcher.go(service, begun);
        service.show(service.state().withRun(launched.run(), now(), status));
        observe(service, launched.run(), Duration.ZERO);
        service.watching(health.begin(launched.target(), new Health(service, launched.run())));
        if (launched.problem().isPresent()) {
            tell(service, launched.problem().get());
        }
        offerSocket(service);
    }

    /** What stands in the way of its socket keeps no service from running; it is told, and tried again. */
    private void offerSocket(Supervised service) {
        String name = service.name();
        if (service.isOffered()) {
            return;
        }
        service.offered(true);
        sockets.offerSoon(name, problem -> tell(service, problem));
    }

    private void tell(Supervised service, String problem) {
        LOG.log(System.Logger.Level.WARNING, problem);
        events.publish(EventOf.problem(service.state(), problem));
    }

    private void withdrawSocket(Supervised service) {
        if (service.isOffered()) {
            service.offered(false);
            sockets.withdraw(service.name());
        }
    }

    /** Calls {@link #endedByItself} when the process is gone. */
    private void observe(Supervised service, Service.Run run, Duration since) {
        activity.started();
        CompletableFuture<Void> end =
                watch.watch(service.name(), run, () -> service.files.exit().isPresent(), service.wrapper());
        service.running(run, end, since);
        long launched = System.nanoTime() - since.toNanos();
        // When it ended, and not when somebody had the time to care: else short runs would be long ones where many fall
        // at once.
        end.thenApply(nothing -> Duration.ofNanos(Math.max(0, System.nanoTime() - launched)))
                .whenCompleteAsync(
                        (uptime, failure) -> {
                            try {
                                endedByItself(service, run, failure == null ? uptime : service.uptime());
                            } finally {
                                activity.ended();
                            }
                        },
                        workers)
                .exceptionally(failure -> {
                    if (!closed) {
                        LOG.log(System.Logger.Level.WARNING, "the end of " + run + " is not recorded", failure);
                    }
                    return null;
                });
    }

    /** Waits for an end that should not come, or for readiness where that was asked; then the service is online. */
    private void await(Supervised service, Wait wait, boolean fresh) throws IOException {
        Optional<Readiness> ready = service.state().spec().ready();
        Supervised.Event event = Supervised.Event.TIMEOUT;
        if (wait.untilReady() && ready.isPresent()) {
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
            online(service, service.state().withStatus(Status.ONLINE, Optional.empty()));
        } else {
            service.save(service.state());
        }
    }

    private void online(Supervised service, Service state) throws IOException {
        service.save(state);
        events.publish(EventOf.online(state, service.uptime()));
        hooks.afterStart(service);
    }

    /** A process that ended while its start watched it: a job that is done, or a failed start. */
    private void endedAtOnce(Supervised service, boolean fresh) throws IOException {
        Service state = service.state();
        Exit exit = endings.exitOf(service, state.run().orElseThrow());
        RestartPolicy policy = state.spec().restart();
        RestartRule.End end = new RestartRule.End(exit.outcome(), service.uptime(), false);
        if (exit.outcome().isClean() || RestartRule.decide(policy, end, 0, 0) instanceof RestartRule.Done) {
            Service ended = InventoryReader.ended(state, exit);
            events.publish(EventOf.exited(state, exit, service.uptime(), List.of()));
            rest(service, ended.withStatus(Status.STOPPED, ended.reason()));
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
            withdrawSocket(service);
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

    /** What gives back ports. */
    Releases releases() {
        return releases;
    }

    // ----------------------------------------------------------------- stop

    /** Stops a service; of one that does not run, what it left behind. */
    Change stop(Supervised service, UnixSignal signal, Duration grace) throws IOException {
        Change change = end(service, signal, grace);
        if (change.changed()) {
            // The process is gone, whether or not that can be written: its port is free.
            releases.release(service.name());
            service.saveTruth(service.state());
        }
        return change;
    }

    /** Ends what runs, and what is to run after a pause; in memory only. */
    private Change end(Supervised service, UnixSignal signal, Duration grace) throws IOException {
        boolean paused = service.state().status() == Status.WAITING && !service.isUnfinished();
        boolean waited = finish(service) || paused;
        if (paused) {
            cancelPause(service);
        }
        if (waited) {
            service.show(service.state().withStatus(Status.STOPPED, Optional.of("stopped")));
        }
        Service before = service.state();
        service.watching(null);
        Change change = endings.end(service, signal, grace);
        Service after = service.state();
        withdrawSocket(service);
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
    private Change end(Supervised service) throws IOException {
        StopPolicy policy = service.state().spec().stop();
        return end(service, policy.signal(), policy.grace());
    }

    /** Stops a service and removes all that is known of it. */
    Change delete(Supervised service) throws IOException {
        Change change = end(service);
        service.files.delete();
        releases.release(service.name());
        events.publish(EventOf.deleted(service.state(), Cause.USER));
        return Change.of(service.state(), true, change.changed() ? change.note() : Optional.empty());
    }

    /** Stops a service if it runs, and starts it with what it was given before, but the variables of now. */
    Change restart(Supervised service, Map<String, String> inherited, Wait wait) throws IOException {
        planner.environment(
                service.state(), inherited); // what its files have against a start is said before it is stopped
        Change stopped = end(service);
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

    // ------------------------------------------------- ends that nobody asked for

    /** Whoever is stopping the service has its life, and does it instead. */
    private void endedByItself(Supervised service, Service.Run run, Duration uptime) {
        service.life.lock();
        try {
            Service state = service.state();
            if (closed || service.isForgotten() || !state.run().equals(Optional.of(run))) {
                return;
            }
            afterEnd(service, state, endings.exitOf(service, run), uptime);
        } catch (IOException | RuntimeException unwritten) {
            LOG.log(System.Logger.Level.WARNING, service.name() + " has ended: " + unwritten.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    /**
     * Decides what follows the end of a process that is gone.
     *
     * @param state what the service was while the process ran
     */
    private void afterEnd(Supervised service, Service state, Exit exit, Duration uptime) throws IOException {
        service.watching(null);
        boolean failed = service.condemned().isPresent();
        RestartRule.Decision decision = RestartRule.decide(
                state.spec().restart(),
                new RestartRule.End(exit.outcome(), uptime, failed),
                state.unstableRestarts(),
                ThreadLocalRandom.current().nextDouble());
        if (decision instanceof RestartRule.Again again && again.pause().isZero() && launcher.hasNoHooks(service)) {
            // The wrapper of the next process comes up while the rest of the last one is looked after.
            try (Launcher.Begun begun = beginQuietly(service)) {
                afterEnd(service, state, exit, uptime, decision, Optional.ofNullable(begun));
            }
        } else {
            afterEnd(service, state, exit, uptime, decision, Optional.empty());
        }
    }

    private Launcher.@Nullable Begun beginQuietly(Supervised service) {
        try {
            return launcher.begin(service);
        } catch (IOException | RuntimeException saidLater) {
            return null;
        }
    }

    private void afterEnd(
            Supervised service,
            Service state,
            Exit exit,
            Duration uptime,
            RestartRule.Decision decision,
            Optional<Launcher.Begun> begun)
            throws IOException {
        boolean failed = service.condemned().isPresent();
        Service ended = InventoryReader.ended(state, exit);
        events.publish(EventOf.exited(state, exit, uptime, Launcher.tails(service)));
        if (failed) {
            ended = ended.withStatus(Status.CRASHED, service.condemned());
        }
        // Whoever waits for it sees at once whether it comes again.
        service.show(decision instanceof RestartRule.Again ? ended.withStatus(Status.WAITING, ended.reason()) : ended);
        hooks.afterStop(service);
        if (!(decision instanceof RestartRule.Done)) {
            sweepQuietly(service);
        }
        if (decision instanceof RestartRule.Again again && again.pause().isZero()) {
            launchAgain(service, again.unstable(), begun);
        } else if (decision instanceof RestartRule.Again again) {
            pause(service, again.pause());
        } else if (decision instanceof RestartRule.GiveUp given) {
            String why = gaveUp(ended, given.unstable());
            events.publish(EventOf.errored(state, Cause.POLICY, why, List.of()));
            rest(service, ended.withStatus(Status.ERRORED, Optional.of(why)));
        } else {
            boolean done = decision instanceof RestartRule.Done;
            rest(service, done ? ended.withStatus(Status.STOPPED, ended.reason()) : ended);
        }
    }

    private static String gaveUp(Service ended, int unstable) {
        return "not started again after " + unstable + " short runs in a row; the last one "
                + ended.reason().orElse("ended");
    }

    /** What is left of a process that failed is ended before the next one. */
    private void sweepQuietly(Supervised service) {
        try {
            int swept = endings.sweep(service);
            if (swept > 0) {
                events.publish(EventOf.swept(service.state(), Cause.POLICY, swept));
            }
        } catch (IOException | ServiceException stuck) {
            LOG.log(System.Logger.Level.WARNING, service.name() + ": " + stuck.getMessage());
        }
    }

    /** It does not run, and will not by itself. */
    private void rest(Supervised service, Service state) throws IOException {
        service.dismissWrapper();
        service.show(state);
        withdrawSocket(service);
        releases.release(state.name());
        if (Files.exists(service.files.path())) {
            service.saveTruth(state);
        }
    }

    private void pause(Supervised service, Duration pause) throws IOException {
        Service state = service.state();
        events.publish(EventOf.waiting(state, pause));
        activity.started();
        service.alarm(workers.after(pause, () -> pauseIsOver(service)));
        service.saveTruth(state.withStatus(
                Status.WAITING,
                Optional.of(state.reason().orElse("ended") + "; start " + (state.unstableRestarts() + 1) + " of "
                        + state.spec().restart().limit() + " follows after "
                        + Endings.about(pause))));
    }

    private void cancelPause(Supervised service) {
        service.alarm(null);
        activity.ended();
    }

    private void pauseIsOver(Supervised service) {
        service.life.lock();
        try {
            if (!closed && !service.isForgotten() && service.state().status() == Status.WAITING) {
                cancelPause(service);
                launchAgain(service, service.state().unstableRestarts() + 1, Optional.empty());
            }
        } catch (IOException | RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, service.name() + " is not started again: " + failed.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    /**
     * Starts a process as the last one was, and counts that.
     *
     * @param unstable how often in a row that is done after a short run, this time included
     * @param begun what was begun of it already
     */
    private void launchAgain(Supervised service, int unstable, Optional<Launcher.Begun> begun) throws IOException {
        Service state = service.state();
        service.show(state.with()
                .status(Status.STARTING, Optional.empty())
                .restarts(state.restarts() + 1, unstable)
                .build());
        try {
            // How the last one ended is known from here on by meta.json alone.
            service.files.writeUnsynced(service.state());
        } catch (IOException full) {
            LOG.log(System.Logger.Level.DEBUG, full.getMessage());
        }
        relaunch(service, state, unstable, begun);
    }

    /**
     * Starts a process as the last one was. What keeps it from starting counts as a short run.
     *
     * @param state what it was before
     */
    private void relaunch(Supervised service, Service state, int unstable, Optional<Launcher.Begun> begun)
            throws IOException {
        Cause cause = service.condemned().isPresent() ? Cause.PROBE : Cause.POLICY;
        try {
            service.files.prepare();
            Status status = state.spec().ready().isPresent() ? Status.STARTING : Status.ONLINE;
            if (begun.isPresent()) {
                launch(service, status, begun.get());
            } else {
                launch(service, status);
            }
        } catch (IOException | ServiceException failed) {
            service.show(state.with()
                    .status(Status.CRASHED, Optional.of(String.valueOf(failed.getMessage())))
                    .restarts(state.restarts(), unstable)
                    .build());
            service.condemn(String.valueOf(failed.getMessage()));
            Exit exit = state.lastExit().orElseGet(InventoryReader::lost);
            afterEnd(service, service.state(), exit, NEVER_RAN);
            return;
        }
        events.publish(EventOf.launched(service.state(), cause, List.of()));
        saveQuietly(service);
        if (service.state().status() == Status.ONLINE) {
            hooks.afterStart(service);
        }
        if (service.state().unstableRestarts() > 0) {
            Service.Run run = service.state().run().orElseThrow();
            service.alarm(workers.after(service.state().spec().restart().minUptime(), () -> isStable(service, run)));
        }
    }

    /** What is true does not wait for a disk that takes nothing: the next round tries again. */
    private static void saveQuietly(Supervised service) {
        try {
            service.saveTruth(service.state());
        } catch (IOException full) {
            LOG.log(System.Logger.Level.WARNING, full.getMessage());
        }
    }

    /** A process that has run for long enough is no unstable one: the next end begins a new count. */
    private void isStable(Supervised service, Service.Run run) {
        service.life.lock();
        try {
            Service state = service.state();
            if (!closed && !service.isForgotten() && state.run().equals(Optional.of(run))) {
                service.saveTruth(state.with().restarts(state.restarts(), 0).build());
            }
        } catch (IOException unwritten) {
            LOG.log(System.Logger.Level.WARNING, unwritten.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    // --------------------------------------------------------------- health

    /** What is found about one run of a service. */
    private final class Health implements Listener {
        private final Supervised service;
        private final Service.Run run;

        Health(Supervised service, Service.Run run) {
            this.service = service;
            this.run = run;
        }

        @Override
        public void ready(String how) {
            service.serves();
            change(() -> {
                if (service.state().status() == Status.STARTING) {
                    online(service, service.state().withStatus(Status.ONLINE, Optional.empty()));
                }
            });
        }

        @Override
        public void neverReady(String why) {
            service.neverServes(why);
            change(() -> endFailed(service, why, Duration.ZERO));
        }

        @Override
        public void health(Service.Health now) {
            change(() -> {
                service.saveTruth(service.state().with().health(now).build());
                events.publish(EventOf.health(service.state()));
            });
        }

        @Override
        public void failed(String why) {
            change(() -> endFailed(service, why, service.uptime()));
        }

        @Override
        public void said(String status) {
            // It is part of the health that follows.
        }

        @Override
        public void stopping() {
            // Its end follows, and says more.
        }

        /** Changes the service if that run is still its own. */
        private void change(Work work) {
            service.life.lock();
            try {
                if (!closed && !service.isForgotten() && service.state().run().equals(Optional.of(run))) {
                    work.run();
                }
            } catch (IOException | RuntimeException failed) {
                LOG.log(System.Logger.Level.WARNING, service.name() + ": " + failed.getMessage());
            } finally {
                service.life.unlock();
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Ends a process that failed although it runs, and does what follows such an end. */
    private void endFailed(Supervised service, String why, Duration uptime) throws IOException {
        Service.Run run = service.state().run().orElseThrow();
        service.condemn(why);
        service.watching(null);
        StopPolicy policy = service.state().spec().stop();
        endings.end(service, policy.signal(), policy.grace());
        Exit exit = service.state().lastExit().orElseGet(InventoryReader::lost);
        Service ran = service.state().withRun(run, service.state().startTime().orElse(now()), Status.ONLINE);
        afterEnd(service, ran, exit, uptime);
    }

    // ------------------------------------------------------------- adoption

    /**
     * Takes over a service that an earlier owner left: watches it if it runs, writes down how it ended if not, and does what
     * the restart policy says of that. What cannot be written is logged: no service's files keep the others from being
     * supervised.
     *
     * @param inherited the variables for the next process of a service whose last one is gone, with all it was given
     * @return whether it keeps its port: it runs, or what follows its end is still to be decided
     */
    boolean adopt(Supervised service, Map<String, String> inherited) {
        boolean active = true;
        // It may end at any moment.
        service.life.lock();
        try {
            service.files.removeTemporary();
            Service state = service.state();
            Service written = service.files.readService();
            if (state.status().isRunning()) {
                adoptRunning(service, inherited);
                return true;
            }
            sockets.withdraw(service.name());
            if (written.status().isRunning() || written.status() == Status.WAITING) {
                adoptLater(service, written, inherited);
            } else {
                active = false;
            }
        } catch (IOException | RuntimeException unwritten) {
            LOG.log(System.Logger.Level.WARNING, service.name() + " is taken over: " + unwritten.getMessage());
        } finally {
            service.life.unlock();
        }
        return active;
    }

    private void adoptRunning(Supervised service, Map<String, String> inherited) throws IOException {
        Service state = service.state();
        if (state.run().isEmpty()) {
            // Its hook or its wrapper may still be on the way.
            terminator.end(Optional.empty(), service.mark(), 0, Terminator.Manner.KILL);
            if (state.restarts() > 0) {
                // It ran before: what its owner was about to do is done now.
                adoptLater(service, state, inherited);
                return;
            }
            rest(service, state.withStatus(Status.ERRORED, Optional.of("its owner ended while it was being started")));
            return;
        }
        Service.Run run = withWrapper(state.run().get(), state.token());
        service.variables(Wrappers.variablesOf(run));
        boolean unready =
                state.status() == Status.STARTING && state.spec().ready().isPresent();
        service.show(state.withRun(run, state.startTime().orElse(now()), unready ? Status.STARTING : Status.ONLINE));
        observe(service, run, table.age(run.process()));
        events.publish(EventOf.adopted(service.state(), ProcessHandle.current().pid()));
        offerSocket(service);
        service.saveTruth(service.state());
        service.watching(health.begin(launcher.adopted(service), new Health(service, run)));
    }

    /** Finds the wrapper again, as the parent of the process, where an owner ended before it wrote it down. */
    private Service.Run withWrapper(Service.Run run, String token) {
        ProcessTable.Entry entry =
                run.wrapper().isPresent() ? null : table.entry(run.process().pid());
        // An orphan's parent is some reaper, which has not our token.
        if (entry == null || !table.hasToken(entry.parent(), token)) {
            return run;
        }
        return new Service.Run(run.process(), table.identify(entry.parent()));
    }

    /** Has a worker do what follows an end that nobody watched, unless somebody wants something else first. */
    private void adoptLater(Supervised service, Service written, Map<String, String> inherited) {
        activity.started();
        service.unfinished(true);
        workers.execute(() -> adoptEnded(service, written, inherited));
    }

    /** Whatever was to follow an end that nobody watched is now this. @return whether anything was */
    private boolean finish(Supervised service) {
        boolean unfinished = service.isUnfinished();
        if (unfinished) {
            service.unfinished(false);
            activity.ended();
        }
        return unfinished;
    }

    /** What follows an end that nobody watched. */
    private void adoptEnded(Supervised service, Service written, Map<String, String> inherited) {
        service.life.lock();
        try {
            if (closed || service.isForgotten() || !finish(service)) {
                return;
            }
            if (written.status() == Status.STOPPING) {
                rest(service, service.state());
                return;
            }
            if (isOfAnotherBoot(written)) {
                // What is to come back with the machine is enabled; nothing else comes by surprise.
                String why = "the machine went down; tsm start " + written.name() + " starts it, tsm enable "
                        + written.name() + " at each boot";
                rest(service, service.state().withStatus(Status.CRASHED, Optional.of(why)));
                return;
            }
            service.variables(planner.environment(service.state(), inherited));
            if (service.state().status() == Status.STARTING) {
                relaunch(service, written, written.unstableRestarts(), Optional.empty());
                return;
            }
            if (written.status() == Status.WAITING) {
                sweepQuietly(service);
                launchAgain(service, service.state().unstableRestarts() + 1, Optional.empty());
                return;
            }
            Exit exit = service.state().lastExit().orElseGet(InventoryReader::lost);
            Instant begin = written.startTime().orElse(exit.time());
            Duration uptime = Duration.between(begin, exit.time());
            afterEnd(service, written, exit, plausible(uptime));
        } catch (IOException | RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, service.name() + " is taken over: " + failed.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    /** A length of time by a clock that may have jumped. */
    private static Duration plausible(Duration uptime) {
        if (uptime.isNegative()) {
            return Duration.ZERO;
        }
        return uptime.compareTo(Amounts.LONGEST) > 0 ? Amounts.LONGEST : uptime;
    }

    /** Writes down what a full disk, for example, did not take before. */
    void saveAgain(Supervised service) {
        if (!service.life.tryLock()) {
            return;
        }
        try {
            if (!closed && !service.isForgotten() && service.isUnsaved()) {
                service.save(service.state());
            }
        } catch (IOException stillNot) {
            LOG.log(System.Logger.Level.DEBUG, stillNot.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    private boolean isOfAnotherBoot(Service written) {
        Optional<Service.Run> run = written.run();
        return run.isPresent() && !run.get().process().bootId().equals(table.bootId());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() {
        closed = true;
        health.close();
        watch.close();
        terminator.close();
    }
}
