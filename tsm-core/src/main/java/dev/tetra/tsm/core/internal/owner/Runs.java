package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.core.internal.control.ControlSockets;
import dev.tetra.tsm.core.internal.events.Doer;
import dev.tetra.tsm.core.internal.events.EventOf;
import dev.tetra.tsm.core.internal.events.Events;
import dev.tetra.tsm.core.internal.health.HealthWatch;
import dev.tetra.tsm.core.internal.health.Listener;
import dev.tetra.tsm.core.internal.health.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The processes of services, from a launch to what follows its end: the next one, a pause, or rest. Services are handed in
 * with their life held, but for what is heard of processes.
 */
final class Runs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final Workers workers;
    private final Activity activity;
    private final Events events;
    private final ControlSockets sockets;
    private final HealthWatch health;
    private final HookRunner hooks;
    private final Launcher launcher;
    private final Endings endings;
    private final Releases releases;
    private final ExitWatch watch;
    private volatile boolean closed;

    Runs(
            Workers workers,
            Activity activity,
            Events events,
            ControlSockets sockets,
            HealthWatch health,
            HookRunner hooks,
            Launcher launcher,
            Endings endings,
            Releases releases,
            ExitWatch watch) {
        this.workers = workers;
        this.activity = activity;
        this.events = events;
        this.sockets = sockets;
        this.health = health;
        this.hooks = hooks;
        this.launcher = launcher;
        this.endings = endings;
        this.releases = releases;
        this.watch = watch;
    }

    /** Something that is done with a service's life in hand. */
    interface Work {
        void run() throws IOException;
    }

    /**
     * Takes the service's life and does it, if the service is still supervised here and that holds of its state by then. What
     * fails is logged: nobody waits for it.
     */
    void inLife(Supervised service, Predicate<Service> holds, Work work) {
        service.life.lock();
        try {
            if (!closed && !service.isForgotten() && holds.test(service.state())) {
                work.run();
            }
        } catch (IOException | RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, service.name() + ": " + failed.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    /** Whether nothing more is to be changed. */
    boolean isClosed() {
        return closed;
    }

    /** Whether that run is still the service's own. */
    static Predicate<Service> runs(Service.Run run) {
        return state -> state.run().equals(Optional.of(run));
    }

    // --------------------------------------------------------------- launch

    /** Launches the next process and begins to watch it. The state is in memory only. */
    void launch(Supervised service, Status status) throws IOException {
        service.watching(null);
        Launcher.Launched launched = launcher.launch(service);
        service.show(service.state().withRun(launched.run(), now(), status));
        observe(service, launched.run(), Duration.ZERO);
        ask(service, launched.target());
        if (launched.problem().isPresent()) {
            tell(service, launched.problem().get());
        }
        offerSocket(service);
    }

    /** Begins to watch a process that an earlier owner launched. The state is in memory only. */
    void takeOver(Supervised service, Duration age) throws IOException {
        observe(service, service.state().run().orElseThrow(), age);
        events.publish(EventOf.adopted(service.state(), ProcessHandle.current().pid()));
        offerSocket(service);
    }

    /** Asks whether the process that runs serves. */
    void ask(Supervised service, Target target) throws IOException {
        service.watching(
                health.begin(target, new Health(service, target.service().run().orElseThrow())));
    }

    /** Does what follows when the process is gone. */
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

    /** It serves, or has stayed up. */
    void online(Supervised service) throws IOException {
        Service state = service.state().withStatus(Status.ONLINE, Optional.empty());
        service.save(state);
        events.publish(EventOf.online(state, service.uptime()));
        hooks.afterStart(service);
    }

    /** What stands in the way of its socket keeps no service from running; it is told, and tried again. */
    private void offerSocket(Supervised service) {
        if (!service.isOffered()) {
            service.offered(true);
            sockets.offerSoon(service.name(), problem -> tell(service, problem));
        }
    }

    void withdrawSocket(Supervised service) {
        if (service.isOffered()) {
            service.offered(false);
            sockets.withdraw(service.name());
        }
    }

    private void tell(Supervised service, String problem) {
        LOG.log(System.Logger.Level.WARNING, problem);
        events.publish(EventOf.problem(service.state(), problem));
    }

    // ------------------------------------------------- ends that nobody asked for

    /** Whoever is stopping the service has its life, and does it instead. */
    private void endedByItself(Supervised service, Service.Run run, Duration uptime) {
        inLife(service, runs(run), () -> {
            Service state = service.state();
            Exit exit = endings.exitOf(service, run);
            service.justGone(Optional.of(run.process()));
            follow(service, state, exit, uptime);
            service.justGone(Optional.empty());
        });
    }

    /**
     * Does what follows the end of a process that is gone.
     *
     * @param ran what the service was while the process ran
     */
    void follow(Supervised service, Service ran, Exit exit, Duration uptime) throws IOException {
        service.watching(null);
        Doer doer = service.doer().behind(exit.outcome());
        events.publish(EventOf.exited(ran, exit, doer, uptime, Launcher.tails(service)));
        Service ended = InventoryReader.ended(ran, exit, doer);
        if (service.isCondemned()) {
            ended = ended.withStatus(Status.CRASHED, Optional.of(doer.reason()));
        }
        boolean neverServed =
                ran.status() == Status.STARTING && ran.spec().ready().isPresent();
        RestartRule.Decision decision =
                decide(ended, new RestartRule.End(exit.outcome(), uptime, service.isCondemned(), neverServed));
        // Whoever waits for it sees at once whether it comes again.
        service.show(decision instanceof RestartRule.Again ? ended.withStatus(Status.WAITING, ended.reason()) : ended);
        hooks.afterStop(service);
        carryOut(service, ended, decision);
    }

    private static RestartRule.Decision decide(Service ended, RestartRule.End end) {
        return RestartRule.decide(
                ended.spec().restart(),
                end,
                ended.unstableRestarts(),
                ThreadLocalRandom.current().nextDouble());
    }

    private void carryOut(Supervised service, Service ended, RestartRule.Decision decision) throws IOException {
        if (!(decision instanceof RestartRule.Done)) {
            sweep(service);
        }
        if (decision instanceof RestartRule.Again again && again.pause().isZero()) {
            launchAgain(service, again.unstable());
        } else if (decision instanceof RestartRule.Again again) {
            pause(service, again.pause());
        } else if (decision instanceof RestartRule.GiveUp given) {
            String why = gaveUp(ended, given.unstable());
            events.publish(EventOf.errored(ended, Cause.POLICY, why, List.of()));
            rest(service, ended.withStatus(Status.ERRORED, Optional.of(why)));
        } else {
            boolean done = decision instanceof RestartRule.Done;
            rest(service, done ? ended.withStatus(Status.STOPPED, ended.reason()) : ended);
        }
    }

    private static String gaveUp(Service ended, int unstable) {
        return "not started again after " + unstable + " unstable restarts in a row; last: "
                + ended.reason().orElse("ended");
    }

    /** What is left of a process that failed is ended before the next one. */
    void sweep(Supervised service) {
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
    void rest(Supervised service, Service state) throws IOException {
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
        service.alarm(workers.after(
                pause,
                () -> inLife(service, now -> now.status() == Status.WAITING, () -> {
                    cancelPause(service);
                    launchAgain(service, service.state().unstableRestarts() + 1);
                })));
        service.saveTruth(state.withStatus(
                Status.WAITING,
                Optional.of(state.reason().orElse("ended") + "; start " + (state.unstableRestarts() + 1) + " of "
                        + state.spec().restart().limit() + " follows after "
                        + Endings.about(pause))));
    }

    /** It is not started again after the pause that it is in. */
    void cancelPause(Supervised service) {
        service.alarm(null);
        activity.ended();
    }

    /**
     * Starts a process as the last one was, and counts that.
     *
     * @param unstable how often in a row that is done after a short run, this time included
     */
    void launchAgain(Supervised service, int unstable) throws IOException {
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
        relaunch(service, state, unstable);
    }

    /**
     * Starts a process as the last one was. What keeps it from starting counts as a short run.
     *
     * @param before what it was before
     */
    void relaunch(Supervised service, Service before, int unstable) throws IOException {
        Cause cause = service.isCondemned() ? Cause.PROBE : Cause.POLICY;
        try {
            service.files.prepare();
            launch(service, before.spec().ready().isPresent() ? Status.STARTING : Status.ONLINE);
        } catch (IOException | ServiceException failed) {
            notLaunched(service, before, unstable, failed);
            return;
        }
        events.publish(EventOf.launched(service.state(), cause, List.of()));
        saveQuietly(service);
        if (service.state().status() == Status.ONLINE) {
            hooks.afterStart(service);
        }
        if (service.state().unstableRestarts() > 0) {
            awaitStable(service);
        }
    }

    private void notLaunched(Supervised service, Service before, int unstable, Exception failed) throws IOException {
        String why = String.valueOf(failed.getMessage());
        List<String> wrote = failed instanceof ServiceException refusal ? refusal.details() : List.of();
        Service state = before.with()
                .status(Status.CRASHED, Optional.of(why))
                .restarts(before.restarts(), unstable)
                .build();
        events.publish(EventOf.startFailed(state, Cause.POLICY, Optional.empty(), why, wrote));
        Exit exit = before.lastExit().orElseGet(InventoryReader::lost);
        RestartRule.Decision decision = decide(state, new RestartRule.End(exit.outcome(), Duration.ZERO, true, true));
        service.show(decision instanceof RestartRule.Again ? state.withStatus(Status.WAITING, state.reason()) : state);
        carryOut(service, state, decision);
    }

    /** What is true does not wait for a disk that takes nothing: the next round tries again. */
    private static void saveQuietly(Supervised service) {
        try {
            service.saveTruth(service.state());
        } catch (IOException full) {
            LOG.log(System.Logger.Level.WARNING, full.getMessage());
        }
    }

    /** A process that has served for long enough is no unstable one: the next end begins a new count. */
    private void awaitStable(Supervised service) {
        Service.Run run = service.state().run().orElseThrow();
        service.alarm(workers.after(
                service.state().spec().restart().minUptime(),
                () -> inLife(service, runs(run), () -> {
                    Service state = service.state();
                    if (state.status() == Status.STARTING) {
                        awaitStable(service);
                    } else {
                        service.saveTruth(
                                state.with().restarts(state.restarts(), 0).build());
                    }
                })));
    }

    // --------------------------------------------------------------- health

    /** What is found about one run of a service. */
    private final class Health implements Listener {
        private final Supervised service;
        private final Service.Run run;

        /** What waits to be written of its health; null once it is. */
        private final AtomicReference<Service.@Nullable Health> newest = new AtomicReference<>();

        Health(Supervised service, Service.Run run) {
            this.service = service;
            this.run = run;
        }

        @Override
        public void ready(String how) {
            service.serves();
            inLife(service, runs(run), () -> {
                if (service.state().status() == Status.STARTING) {
                    online(service);
                }
            });
        }

        @Override
        public void neverReady(String why) {
            service.neverServes(why);
            inLife(service, runs(run), () -> endFailed(service, why));
        }

        /** Written aside: a start that waits for readiness has the service's life, and what it waits for comes after this. */
        @Override
        public void health(Service.Health now) {
            if (newest.getAndSet(now) == null) {
                workers.executeUnlessClosed(() -> inLife(service, runs(run), this::write));
            }
        }

        private void write() throws IOException {
            Service.Health now = newest.getAndSet(null);
            if (now != null) {
                service.saveTruth(service.state().with().health(now).build());
                events.publish(EventOf.health(service.state()));
            }
        }

        @Override
        public void failed(String why) {
            // Where it was never ready, a start that waits for that has its life.
            service.neverServes(why);
            inLife(service, runs(run), () -> {
                write();
                endFailed(service, why);
            });
        }

        @Override
        public void said(String status) {
            // It is part of the health that follows.
        }

        @Override
        public void stopping() {
            // Its end follows, and says more.
        }
    }

    /** Ends a process that failed although it runs, and does what follows such an end. */
    private void endFailed(Supervised service, String why) throws IOException {
        Duration uptime = service.uptime();
        Service ran = service.state();
        service.doer(Doer.probe(why));
        service.watching(null);
        follow(service, ran, endings.endRun(service), uptime);
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() {
        closed = true;
        health.close();
        watch.close();
    }
}
