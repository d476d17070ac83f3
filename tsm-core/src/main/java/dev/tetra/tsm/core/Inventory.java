package dev.tetra.tsm.core;

import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.ServiceNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * All services of a runtime directory at one moment. <em>Immutable.</em>
 *
 * @param services by id
 * @param unreadable the service directories whose meta.json cannot be read; they hide nobody else
 */
public record Inventory(List<Service> services, List<Unreadable> unreadable) {
    private static final int MOST_CANDIDATES = 5;

    public Inventory {
        services = List.copyOf(services);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * A service directory that says nothing understandable.
     *
     * @param name the directory's name
     * @param file its meta.json
     * @param why what is wrong with it
     */
    public record Unreadable(String name, Path file, String why) {}

    /**
     * The services that the selectors mean, each once, by id. Either every selector fits or nothing is returned.
     *
     * @throws ServiceException {@code NOT_FOUND}, with the nearest names, or {@code AMBIGUOUS}, with the candidates, or
     *     {@code UNREADABLE}
     */
    public List<Service> select(Collection<? extends Selector> selectors) {
        // By identity: the equality of records is made at run time, which takes a short-lived command too long.
        IdentityHashMap<Service, Boolean> selected = new IdentityHashMap<>();
        for (Selector selector : selectors) {
            for (Service service : select(selector)) {
                selected.put(service, true);
            }
        }
        List<Service> ordered = new ArrayList<>();
        for (Service service : services) {
            if (selected.containsKey(service)) {
                ordered.add(service);
            }
        }
        return List.copyOf(ordered);
    }

    /**
     * The one service that the selector means.
     *
     * @throws ServiceException as {@link #select(Collection)} does
     */
    public Service one(Selector selector) {
        List<Service> fitting = select(selector);
        if (fitting.size() != 1) {
            throw fitting.isEmpty() ? notFound(selector) : ambiguous(selector, fitting);
        }
        return fitting.get(0);
    }

    private List<Service> select(Selector selector) {
        if (selector instanceof Selector.All) {
            return services;
        }
        if (selector instanceof Selector.Name name) {
            return List.of(byName(name));
        }
        List<Service> fitting = new ArrayList<>();
        for (Service service : services) {
            if (fits(service, selector)) {
                fitting.add(service);
            }
        }
        if (fitting.isEmpty()) {
            throw notFound(selector);
        }
        if (fitting.size() > 1) {
            throw ambiguous(selector, fitting);
        }
        return fitting;
    }

    private static boolean fits(Service service, Selector selector) {
        if (selector instanceof Selector.Id id) {
            return service.id() == id.value();
        }
        if (selector instanceof Selector.Pid pid) {
            return hasPid(service, pid.value());
        }
        if (selector instanceof Selector.Port port) {
            return hasPort(service, port.value());
        }
        if (selector instanceof Selector.Number number) {
            long value = number.value();
            return service.id() == value || hasPid(service, value) || hasPort(service, value);
        }
        return false;
    }

    private static boolean hasPid(Service service, long pid) {
        return service.run().isPresent() && service.run().get().process().pid() == pid;
    }

    private static boolean hasPort(Service service, long number) {
        for (ServicePort port : service.launch().ports()) {
            if (port.port() == number) {
                return true;
            }
        }
        return false;
    }

    /** How much of a name a text may leave out; the first that fits anything counts. */
    private enum Fit {
        FULL,
        BASE,
        BEGINNING;

        boolean accepts(Service service, String text) {
            return switch (this) {
                case FULL -> service.name().equals(text);
                case BASE -> service.baseName().equals(text);
                case BEGINNING -> !text.isEmpty() && service.name().startsWith(text);
            };
        }
    }

    private Service byName(Selector.Name name) {
        for (Fit fit : Fit.values()) {
            List<Service> fitting = new ArrayList<>();
            for (Service service : services) {
                if (fit.accepts(service, name.text())) {
                    fitting.add(service);
                }
            }
            if (fitting.size() > 1) {
                throw ambiguous(name, fitting);
            }
            if (!fitting.isEmpty()) {
                return fitting.get(0);
            }
        }
        throw notFound(name);
    }

    private ServiceException notFound(Selector selector) {
        for (Unreadable broken : unreadable) {
            if (broken.name().equals(selector.text())) {
                return new ServiceException(
                        Reason.UNREADABLE,
                        "service " + broken.name() + " cannot be read: " + broken.why() + "; mend or remove "
                                + broken.file());
            }
        }
        StringBuilder message = new StringBuilder("no service ");
        message.append(
                selector instanceof Selector.Name
                        ? "named " + selector.text()
                        : selector instanceof Selector.Number
                                ? "with id, pid or port " + selector.text()
                                : "with " + selector.text());
        if (selector.text().equals("all")) {
            return new ServiceException(
                    Reason.NOT_FOUND, message.append("; '*' means all of them").toString());
        }
        List<String> names = new ArrayList<>();
        for (Service service : services) {
            names.add(service.name());
        }
        List<String> nearest =
                selector instanceof Selector.Name ? ServiceNames.nearest(selector.text(), names) : List.of();
        if (!nearest.isEmpty()) {
            message.append("; did you mean ")
                    .append(String.join(" or ", nearest))
                    .append('?');
        } else if (names.isEmpty()) {
            message.append("; there are no services");
        } else {
            message.append("; tsm list -a shows all");
        }
        return new ServiceException(Reason.NOT_FOUND, message.toString());
    }

    private static ServiceException ambiguous(Selector selector, List<Service> fitting) {
        StringBuilder message = new StringBuilder(selector.text())
                .append(" fits ")
                .append(fitting.size())
                .append(" services: ");
        int shown = Math.min(fitting.size(), MOST_CANDIDATES);
        for (int i = 0; i < shown; i++) {
            Service service = fitting.get(i);
            message.append(i == 0 ? "" : ", ")
                    .append(service.name())
                    .append(" (id ")
                    .append(service.id());
            if (service.pid().isPresent()) {
                message.append(", pid ").append(service.pid().getAsLong());
            }
            if (service.port().isPresent()) {
                message.append(", port ").append(service.port().getAsInt());
            }
            message.append(')');
        }
        if (fitting.size() > shown) {
            message.append(" and ").append(fitting.size() - shown).append(" more");
        }
        message.append(
                selector instanceof Selector.Name
                        ? "; give the full name, or --id"
                        : "; say which with --id, --pid or --port");
        return new ServiceException(Reason.AMBIGUOUS, message.toString());
    }
}
