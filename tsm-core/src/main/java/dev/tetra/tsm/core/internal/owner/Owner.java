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
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.Wait;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;

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
    private final Workers workers = new Workers();
    private final ManagerServer server;
    private volatile boolean closed;

    private Owner(RuntimeDirectory directory, OwnerLock lock, Duration hookLimit) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.registry = PortRegistry.open(directory.ports(), PortProbe.system());
        this.planner = new Planner(directory);
        this.roster = new Roster(directory);
        this.lifecycle = new Lifecycle(directory, planner, registry, activity, workers, hookLimit);
        try {
            Map<String, String> inherited = inherited();
            for (Supervised service : roster.load()) {
                lifecycle.adopt(service, inherited);
            }
            dropStaleClaims();
            this.server = new ManagerServer(directory, new Requests(this), workers, activity);
        } catch (IOException | RuntimeException failed) {
            workers.drain();
            lifecycle.close();
            workers.close("the owner of " + directory);
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
        return tryOpen(directory, HookScript.LIMIT);
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
    public Service start(ServiceSpec spec, Wait wait) throws IOException {
        checkOpen();
        Map<String, String> inherited = inherited();
        return workers.call(() -> start(spec, inherited, wait));
    }

    /** What a child of this JVM would inherit. */
    private static Map<String, String> inherited() {
        return new ProcessBuilder().environment();
    }

    /** Starts a service with the variables of whoever asked. */
    Service start(ServiceSpec spec, Map<String, String> inherited, Wait wait) throws IOException {
        Planner.Understood understood = planner.understand(spec, inherited);
        String claimant = "start-" + UUID.randomUUID();
        try {
            PortResolution resolution = registry.claim(
                    planner.ladder(), understood.portRequest(claimant), roster.keptPorts(understood.base()));
            Roster.Entered entered = roster.enter(named(understood, resolution), understood, resolution);
            Supervised service = entered.service();
            try {
                rename(claimant, entered);
                return lifecycle.start(service, inherited, wait);
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
    public List<Change> stop(Collection<? extends Selector> selectors) throws IOException {
        return each(selectors, service -> {
            StopPolicy policy = service.state().spec().stop();
            return lifecycle.stop(service, policy.signal(), policy.grace());
        });
    }

    @Override
    public List<Change> stop(Collection<? extends Selector> selectors, Duration grace) throws IOException {
        checkSane("grace", grace);
        return each(
                selectors,
                service -> lifecycle.stop(service, service.state().spec().stop().signal(), grace));
    }

    @Override
    public List<Change> kill(Collection<? extends Selector> selectors) throws IOException {
        return each(selectors, new Verb() {
            @Override
            public void announce(Supervised service) {
                service.press();
                service.hurry(true);
            }

            @Override
            public Change apply(Supervised service) throws IOException {
                service.hurry(false);
                return lifecycle.stop(service, UnixSignal.KILL, Duration.ZERO);
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
    public List<Change> restart(Collection<? extends Selector> selectors, Wait wait) throws IOException {
        return restart(selectors, inherited(), wait);
    }

    List<Change> restart(Collection<? extends Selector> selectors, Map<String, String> inherited, Wait wait)
            throws IOException {
        return each(selectors, service -> lifecycle.restart(service, inherited, wait));
    }

    @Override
    public List<Change> signal(Collection<? extends Selector> selectors, UnixSignal signal) throws IOException {
        return each(selectors, service -> lifecycle.signal(service, signal));
    }

    @Override
    public List<Change> reload(Collection<? extends Selector> selectors) throws IOException {
        return each(selectors, lifecycle::reload);
    }

    /** A verb for one service. */
    private interface Verb {
        /** Says before the wait for the service's life that this is to come: a start that only watches makes way. */
        default void announce(Supervised service) {
            service.press();
        }

        /** Does it, with the service's life in hand. */
        Change apply(Supervised service) throws IOException;
    }

    /** Applies a verb to all that are meant, at once; what fails for one does not touch the others. */
    private List<Change> each(Collection<? extends Selector> selectors, Verb verb) throws IOException {
        checkOpen();
        List<Callable<Change>> changes = new ArrayList<>();
        for (Supervised service : roster.select(selectors)) {
            changes.add(() -> guarded(verb, service));
        }
        return workers.callAll(changes);
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
        workers.drain();
        try {
            server.close();
        } finally {
            activity.close();
            lifecycle.close();
            // When no thread can write any more, the directory may have another owner.
            workers.close("the owner of " + directory);
            lock.close();
        }
    }
}
