package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceLogs;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StartPlan;
import dev.tetra.tsm.core.internal.ServiceNames;
import dev.tetra.tsm.core.internal.events.Events;
import dev.tetra.tsm.core.internal.metrics.Metrics;
import dev.tetra.tsm.core.internal.metrics.OwnerFacts;
import dev.tetra.tsm.ports.PortHolder;
import dev.tetra.tsm.ports.PortProbe;
import dev.tetra.tsm.ports.PortRegistry;
import dev.tetra.tsm.ports.PortResolution;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.RungAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The one who supervises a runtime directory. What a service is called and which port it gets is decided here, one decision
 * at a time; what happens to its process is {@link Lifecycle}'s, many services at once.
 */
public final class Owner implements ServiceManager {
    /** No settling time and no grace period is longer. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final RuntimeDirectory directory;
    private final OwnerLock lock;
    private final PortRegistry registry;
    private final Planner planner;
    private final Roster roster;
    private final Lifecycle lifecycle;
    private final Activity activity = new Activity();
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "tsm-worker");
        thread.setDaemon(true);
        return thread;
    });
    private final Events events;
    private final ManagerServer server;
    private volatile boolean closed;

    /** How many workers do what was asked for in this JVM; guarded by this. */
    private int working;

    private Owner(RuntimeDirectory directory, OwnerLock lock, Duration hookLimit) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.registry = PortRegistry.open(directory.ports(), PortProbe.system());
        this.planner = new Planner(directory);
        this.roster = new Roster(directory);
        this.events = Events.open(directory.eventLog());
        this.lifecycle = new Lifecycle(directory, planner, registry, activity, workers, hookLimit);
        try {
            for (Supervised service : roster.load()) {
                lifecycle.adopt(service);
            }
            dropStaleClaims();
            this.server = new ManagerServer(directory, new Requests(this), workers, activity);
        } catch (IOException | RuntimeException failed) {
            lifecycle.close();
            workers.shutdown();
            throw failed;
        }
    }

    /** Gives back the ports of services that are no more. Those that cannot be read may well run, and keep theirs. */
    private void dropStaleClaims() {
        try {
            Set<String> keep = roster.runningNames();
            for (Inventory.Unreadable broken : directory.read().unreadable()) {
                keep.add(broken.name());
            }
            registry.retain(keep);
        } catch (IOException unwritten) {
            // A full disk is no reason to leave services without an owner who could stop them.
            LOG.log(System.Logger.Level.WARNING, "stale port claims stay: " + unwritten.getMessage());
        }
    }

    /** The owner of the directory; empty when somebody else is it already. */
    public static Optional<Owner> tryOpen(RuntimeDirectory directory) throws IOException {
        return tryOpen(directory, PreHook.LIMIT);
    }

    /** The same with pre-hooks that may take so long. */
    static Optional<Owner> tryOpen(RuntimeDirectory directory, Duration hookLimit) throws IOException {
        directory.create();
        Optional<OwnerLock> lock = OwnerLock.tryTake(directory.ownerLock());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Owner(directory, lock.get(), hookLimit));
        } catch (IOException | RuntimeException failed) {
            lock.get().close();
            throw failed;
        }
    }

    @Override
    public boolean isOwner() {
        return true;
    }

    @Override
    public Service start(ServiceSpec spec, Duration settle) throws IOException {
        Map<String, String> inherited = inherited();
        return onWorker(() -> start(spec, inherited, settle));
    }

    /** What a child of this JVM would inherit. */
    private static Map<String, String> inherited() {
        return new ProcessBuilder().environment();
    }

    /** Starts a service with the variables of whoever asked. */
    Service start(ServiceSpec spec, Map<String, String> inherited, Duration settle) throws IOException {
        checkSane("settle", settle);
        Planner.Understood understood = planner.understand(spec, inherited);
        String claimant = "start-" + UUID.randomUUID();
        try {
            PortResolution resolution = registry.claim(
                    planner.ladder(), understood.portRequest(claimant), roster.keptPorts(understood.base()));
            Roster.Entered entered = roster.enter(named(understood, resolution), understood, resolution);
            Supervised service = entered.service();
            try {
                rename(claimant, entered);
                return lifecycle.start(service, inherited, settle);
            } finally {
                roster.settle(service);
                service.life.unlock();
            }
        } catch (IOException | RuntimeException failed) {
            registry.release(claimant);
            throw failed;
        }
    }

    private void rename(String claimant, Roster.Entered entered) throws IOException {
        try {
            registry.rename(claimant, entered.service().state().name());
        } catch (IOException | RuntimeException failed) {
            entered.service().show(entered.before());
            throw failed;
        }
    }

    private static void checkSane(String what, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " not in [PT0S, " + LONGEST + "]: " + duration);
        }
    }

    /** The full name; a refusal by the ladder ends here, as the more telling of two conflicts. */
    private String named(Planner.Understood understood, PortResolution resolution) {
        if (resolution.answer() instanceof RungAnswer.Refused refused) {
            if (understood.spec().port().orElse(null) instanceof PortSpec.Exact exact) {
                roster.checkFree(ServiceNames.withPort(understood.base(), OptionalInt.of(exact.port())));
            }
            throw new ServiceException(
                    refused.holder().isPresent() ? Reason.PORT_TAKEN : Reason.INVALID, refused.why());
        }
        return ServiceNames.withPort(understood.base(), resolution.port());
    }

    @Override
    public StartPlan plan(ServiceSpec spec) throws IOException {
        return plan(spec, inherited());
    }

    StartPlan plan(ServiceSpec spec, Map<String, String> inherited) throws IOException {
        checkOpen();
        Planner.Understood understood = planner.understand(spec, inherited);
        PortResolution resolution =
                registry.resolve(planner.ladder(), understood.portRequest("plan"), roster.keptPorts(understood.base()));
        String name = ServiceNames.withPort(understood.base(), resolution.port());
        Optional<String> refusal = Optional.empty();
        try {
            name = named(understood, resolution);
            roster.checkFree(name);
        } catch (ServiceException refused) {
            refusal = Optional.of(refused.getMessage());
        }
        return new StartPlan(name, spec, Planner.launch(understood, resolution), Planner.names(understood), refusal);
    }

    @Override
    public List<Change> stop(Collection<? extends Selector> selectors, Duration grace) throws IOException {
        checkSane("grace", grace);
        return each(selectors, service -> lifecycle.stop(service, "TERM", grace));
    }

    @Override
    public List<Change> kill(Collection<? extends Selector> selectors) throws IOException {
        return each(selectors, new Verb() {
            @Override
            public void announce(Supervised service) {
                service.hurry(true);
            }

            @Override
            public Change apply(Supervised service) throws IOException {
                service.hurry(false);
                return lifecycle.stop(service, "KILL", Duration.ZERO);
            }
        });
    }

    @Override
    public List<Change> delete(Collection<? extends Selector> selectors) throws IOException {
        return each(selectors, service -> {
            Change change = lifecycle.delete(service);
            roster.remove(service);
            return change;
        });
    }

    @Override
    public List<Change> restart(Collection<? extends Selector> selectors, Duration settle) throws IOException {
        return restart(selectors, inherited(), settle);
    }

    List<Change> restart(Collection<? extends Selector> selectors, Map<String, String> inherited, Duration settle)
            throws IOException {
        checkSane("settle", settle);
        return each(selectors, service -> lifecycle.restart(service, inherited, settle));
    }

    /** A verb for one service. */
    private interface Verb {
        /** Says before the wait for the service's life that this is to come. */
        @SuppressWarnings("UnusedVariable") // most verbs announce nothing
        default void announce(Supervised service) {}

        /** Does it, with the service's life in hand. */
        Change apply(Supervised service) throws IOException;
    }

    /** Applies a verb to all that are meant, at once; what fails for one does not touch the others. */
    private List<Change> each(Collection<? extends Selector> selectors, Verb verb) throws IOException {
        checkOpen();
        List<Future<Change>> running = new ArrayList<>();
        for (Supervised service : roster.select(selectors)) {
            running.add(submit(() -> guarded(verb, service)));
        }
        List<Change> changes = new ArrayList<>();
        for (Future<Change> one : running) {
            changes.add(await(one));
        }
        return changes;
    }

    /**
     * Does something on a worker, so that an interrupt of the caller, which closes every file channel it is in, never cuts a
     * change of state in two.
     */
    private <T> T onWorker(Callable<T> work) throws IOException {
        return await(submit(work));
    }

    private <T> Future<T> submit(Callable<T> work) {
        synchronized (this) {
            checkOpen();
            working++;
        }
        boolean submitted = false;
        try {
            Future<T> future = workers.submit(() -> {
                try {
                    return work.call();
                } finally {
                    done();
                }
            });
            submitted = true;
            return future;
        } finally {
            if (!submitted) {
                done();
            }
        }
    }

    private synchronized void done() {
        working--;
        notifyAll();
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof IOException unwritten) {
                throw unwritten;
            }
            if (cause instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IOException(cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; what was begun goes on, and tsm list shows it", stopped);
        }
    }

    private static Change guarded(Verb verb, Supervised service) {
        verb.announce(service);
        service.life.lock();
        try {
            if (service.isForgotten()) {
                String name = service.state().name();
                throw new ServiceException(Reason.NOT_FOUND, "service " + name + " was deleted by somebody else");
            }
            return verb.apply(service);
        } catch (IOException | ServiceException failed) {
            List<String> details = failed instanceof ServiceException refusal ? refusal.details() : List.of();
            return Change.failed(service.state(), String.valueOf(failed.getMessage()), details);
        } finally {
            service.life.unlock();
        }
    }

    @Override
    public Inventory list() throws IOException {
        checkOpen();
        return roster.inventory();
    }

    @Override
    public ServiceLogs logs(Service service) {
        checkOpen();
        return directory.logs(service);
    }

    @Override
    public Flow.Publisher<ServiceEvent> events() {
        checkOpen();
        return events;
    }

    @Override
    public String metrics() throws IOException {
        return Metrics.read(directory, list(), Optional.of(OwnerFacts.ofThisJvm(events)));
    }

    @Override
    public boolean awaitIdle(Duration quiet) throws InterruptedException {
        return activity.awaitIdle(quiet);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the manager of " + directory + " is closed");
        }
    }

    /** Who holds a port, in words, for a start that failed. */
    static Optional<String> heldBy(int port) {
        Optional<PortHolder> holder = PortProbe.system().holder(port);
        return holder.isPresent()
                ? Optional.of("port " + port + " is " + holder.get().describe())
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            uninterruptibly(() -> {
                while (working > 0) {
                    wait();
                }
            });
        }
        try {
            server.close();
        } finally {
            activity.close();
            lifecycle.close();
            // When no thread can write any more, the directory may have another owner.
            workers.shutdown();
            uninterruptibly(() -> {
                while (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
                    LOG.log(System.Logger.Level.WARNING, "a worker of the owner of " + directory + " does not end");
                }
            });
            events.close();
            lock.close();
        }
    }

    /** A wait. */
    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void uninterruptibly(Wait wait) {
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                wait.run();
                over = true;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
