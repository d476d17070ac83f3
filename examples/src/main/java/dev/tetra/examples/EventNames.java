package dev.tetra.examples;

import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the services that have a story: those that there are, and deleted ones that events still tell of. */
final class EventNames {
    private final Console console;
    private final Inventory inventory;
    private List<String> told = List.of();
    private boolean read;

    EventNames(Console console) throws IOException {
        this.console = console;
        this.inventory = console.directory().read();
    }

    /** The services that there are. */
    Inventory inventory() {
        return inventory;
    }

    /**
     * The names that the selectors mean.
     *
     * @throws ServiceException as {@link Inventory#select} does, for what no event tells of either
     */
    Set<String> select(List<Selector> selectors) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        for (Selector selector : selectors) {
            if (selector instanceof Selector.All) {
                names.addAll(told());
            }
            try {
                for (Service service : inventory.select(List.of(selector))) {
                    names.add(service.name());
                }
            } catch (ServiceException refusal) {
                if (refusal.reason() != ServiceException.Reason.NOT_FOUND || !(selector instanceof Selector.Name)) {
                    throw refusal;
                }
                names.add(deleted(selector.text(), refusal));
            }
        }
        return names;
    }

    private String deleted(String text, ServiceException refusal) throws IOException {
        List<String> fitting = new ArrayList<>();
        for (String name : told()) {
            if (name.equals(text)) {
                return name;
            }
            if (name.startsWith(text)) {
                fitting.add(name);
            }
        }
        if (fitting.size() != 1) {
            throw refusal;
        }
        return fitting.get(0);
    }

    private List<String> told() throws IOException {
        if (!read) {
            Set<String> names = new LinkedHashSet<>();
            for (ServiceEvent event : console.directory().events(Integer.MAX_VALUE)) {
                names.add(event.service());
            }
            told = List.copyOf(names);
            read = true;
        }
        return told;
    }
}
