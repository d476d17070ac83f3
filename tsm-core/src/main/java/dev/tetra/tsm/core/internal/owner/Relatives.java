package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.core.internal.StartOrder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How services hang together: who comes before whom, and who belongs to whom. */
final class Relatives {
    /** No job that others wait for takes longer. */
    private static final Duration LONGEST_JOB = Duration.ofHours(24);

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final Roster roster;
    private final Lifecycle lifecycle;
    private final Changes changes;
    private final Workers workers;

    Relatives(Roster roster, Lifecycle lifecycle, Changes changes, Workers workers) {
        this.roster = roster;
        this.lifecycle = lifecycle;
        this.changes = changes;
        this.workers = workers;
    }

    /** @throws ServiceException if a service depends on one that is not there, or on itself by a circle */
    void check(ServiceSpec spec, String base) {
        if (!spec.dependsOn().isEmpty() || spec.parent().isPresent()) {
            StartOrder.starting(List.of(spec.with().name(base).build()), roster.states());
        }
    }

    /**
     * Waits until those come first that have to; one that does not run is started as it was.
     *
     * @param dependant who waits, without its port
     * @throws ServiceException if one of them does not come that far
     */
    void bringUp(List<Dependency> dependencies, String dependant, Map<String, String> inherited) throws IOException {
        for (Dependency dependency : dependencies) {
            Supervised service = roster.find(dependency.service());
            Service state = service.state();
            boolean over = state.status() == Status.STOPPED && dependency.condition() != Dependency.Condition.COMPLETED;
            boolean neverRan =
                    state.status() == Status.STOPPED && state.lastExit().isEmpty();
            if (over || neverRan || state.status() == Status.CRASHED || state.status() == Status.ERRORED) {
                startAgain(service, dependant, inherited);
            }
            await(service, dependency, dependant);
        }
    }

    private void startAgain(Supervised service, String dependant, Map<String, String> inherited) throws IOException {
        bringUp(service.state().spec().dependsOn(), service.state().baseName(), inherited);
        service.life.lock();
        try {
            if (!service.isForgotten() && !service.state().status().isActive()) {
                lifecycle.restart(service, inherited, Wait.NOT);
            }
        } catch (ServiceException failed) {
            throw new ServiceException(
                    Reason.START_FAILED,
                    dependant + " was not started, as it depends on " + service.name() + ": " + failed.getMessage(),
                    failed.details());
        } finally {
            service.life.unlock();
        }
    }

    private void await(Supervised service, Dependency dependency, String dependant) {
        boolean decided =
                changes.await(() -> isMet(service, dependency) || isHopeless(service, dependency), LONGEST_JOB);
        if (!decided || !isMet(service, dependency)) {
            Service state = service.state();
            String why = service.isForgotten()
                    ? "was deleted"
                    : "is " + state.status().text()
                            + (state.reason().isPresent()
                                    ? " (" + state.reason().get() + ")"
                                    : "");
            throw new ServiceException(
                    Reason.START_FAILED,
                    dependant + " was not started, as it waits until " + state.name() + " is "
                            + dependency.condition().text() + ", and that " + why);
        }
    }

    private static boolean isMet(Supervised service, Dependency dependency) {
        Service state = service.state();
        return !service.isForgotten()
                && switch (dependency.condition()) {
                    case STARTED -> state.run().isPresent();
                    case READY -> state.status() == Status.ONLINE;
                    case COMPLETED ->
                        state.status() == Status.STOPPED && state.lastExit().isPresent();
                };
    }

    /** Whether it stays as it is, if nobody starts it. */
    private static boolean isHopeless(Supervised service, Dependency dependency) {
        Status status = service.state().status();
        boolean over = status == Status.STOPPED && !isMet(service, dependency);
        return service.isForgotten() || over || status == Status.CRASHED || status == Status.ERRORED;
    }

    /** These and all that belong to them, with those that belong to those. */
    List<Supervised> withChildren(Collection<Supervised> chosen) {
        Set<Supervised> all = new LinkedHashSet<>(chosen);
        Deque<Supervised> next = new ArrayDeque<>(chosen);
        while (!next.isEmpty()) {
            for (Supervised child : roster.childrenOf(next.remove().name())) {
                if (child.state().status().isActive() && all.add(child)) {
                    next.add(child);
                }
            }
        }
        return new ArrayList<>(all);
    }

    /** These, level by level, in the order in which they stop: children and dependants first. */
    List<List<Supervised>> stopping(Collection<Supervised> chosen) {
        List<Service> states = new ArrayList<>();
        boolean related = false;
        for (Supervised service : chosen) {
            Service state = service.state();
            states.add(state);
            related |= state.family().parent().isPresent()
                    || !state.spec().dependsOn().isEmpty();
        }
        if (!related) {
            return List.of(List.copyOf(chosen));
        }
        List<List<Supervised>> levels = new ArrayList<>();
        for (List<Service> level : StartOrder.stopping(states, roster.states())) {
            List<Supervised> some = new ArrayList<>();
            for (Service state : level) {
                for (Supervised service : chosen) {
                    if (service.name().equals(state.name())) {
                        some.add(service);
                    }
                }
            }
            levels.add(some);
        }
        return levels;
    }

    /** Has the parent of a service that came or went know its children, soon. */
    void refreshParentOf(Service service) {
        Optional<String> parent = service.family().parent();
        Optional<Supervised> found = parent.isPresent() ? roster.byName(parent.get()) : Optional.empty();
        if (found.isPresent()) {
            workers.execute(() -> refresh(found.get()));
        }
    }

    private void refresh(Supervised parent) {
        parent.life.lock();
        try {
            Service state = parent.state();
            List<String> children = new ArrayList<>();
            for (Supervised child : roster.childrenOf(state.name())) {
                children.add(child.name());
            }
            if (!parent.isForgotten() && !children.equals(state.family().children())) {
                Service.Family family = new Service.Family(
                        state.family().parent(), children, state.family().commType());
                parent.saveTruth(state.with().family(family).build());
            }
        } catch (IOException unwritten) {
            LOG.log(System.Logger.Level.WARNING, unwritten.getMessage());
        } finally {
            parent.life.unlock();
        }
    }
}
