package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.core.internal.LogTail;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.ports.PortLadder;
import dev.tetra.tsm.ports.PortRegistry;
import dev.tetra.tsm.ports.PortRequest;
import dev.tetra.tsm.ports.PortResolution;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.RungAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What happens to the process of a service: launch, end, and the words on disk about it. Each method takes the service's own
 * lock; many services are changed at once.
 */
final class Lifecycle implements AutoCloseable {
    /** How long the exit of a process that is gone may take to be written down by its wrapper. */
    private static final Duration EXIT_IS_WRITTEN = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final RuntimeDirectory directory;
    private final Planner planner;
    private final PortRegistry registry;
    private final Activity activity;
    private final Executor workers;
    private final Wrapper wrapper;
    private final Duration hookLimit;
    private final ProcessTable table = ProcessTable.system();
    private final Terminator terminator = new Terminator(table);
    private final ExitWatch watch = new ExitWatch(table);
    private volatile boolean closed;

    /** @param hookLimit how long a pre-hook may take */
    Lifecycle(
            RuntimeDirectory directory,
            Planner planner,
            PortRegistry registry,
            Activity activity,
            Executor workers,
            Duration hookLimit)
            throws IOException {
        this.workers = workers;
        this.directory = directory;
        this.planner = planner;
        this.registry = registry;
        this.activity = activity;
        this.hookLimit = hookLimit;
        this.wrapper = Wrapper.install(directory.runtime());
    }

    /**
     * Takes over a service that an earlier owner left: watches it if it runs, and writes down how it ended if not. What
     * cannot be written is logged: no service's files keep the others from being supervised.
     */
    void adopt(Supervised service) {
        Service state = service.state();
        try {
            service.files.removeTemporary();
            if (!state.status().isRunning()) {
                if (service.files.readService().status().isRunning()) {
                    service.save(state);
                }
            } else if (state.run().isEmpty()) {
                // Its hook or its wrapper may still be on the way.
                terminator.end(Optional.empty(), state.token(), 0, Terminator.Manner.KILL);
                record(
                        service,
                        state.ended(
                                InventoryReader.lost(),
                                Status.ERRORED,
                                Optional.of("its owner ended while it was being started")));
            } else {
                Service.Run run = withWrapper(state.run().get(), state.token());
                service.show(state.withRun(run, state.startTime().orElse(now()), Status.ONLINE));
                observe(service, run, Optional.empty());
                service.save(service.state());
            }
        } catch (IOException unwritten) {
            LOG.log(System.Logger.Level.WARNING, state.name() + " is taken over: " + unwritten.getMessage());
        }
    }

