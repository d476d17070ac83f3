package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Amounts;
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
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.control.Command;
import dev.tetra.tsm.core.internal.control.ControlSockets;
import dev.tetra.tsm.core.internal.control.StandardAnswers;
import dev.tetra.tsm.core.internal.events.Events;
import dev.tetra.tsm.core.internal.health.HealthWatch;
import dev.tetra.tsm.core.internal.logs.LogKeeper;
import dev.tetra.tsm.core.internal.metrics.Metrics;
import dev.tetra.tsm.core.internal.metrics.OwnerFacts;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import dev.tetra.tsm.ports.PortHolder;
import dev.tetra.tsm.ports.PortProbe;
import dev.tetra.tsm.ports.PortRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;

/**
 * The one who supervises a runtime directory. What a service is called and which port it gets is decided here, one decision
 * at a time; what happens to its process is {@link Lifecycle}'s, many services at once.
 */
public final class Owner implements ServiceManager {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    /** How often the owner looks after what nobody tells it. */
    private static final Duration ROUND = Duration.ofSeconds(1);

    private final RuntimeDirectory directory;
    private final OwnerLock lock;
    private final PortRegistry registry;
    private final Events events;
    private final LogKeeper logs;
    private final ShortPaths shortPaths;
    private final ControlSockets sockets;
    private final Roster roster;
    private final Lifecycle lifecycle;
    private final Starter starter;
    private final Applier applier;
    private final Relatives relatives;
    private final Activity activity = new Activity();
    private final Changes changes = new Changes();
    private final Workers workers = new Workers();
    private final ManagerServer server;
    private volatile boolean closed;

    /** Guarded by this. */
    private boolean closing;

