package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.core.internal.ServiceDirectory;
import dev.tetra.tsm.ports.PortResolution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Who is there under which name and id. <em>Safe for use by many threads:</em> one lock, held for moments only. */
final class Roster {
    private final RuntimeDirectory directory;
    private final Changes changes;
    private final Map<String, Supervised> services = new TreeMap<>();

    Roster(RuntimeDirectory directory, Changes changes) {
        this.directory = directory;
        this.changes = changes;
    }

    /** Takes in what is on disk; what cannot be read stays out of the way. */
    synchronized List<Supervised> load() throws IOException {
        ServiceDirectory.removeDoomed(directory.processes());
        ServiceDirectory.removeUnbegun(directory.processes());
        for (Service service : directory.read().services()) {
            ServiceDirectory files = new ServiceDirectory(directory.service(service.name()));
            services.put(service.name(), new Supervised(files, service, changes));
        }
        return List.copyOf(services.values());
    }

    /** The states of all. */
    synchronized List<Service> states() {
        List<Service> states = new ArrayList<>();
        for (Supervised service : services.values()) {
            states.add(service.state());
        }
        return states;
    }

    synchronized Optional<Supervised> byName(String name) {
        return Optional.ofNullable(services.get(name));
    }

    /** All of them. */
    synchronized List<Supervised> all() {
        return List.copyOf(services.values());
    }

    /** The one service of that name, its port suffix left off or not. @throws ServiceException if there is none or several */
    Supervised find(String name) {
        Service found = known(List.of()).one(new Selector.Name(name));
        return byName(found.name())
                .orElseThrow(() -> new ServiceException(
                        ServiceException.Reason.NOT_FOUND,
                        "service " + found.name() + " was deleted by somebody else"));
    }

    /** Those that belong to that one, by id. */
    synchronized List<Supervised> childrenOf(String parent) {
        List<Supervised> children = new ArrayList<>();
        for (Supervised service : services.values()) {
            if (service.state().family().parent().equals(Optional.of(parent))) {
                children.add(service);
            }
        }
        children.sort((left, right) -> InventoryReader.BY_ID.compare(left.state(), right.state()));
        return children;
    }

    synchronized Set<String> runningNames() {
        Set<String> names = new HashSet<>();
        for (Supervised service : services.values()) {
            if (service.state().status().isActive()) {
                names.add(service.state().name());
            }
        }
        return names;
    }

    /** The ports of services that do not run, by port: theirs at a restart, unless somebody asks for one by number. */
    synchronized Map<Integer, String> keptPorts(String exceptBase) {
        Map<Integer, String> kept = new TreeMap<>();
        for (Supervised supervised : services.values()) {
            Service service = supervised.state();
            if (!service.status().isActive() && !service.baseName().equals(exceptBase)) {
                for (ServicePort port : service.launch().ports()) {
                    kept.put(port.port(), service.name());
                }
            }
        }
        return kept;
    }

    /** @throws ServiceException if a service of that name runs, or its directory cannot be understood */
    synchronized void checkFree(String name) {
        Supervised there = services.get(name);
        if (there != null) {
            Service service = there.state();
            if (service.status().isActive()) {
                String pid =
                        service.pid().isPresent() ? ", pid " + service.pid().getAsLong() : "";
                throw new ServiceException(
                        Reason.NAME_TAKEN,
                        "service " + name + " is running already (id " + service.id() + pid + ": " + service.command()
                                + "); tsm restart " + name + " starts it anew, another --name makes a second service");
            }
            return;
        }
        ServiceDirectory files = new ServiceDirectory(directory.service(name));
        if (Files.exists(files.path())) {
            String why = "it has no meta.json";
            try {
                files.readService();
            } catch (NoSuchFileException none) {
                why = "it has no meta.json";
            } catch (IOException corrupt) {
                why = String.valueOf(corrupt.getMessage());
            }
            throw new ServiceException(
                    Reason.UNREADABLE,
                    "the name " + name + " belongs to a directory that cannot be understood (" + why
                            + "); mend or remove " + files.path());
        }
    }

