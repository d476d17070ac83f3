package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.EnvFile;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.core.internal.StartOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Makes services what a list of specs says: starts, replaces, and leaves alone what is as wanted. */
final class Applier {
    private final Planner planner;
    private final Roster roster;
    private final Starter starter;
    private final Lifecycle lifecycle;
    private final Relatives relatives;
    private final Workers workers;

    Applier(
            Planner planner,
            Roster roster,
            Starter starter,
            Lifecycle lifecycle,
            Relatives relatives,
            Workers workers) {
        this.planner = planner;
        this.roster = roster;
        this.starter = starter;
        this.lifecycle = lifecycle;
        this.relatives = relatives;
        this.workers = workers;
    }

    /**
     * Applies them level by level, those of one level at once. Whoever depends on one that fails is not started; all others
     * are.
     *
     * @param specs each with a name of its own
     * @throws ServiceException if they wait for each other in a circle or for one that is not there; nothing is changed then
     */
    List<Change> apply(List<ServiceSpec> specs, Map<String, String> inherited, Wait wait) throws IOException {
        Round round = new Round(inherited, wait);
        for (List<ServiceSpec> level : StartOrder.starting(specs, roster.states())) {
            List<Callable<Change>> work = new ArrayList<>();
            for (ServiceSpec spec : level) {
                work.add(() -> round.guarded(spec));
            }
            round.changes.addAll(workers.callAll(work));
        }
        round.bringBack();
        return round.changes;
    }

    /** One application. */
    private final class Round {
        private final Map<String, String> inherited;
        private final Wait wait;
        private final List<Change> changes = new ArrayList<>();
        private final Set<String> failed = new HashSet<>();
        private final List<Supervised> stoppedWithParents = new ArrayList<>();

        Round(Map<String, String> inherited, Wait wait) {
            this.inherited = inherited;
            this.wait = wait;
        }

        Change guarded(ServiceSpec spec) {
            String name = spec.name().orElseThrow();
            Optional<Service> before = Optional.empty();
            try {
                for (Dependency dependency : spec.dependsOn()) {
                    checkNotFailed(name, dependency.service());
                }
                before = SpecDiff.counterpart(spec, roster.states());
                return one(spec, before);
            } catch (IOException | RuntimeException refused) {
                synchronized (this) {
                    failed.add(name);
                }
                Service service = before.orElseGet(() ->
                        Service.of(0, name, "", spec, Planner.unlaunched(spec)).build());
                List<String> details = refused instanceof ServiceException refusal ? refusal.details() : List.of();
                return Change.failed(service, String.valueOf(refused.getMessage()), details);
            }
        }

        private synchronized void checkNotFailed(String name, String first) {
            if (failed.contains(first)) {
                throw new ServiceException(
                        ServiceException.Reason.START_FAILED,
                        name + " was not started, as it depends on " + first + ", which failed");
            }
        }

        private Change one(ServiceSpec spec, Optional<Service> before) throws IOException {
            if (before.isEmpty()) {
                return Change.of(starter.start(spec, inherited, wait), true, Optional.of("started"));
            }
            Service service = before.get();
            if (!service.status().isActive()) {
                forgetIfRenamed(service, spec);
                return Change.of(starter.start(spec, inherited, wait), true, Optional.of("started"));
            }
            Optional<Path> file = spec.envFile();
            SpecDiff diff = SpecDiff.between(
                    service,
                    spec,
                    file.isPresent() ? EnvFile.read(file.get(), inherited).variables() : Map.of());
            Supervised supervised = roster.find(service.name());
            if (diff.isEmpty()) {
                return Change.of(remembered(supervised, spec), false, Optional.of("as it should be"));
            }
            if (!diff.isOfTheProcess()) {
                return adjusted(supervised, spec, diff);
            }
            // What keeps the new one from starting is found before the old one is stopped.
            planner.understand(spec, inherited);
            stopWithChildren(supervised);
            forgetIfRenamed(service, spec);
            Service started = starter.start(spec, inherited, wait);
            return Change.of(started, true, Optional.of("replaced: " + diff));
        }

        /** Nothing differs, but the file that the spec is from may, and after an adoption the variables are known again. */
        private Service remembered(Supervised supervised, ServiceSpec spec) throws IOException {
            supervised.life.lock();
            try {
                if (!supervised.isForgotten() && !supervised.state().spec().equals(spec)) {
                    lifecycle.adjust(supervised, spec);
                }
                return supervised.state();
            } finally {
                supervised.life.unlock();
            }
        }

        private Change adjusted(Supervised supervised, ServiceSpec spec, SpecDiff diff) throws IOException {
            supervised.life.lock();
            try {
                lifecycle.adjust(supervised, spec);
                return Change.of(supervised.state(), true, Optional.of("changed while it runs: " + diff));
            } finally {
                supervised.life.unlock();
                relatives.refreshParentOf(supervised.state());
            }
        }

        private void stopWithChildren(Supervised parent) throws IOException {
            List<Supervised> all = relatives.withChildren(List.of(parent));
            for (List<Supervised> level : relatives.stopping(all)) {
                for (Supervised service : level) {
                    service.press();
                    service.life.lock();
                    try {
                        StopPolicy policy = service.state().spec().stop();
                        lifecycle.stop(service, policy.signal(), policy.grace());
                    } finally {
                        service.life.unlock();
                    }
                }
            }
            synchronized (this) {
                stoppedWithParents.addAll(all.subList(1, all.size()));
            }
        }

        /** A service whose port changes gets another name: the one that it had is free then. */
        private void forgetIfRenamed(Service service, ServiceSpec spec) throws IOException {
            if (service.spec().port().equals(spec.port())) {
                return;
            }
            Supervised supervised = roster.find(service.name());
            supervised.life.lock();
            try {
                lifecycle.delete(supervised);
                roster.remove(supervised);
            } finally {
                supervised.life.unlock();
            }
        }

        /** Starts the children again that were stopped with a parent that was replaced, and are in no spec. */
        void bringBack() throws IOException {
            for (Supervised child : stoppedWithParents) {
                child.life.lock();
                try {
                    if (!child.isForgotten() && !child.state().status().isActive()) {
                        Change change = lifecycle.restart(child, inherited, wait);
                        changes.add(Change.of(change.service(), true, Optional.of("started again with its parent")));
                    }
                } catch (ServiceException refused) {
                    changes.add(Change.failed(child.state(), String.valueOf(refused.getMessage()), refused.details()));
                } finally {
                    child.life.unlock();
                }
            }
        }
    }
}