    /** Keeps what is true now, whether or not it can be written. */
    private static void record(Supervised service, Service truth) throws IOException {
        service.show(truth);
        service.save(truth);
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

    /** Starts a service whose life the caller holds; on failure nothing of this start is left. */
    Service start(Supervised service, Map<String, String> inherited, Duration settle) throws IOException {
        boolean fresh = !Files.exists(service.files.path());
        Service before = service.state();
        try {
            service.files.prepare();
            if (fresh) {
                service.files.writeFirst(before);
            } else {
                service.save(before);
            }
            Service running = launchPrepared(service, inherited, fresh);
            awaitSettled(service, running, settle, fresh);
            return service.state();
        } catch (IOException | RuntimeException failed) {
            undo(service, fresh, failed);
            throw failed;
        }
    }

    private Service launchPrepared(Supervised service, Map<String, String> inherited, boolean fresh)
            throws IOException {
        Service entered = service.state();
        Map<String, String> variables = planner.environment(entered, inherited);
        Path cwd = entered.spec().cwd();
        service.clean(false);
        if (entered.spec().hooks().preStart().isPresent()) {
            PreHook hook = PreHook.parse(entered.spec().hooks().preStart().get(), cwd, directory.hooks());
            variables = hook.run(cwd, variables, service.files.wrapperErr(), hookLimit);
            planner.identify(entered, variables);
        }
        long out = Files.size(service.files.out());
        long err = Files.size(service.files.err());
        service.logged(out, err);
        Wrapper.Launched launched;
        try {
            launched = wrapper.launch(service.files, entered.launch().argv(), cwd, variables);
        } catch (Wrapper.LaunchFailed failed) {
            throw new ServiceException(
                    Reason.START_FAILED,
                    "service " + entered.name() + " could not be launched: " + failed.getMessage(),
                    tails(service));
        }
        if (fresh && entered.spec().hooks().preStart().isEmpty()) {
            service.born(launched.run().process().startTicks());
        }
        Service running = entered.withRun(launched.run(), now(), Status.STARTING);
        service.show(running);
        observe(service, launched.run(), Optional.of(launched.wrapper()));
        return running;
    }

    private void observe(Supervised service, Service.Run run, Optional<Process> ours) {
        activity.started();
        CompletableFuture<Void> end = watch.watch(run, ours);
        service.running(end);
        end.whenCompleteAsync(
                        (nothing, failure) -> {
                            try {
                                endedByItself(service, run);
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

    /** Waits for the end of a process that should not end; if it does not come, the service is online. */
    private void awaitSettled(Supervised service, Service running, Duration settle, boolean fresh) throws IOException {
        if (!settle.isZero() && awaitEnd(service, settle)) {
            Exit exit = exitOf(service, running.run().orElseThrow());
            if (exit.outcome().isClean()) {
                // A job that is done is no failure.
                service.save(InventoryReader.ended(running, exit));
                registry.release(running.name());
                return;
            }
            throw new ServiceException(
                    Reason.START_FAILED,
                    "service " + running.name() + " ended right after its start with "
                            + exit.outcome().describe() + portHint(running)
                            + (fresh
                                    ? "; it left nothing behind"
                                    : "; tsm logs " + running.name() + " has all it wrote"),
                    tails(service));
        }
        service.save(running.withStatus(Status.ONLINE, Optional.empty()));
    }

    private static String portHint(Service service) {
        OptionalInt port = service.port();
        Optional<String> holder = port.isPresent() ? Owner.heldBy(port.getAsInt()) : Optional.empty();
        return holder.isPresent() ? "; " + holder.get() : "";
    }

    private static List<String> tails(Supervised service) {
        List<String> lines = new ArrayList<>(LogTail.since(service.files.wrapperErr(), 0, "wrapper.err"));
        lines.addAll(LogTail.since(service.files.out(), service.loggedOut(), "current.out"));
        lines.addAll(LogTail.since(service.files.err(), service.loggedErr(), "current.err"));
        return lines;
    }

    /** Takes a failed start back: its processes, its claim, and its directory if it was new. */
    private void undo(Supervised service, boolean fresh, Exception failed) {
        Service state = service.state();
        try {
            terminator.end(state.run(), state.token(), service.bornTicks(), Terminator.Manner.KILL);
            Optional<String> why = Optional.of(String.valueOf(failed.getMessage()));
            Service undone = state.run().isPresent()
                    ? state.ended(exitOf(service, state.run().get()), Status.ERRORED, why)
                    : state.withStatus(Status.ERRORED, why);
            service.show(undone);
            if (fresh) {
                service.files.delete();
            } else {
                service.save(undone);
            }
        } catch (IOException second) {
            failed.addSuppressed(second);
        }
        releaseQuietly(state.name(), failed);
    }

    private void releaseQuietly(String name, Exception failed) {
        try {
            registry.release(name);
        } catch (IOException second) {
            failed.addSuppressed(second);
        }
    }

    /** Stops a service; of one that does not run, what it left behind. The caller holds its life. */
    Change stop(Supervised service, String signal, Duration grace) throws IOException {
        Change change = end(service, signal, grace);
        if (change.changed()) {
            // The process is gone, whether or not that can be written: its port is free.
            registry.release(service.state().name());
            service.save(service.state());
        }
        return change;
    }

    /** Ends what runs of a service. What is known of it afterwards is in memory only: the caller writes it down. */
    private Change end(Supervised service, String signal, Duration grace) throws IOException {
        Service state = service.state();
        long begin = System.nanoTime();
        Terminator.Manner manner =
                new Terminator.Manner(signal, grace, service::isHurried, () -> saveQuietly(service, service.state()));
        if (state.run().isEmpty()) {
            return sweep(service, manner);
        }
        service.show(state.withStatus(Status.STOPPING, Optional.empty()));
        Terminator.Ending ending;
        try {
            ending = terminator.end(state.run(), state.token(), service.bornTicks(), manner);
            checkGone(state, ending);
        } catch (IOException | RuntimeException failed) {
            service.show(state);
            throw failed;
        }
        service.clean(true);
        Exit exit = exitOf(service, state.run().get());
        boolean patient = ending.killed() && !service.isHurried();
        Optional<String> why = Optional.of(
                patient
                        ? "killed: it did not end within " + seconds(grace)
                        : ending.killed() || signal.equals("KILL") ? "killed" : "stopped");
        service.show(state.ended(exit, Status.STOPPED, why));
        StringBuilder note = new StringBuilder(exit.outcome().describe());
        if (ending.killed()) {
            Duration waited = patient ? grace : Duration.ofNanos(System.nanoTime() - begin);
            note.append(", killed after ").append(seconds(waited));
        }
        if (ending.swept() > 0) {
            note.append(", ").append(ending.swept()).append(" of its processes outside its group ended too");
        }
        return Change.of(service.state(), true, Optional.of(note.toString()));
    }

    /** Ends what a service that has ended by itself left behind, such as a daemon. */
    private Change sweep(Supervised service, Terminator.Manner manner) throws IOException {
        Service state = service.state();
        if (service.isClean()) {
            return Change.of(state, false, Optional.of("was not running"));
        }
        Terminator.Ending ending = terminator.end(Optional.empty(), state.token(), service.bornTicks(), manner);
        checkGone(state, ending);
        service.clean(true);
        String note = "was not running";
        if (ending.found() > 0) {
            note = note + ", but " + ending.found() + (ending.found() == 1 ? " process" : " processes")
                    + " that it left behind ended";
        }
        return Change.of(state, ending.found() > 0, Optional.of(note));
    }

    private static void checkGone(Service state, Terminator.Ending ending) {
        if (!ending.left().isEmpty()) {
            throw new ServiceException(
                    Reason.STOP_FAILED,
                    "service " + state.name() + " is still there after KILL: process " + ending.left()
                            + " is stuck in the kernel; try again later");
        }
    }

    /** A stop goes on even where the disk is full: what counts is written at its end. */
    private static void saveQuietly(Supervised service, Service state) {
        try {
            service.save(state);
        } catch (IOException full) {
            LOG.log(System.Logger.Level.WARNING, full.getMessage());
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** Stops a service, whose life the caller holds, and removes all that is known of it. */
    Change delete(Supervised service) throws IOException {
        Change change = end(service, "TERM", ServiceManager.DEFAULT_GRACE);
        service.files.delete();
        registry.release(service.state().name());
        return Change.of(service.state(), true, change.changed() ? change.note() : Optional.empty());
    }

    /**
     * Stops a service, whose life the caller holds, if it runs, and starts it with what it was given before, but the
     * variables of now.
     */
    Change restart(Supervised service, Map<String, String> inherited, Duration settle) throws IOException {
        Change stopped = end(service, "TERM", ServiceManager.DEFAULT_GRACE);
        Service state = service.state();
        try {
            reclaim(state);
        } catch (IOException | ServiceException taken) {
            releaseQuietly(state.name(), taken);
            service.save(state);
            throw taken;
        }
        service.show(state.with()
                .status(Status.STARTING, Optional.empty())
                .restarts(state.restarts() + 1, 0)
                .build());
        Service started = start(service, inherited, settle);
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

    /** Writes down an end that nobody asked for. Whoever is stopping the service has its lock and does it instead. */
    private void endedByItself(Supervised service, Service.Run run) {
        service.life.lock();
        try {
            Service state = service.state();
            if (closed || state.run().isEmpty() || !state.run().get().equals(run)) {
                return;
            }
            service.show(InventoryReader.ended(state, exitOf(service, run)));
            registry.release(state.name());
            if (Files.exists(service.files.path())) {
                service.save(service.state());
            }
        } catch (IOException unwritten) {
            LOG.log(System.Logger.Level.WARNING, service.state().name() + " has ended: " + unwritten.getMessage());
        } finally {
            service.life.unlock();
        }
    }

    /** How a process that is gone ended: what its wrapper wrote, once it has. */
    private Exit exitOf(Supervised service, Service.Run run) throws IOException {
        if (!awaitEnd(service, EXIT_IS_WRITTEN) && run.wrapper().isPresent()) {
            // It would write into the files of the next run.
            terminator.endWrapper(run.wrapper().get());
        }
        return service.files.exit().orElseGet(InventoryReader::lost);
    }

    private static boolean awaitEnd(Supervised service, Duration limit) {
        try {
            service.ended().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        terminator.close();
    }
}
