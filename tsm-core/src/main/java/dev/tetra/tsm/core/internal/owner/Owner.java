package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceLogs;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StartPlan;
import dev.tetra.tsm.core.internal.ServiceNames;
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
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The one who supervises a runtime directory. What a service is called and which port it gets is decided here, one decision
 * at a time; what happens to its process is {@link Lifecycle}'s, many services at once.
 */
public final class Owner implements ServiceManager {
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
    private final ManagerServer server;
    private volatile boolean closed;

    private Owner(RuntimeDirectory directory, OwnerLock lock) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.registry = PortRegistry.open(directory.ports(), PortProbe.system());
        this.planner = new Planner(directory);
        this.roster = new Roster(directory);
        this.lifecycle = new Lifecycle(directory, planner, registry, activity, workers);
        for (Supervised service : roster.load()) {
            lifecycle.adopt(service);
        }
        registry.retain(roster.runningNames());
        this.server = new ManagerServer(directory, new Requests(this), workers, activity);
    }

    /** The owner of the directory; empty when somebody else is it already. */
    public static Optional<Owner> tryOpen(RuntimeDirectory directory) throws IOException {
        directory.create();
        Optional<OwnerLock> lock = OwnerLock.tryTake(directory.ownerLock());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Owner(directory, lock.get()));
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
        return start(spec, inherited(), settle);
    }

    /** What a child of this JVM would inherit. */
    private static Map<String, String> inherited() {
        return new ProcessBuilder().environment();
    }

    /** Starts a service with the variables of whoever asked. */
    Service start(ServiceSpec spec, Map<String, String> inherited, Duration settle) throws IOException {
        checkOpen();
        Planner.Understood understood = planner.understand(spec, inherited);
        String claimant = "start-" + UUID.randomUUID();
        try {
            PortResolution resolution = registry.claim(planner.ladder(), understood.portRequest(claimant));
            Supervised service = roster.enter(named(understood, resolution), understood, resolution);
            try {
                registry.rename(claimant, service.state().name());
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
        PortResolution resolution = registry.resolve(planner.ladder(), understood.portRequest("plan"));
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
        return each(selectors, service -> lifecycle.stop(service, "TERM", grace));
    }

    @Override
    public List<Change> kill(Collection<? extends Selector> selectors) throws IOException {
        return each(selectors, service -> lifecycle.stop(service, "KILL", Duration.ZERO));
    }

    @Override
    public List<Change> delete(Collection<? extends Selector> selectors) throws IOException {
        return each(selectors, service -> {
            service.life.lock();
            try {
                Change change = lifecycle.delete(service);
                roster.remove(service);
                return change;
            } finally {
                service.life.unlock();
            }
        });
    }

    @Override
    public List<Change> restart(Collection<? extends Selector> selectors, Duration settle) throws IOException {
        return restart(selectors, inherited(), settle);
    }

    List<Change> restart(Collection<? extends Selector> selectors, Map<String, String> inherited, Duration settle)
            throws IOException {
        return each(selectors, service -> lifecycle.restart(service, inherited, settle));
    }

    /** A verb for one service. */
    private interface Verb {
        Change apply(Supervised service) throws IOException;
    }

    /** Applies a verb to all that are meant, at once; what fails for one does not touch the others. */
    private List<Change> each(Collection<? extends Selector> selectors, Verb verb) throws IOException {
        checkOpen();
        List<Supervised> services = roster.select(selectors);
        if (services.size() == 1) {
            return List.of(guarded(verb, services.get(0)));
        }
        List<Future<Change>> running = new ArrayList<>();
        for (Supervised service : services) {
            running.add(workers.submit(() -> guarded(verb, service)));
        }
        List<Change> changes = new ArrayList<>();
        for (Future<Change> one : running) {
            try {
                changes.add(one.get());
            } catch (ExecutionException broken) {
                throw new IOException(broken.getCause());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted; tsm list shows what is done", stopped);
            }
        }
        return changes;
    }

    private static Change guarded(Verb verb, Supervised service) {
        try {
            return verb.apply(service);
        } catch (IOException | ServiceException failed) {
            return new Change(
                    service.state(), false, Optional.empty(), Optional.of(String.valueOf(failed.getMessage())));
        }
    }

    @Override
    public Inventory list() throws IOException {
        checkOpen();
        return roster.inventory();
    }

    @Override
    public ServiceLogs logs(Service service) {
        return directory.logs(service);
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
        }
        try {
            server.close();
            workers.shutdown();
            lifecycle.close();
            activity.close();
        } finally {
            lock.close();
        }
    }
}