    private Owner(RuntimeDirectory directory, OwnerLock lock, Duration hookLimit) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.registry = PortRegistry.open(directory.ports(), PortProbe.system());
        this.events = Events.open(directory.eventLog());
        Planner planner = new Planner(directory);
        this.roster = new Roster(directory, changes);
        UserPrincipal user = Files.getOwner(directory.ownerLock());
        this.shortPaths = new ShortPaths(directory.sockets(), user);
        this.sockets = new ControlSockets(directory, shortPaths, user, workers, this::answer);
        HealthWatch health = new HealthWatch(directory, shortPaths, workers, new SplittableRandom());
        this.logs = new LogKeeper(directory, events::publish);
        this.lifecycle = new Lifecycle(
                directory, planner, registry, activity, workers, events, sockets, health, logs, hookLimit);
        this.relatives = new Relatives(roster, lifecycle, changes, workers);
        this.starter = new Starter(registry, planner, roster, lifecycle, relatives);
        this.applier = new Applier(planner, roster, starter, lifecycle, relatives, workers);
        try {
            Map<String, String> inherited = inherited();
            Set<String> active = new HashSet<>();
            for (Supervised service : roster.load()) {
                if (lifecycle.adopt(service, inherited)) {
                    active.add(service.name());
                }
            }
            dropStaleClaims(active);
            this.server = new ManagerServer(directory, new Requests(this), workers, activity);
            workers.every(ROUND, this::round);
        } catch (IOException | RuntimeException failed) {
            workers.drain();
            sockets.close();
            lifecycle.close();
            workers.close("the owner of " + directory);
            events.close();
            throw failed;
        }
    }

    /** What a control socket answers. */
    private JsonObject answer(String name, Command command) throws IOException {
        List<Selector> only = List.of(new Selector.Name(name));
        return switch (command) {
            case STATUS -> StandardAnswers.status(roster.find(name).state(), Instant.now());
            case HEALTH -> StandardAnswers.health(roster.find(name).state());
            case RELOAD -> StandardAnswers.changed("reloaded", reload(only));
            case STOP -> StandardAnswers.changed("stopped", stop(only));
        };
    }

    private void round() {
        logs.round(roster.states(), Instant.now());
        try {
            server.ensureListening();
        } catch (IOException unheard) {
            LOG.log(System.Logger.Level.WARNING, "nobody can reach the owner: " + unheard.getMessage());
        }
        lifecycle.releases().again(roster.runningNames()::contains);
        for (Supervised service : roster.all()) {
            if (service.isUnsaved()) {
                lifecycle.saveAgain(service);
            }
        }
    }

    /**
     * Gives back the ports of services that are no more. Those that cannot be read may well run, and keep theirs.
     *
     * @param active whose process runs, or is followed by another
     */
    private void dropStaleClaims(Set<String> active) {
        try {
            Set<String> keep = new HashSet<>(active);
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
        return start(spec, inherited(), wait);
    }

    /** Starts a service with the variables of whoever asked. */
    Service start(ServiceSpec spec, Map<String, String> inherited, Wait wait) throws IOException {
        checkOpen();
        return workers.call(() -> starter.start(spec, inherited, wait));
    }

    @Override
    public StartPlan plan(ServiceSpec spec) throws IOException {
        return plan(spec, inherited());
    }

    StartPlan plan(ServiceSpec spec, Map<String, String> inherited) throws IOException {
        checkOpen();
        return starter.plan(spec, inherited);
    }

    /** What a child of this JVM would inherit. */
    private static Map<String, String> inherited() {
        return new ProcessBuilder().environment();
    }

    private static void checkSane(String what, Duration duration) {
        if (duration.isNegative() || duration.compareTo(Amounts.LONGEST) > 0) {
            throw new IllegalArgumentException(what + " not in [PT0S, " + Amounts.LONGEST + "]: " + duration);
        }
    }

    @Override
    public List<Change> stop(Collection<? extends Selector> selectors) throws IOException {
        return downwards(selectors, this::stopped);
    }

    private Change stopped(Supervised service) throws IOException {
        StopPolicy policy = service.state().spec().stop();
        return lifecycle.stop(service, policy.signal(), policy.grace());
    }

    @Override
    public List<Change> stop(Collection<? extends Selector> selectors, Duration grace) throws IOException {
        checkSane("grace", grace);
        return downwards(
                selectors,
                service -> lifecycle.stop(service, service.state().spec().stop().signal(), grace));
    }

    @Override
    public List<Change> kill(Collection<? extends Selector> selectors) throws IOException {
        return downwards(selectors, new Verb() {
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
        checkOpen();
        List<Supervised> chosen = roster.select(selectors);
        return downwards(selectors, service -> {
            if (!chosen.contains(service)) {
                return stopped(service); // it belongs to one that is deleted
            }
            Change change = lifecycle.delete(service);
            roster.remove(service);
            relatives.refreshParentOf(change.service());
            return change;
        });
    }

    @Override
    public List<Change> restart(Collection<? extends Selector> selectors, Wait wait) throws IOException {
        return restart(selectors, inherited(), wait);
    }

    List<Change> restart(Collection<? extends Selector> selectors, Map<String, String> inherited, Wait wait)
            throws IOException {
        checkOpen();
        List<Supervised> chosen = roster.select(selectors);
        List<Supervised> all = relatives.withChildren(chosen);
        List<List<Supervised>> levels = relatives.stopping(all);
        for (List<Supervised> level : levels.subList(0, levels.size() - 1)) {
            together(level, this::stopped);
        }
        Map<Supervised, Change> changes = new HashMap<>();
        for (int i = levels.size() - 1; i >= 0; i--) {
            changes.putAll(together(levels.get(i), service -> lifecycle.restart(service, inherited, wait)));
        }
        return inOrder(all, changes);
    }

    @Override
    public List<Change> apply(List<ServiceSpec> specs, Wait wait) throws IOException {
        return apply(specs, inherited(), wait);
    }

    List<Change> apply(List<ServiceSpec> specs, Map<String, String> inherited, Wait wait) throws IOException {
        checkOpen();
        return workers.call(() -> applier.apply(specs, inherited, wait));
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

    /**
     * Applies a verb to all that are meant and to what belongs to them, children and dependants first, otherwise at once; what
     * fails for one does not touch the others.
     */
    private List<Change> downwards(Collection<? extends Selector> selectors, Verb verb) throws IOException {
        checkOpen();
        List<Supervised> all = relatives.withChildren(roster.select(selectors));
        all.forEach(Supervised::cancel);
        Map<Supervised, Change> changes = new HashMap<>();
        for (List<Supervised> level : relatives.stopping(all)) {
            changes.putAll(together(level, verb));
        }
        return inOrder(all, changes);
    }

    /** Applies a verb to all that are meant, at once. */
    private List<Change> each(Collection<? extends Selector> selectors, Verb verb) throws IOException {
        checkOpen();
        List<Supervised> chosen = roster.select(selectors);
        return inOrder(chosen, together(chosen, verb));
    }

    private Map<Supervised, Change> together(List<Supervised> services, Verb verb) throws IOException {
        List<Callable<Change>> work = new ArrayList<>();
        for (Supervised service : services) {
            work.add(() -> guarded(verb, service));
        }
        List<Change> done = workers.callAll(work);
        Map<Supervised, Change> changes = new HashMap<>();
        for (int i = 0; i < done.size(); i++) {
            changes.put(services.get(i), done.get(i));
        }
        return changes;
    }

    private static List<Change> inOrder(List<Supervised> services, Map<Supervised, Change> changes) {
        List<Change> ordered = new ArrayList<>();
        for (Supervised service : services) {
            ordered.add(changes.get(service));
        }
        return ordered;
    }

    private static Change guarded(Verb verb, Supervised service) {
        verb.announce(service);
        service.life.lock();
        try {
            if (service.isForgotten()) {
                String name = service.state().name();
                throw new ServiceException(
                        Reason.NOT_FOUND,
                        "service " + name
                                + " is not there any more: its start was taken back, or somebody else deleted it");
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
            if (closing) {
                return;
            }
            closing = true;
        }
        changes.close();
        try {
            sockets.close();
            server.close();
        } finally {
            closed = true;
            workers.drain();
            activity.close();
            lifecycle.close();
            // When no thread can write any more, the directory may have another owner.
            workers.close("the owner of " + directory);
            for (Supervised service : roster.all()) {
                service.dismissWrapper();
            }
            events.close();
            if (roster.runningNames().isEmpty()) {
                shortPaths.remove();
            }
            lock.close();
        }
    }
}