    /**
     * A service on its way to be started.
     *
     * @param before its state before, to go back to
     */
    record Entered(Supervised service, Service before) {}

    /**
     * Enters a service that is about to start: with the id and the history of one of that name that does not run, else with
     * the lowest free id. The caller holds its {@link Supervised#life} afterwards, so that nobody stops or deletes it before
     * the start is done.
     */
    Entered enter(String name, Planner.Understood understood, PortResolution resolution) {
        while (true) {
            Supervised earlier;
            synchronized (this) {
                checkFree(name);
                earlier = services.get(name);
                if (earlier == null) {
                    Service entered = entered(
                            name,
                            lowestFreeId(),
                            UUID.randomUUID().toString(),
                            understood,
                            resolution,
                            Optional.empty());
                    Supervised fresh = new Supervised(new ServiceDirectory(directory.service(name)), entered, changes);
                    fresh.life.lock();
                    fresh.clean(true); // nobody carries a token that was made just now
                    services.put(name, fresh);
                    return new Entered(fresh, entered);
                }
            }
            earlier.life.lock();
            boolean kept = false;
            try {
                Service last = earlier.state();
                kept = !earlier.isForgotten() && !last.status().isActive();
                if (kept) {
                    earlier.show(entered(name, last.id(), last.token(), understood, resolution, Optional.of(last)));
                    return new Entered(earlier, last);
                }
            } finally {
                if (!kept) {
                    earlier.life.unlock();
                }
            }
        }
    }

    private Service entered(
            String name,
            int id,
            String token,
            Planner.Understood understood,
            PortResolution resolution,
            Optional<Service> last) {
        return Service.of(id, name, token, understood.spec(), Planner.launch(understood, resolution))
                .status(Status.STARTING, Optional.empty())
                .lastExit(last.flatMap(Service::lastExit))
                .restarts(last.map(Service::restarts).orElse(0), 0)
                .family(new Service.Family(
                        understood.spec().parent().map(parent -> find(parent).name()),
                        last.map(service -> service.family().children()).orElse(List.of()),
                        understood.spec().commType()))
                .build();
    }

    private int lowestFreeId() {
        Set<Integer> taken = new HashSet<>();
        for (Supervised service : services.values()) {
            taken.add(service.state().id());
        }
        int id = 0;
        while (taken.contains(id)) {
            id++;
        }
        return id;
    }

    /** After a start: a service that left nothing on disk is forgotten. */
    synchronized void settle(Supervised service) {
        if (!Files.exists(service.files.path())) {
            remove(service);
        }
    }

    /** Forgets a service whose life the caller holds. */
    synchronized void remove(Supervised service) {
        service.forget();
        services.remove(service.state().name(), service);
    }

    /** The services that are meant. @throws ServiceException as {@link Inventory#select} does */
    List<Supervised> select(Collection<? extends Selector> selectors) throws IOException {
        Inventory known = known(List.of());
        List<Service> selected;
        try {
            selected = known.select(selectors);
        } catch (ServiceException perhapsUnreadable) {
            selected = inventory().select(selectors);
        }
        List<Supervised> found = new ArrayList<>();
        synchronized (this) {
            for (Service service : selected) {
                Supervised supervised = services.get(service.name());
                if (supervised != null) {
                    found.add(supervised);
                }
            }
        }
        return found;
    }

    /** All services, and the directories that cannot be understood. */
    Inventory inventory() throws IOException {
        return known(directory.read().unreadable());
    }

    private synchronized Inventory known(List<Inventory.Unreadable> unreadable) {
        List<Service> known = new ArrayList<>();
        for (Supervised service : services.values()) {
            known.add(service.state());
        }
        known.sort(InventoryReader.BY_ID);
        List<Inventory.Unreadable> strangers = new ArrayList<>();
        for (Inventory.Unreadable broken : unreadable) {
            if (!services.containsKey(broken.name())) {
                strangers.add(broken);
            }
        }
        return new Inventory(known, strangers);
    }
}
