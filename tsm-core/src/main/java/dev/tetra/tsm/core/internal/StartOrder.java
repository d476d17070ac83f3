package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.ports.PortSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * In which order services start: level by level, those of one level at the same time. What a service depends on and its parent
 * are in lower levels. They stop in the reverse order. <em>Safe for use by many threads.</em>
 */
public final class StartOrder {
    private StartOrder() {}

    /**
     * Something to put in order.
     *
     * @param name what messages call it; no two have the same
     * @param others further names that it answers to: with its port, without it; several may have the same
     * @param anyPort whether its port is open, so that it answers to its name with any port
     * @param first the names that come before it
     */
    public record Node(String name, List<String> others, boolean anyPort, List<String> first) {
        public Node {
            others = List.copyOf(others);
            first = List.copyOf(first);
        }

        /** A spec, which has a name. */
        public static Node of(ServiceSpec spec) {
            String name = spec.name().orElseThrow(() -> new IllegalArgumentException("a spec without a name: " + spec));
            List<String> others = new ArrayList<>();
            Optional<PortSpec> port = spec.port();
            if (port.isPresent() && port.get() instanceof PortSpec.Exact exact) {
                String suffix = "-" + exact.port();
                boolean has = name.endsWith(suffix) && name.length() > suffix.length();
                others.add(has ? name.substring(0, name.length() - suffix.length()) : name + suffix);
            }
            boolean open = port.isEmpty() || port.get() instanceof PortSpec.AtLeast;
            return new Node(name, others, open, first(spec, spec.parent()));
        }

        /** A service that is there. */
        public static Node of(Service service) {
            List<String> others = service.baseName().equals(service.name()) ? List.of() : List.of(service.baseName());
            Optional<String> parent = service.family().parent();
            return new Node(
                    service.name(),
                    others,
                    false,
                    first(
                            service.spec(),
                            parent.isPresent() ? parent : service.spec().parent()));
        }

        private static List<String> first(ServiceSpec spec, Optional<String> parent) {
            List<String> first = new ArrayList<>();
            for (Dependency dependency : spec.dependsOn()) {
                first.add(dependency.service());
            }
            if (parent.isPresent()) {
                first.add(parent.get());
            }
            return first;
        }
    }

    /**
     * A name that nobody has.
     *
     * @param service who waits for it
     * @param name as that one calls it
     * @param sentence what is wrong, for people
     */
    public record Unknown(String service, String name, String sentence) {}

    /**
     * Services each of which waits for the next, and the last for the first.
     *
     * @param services their names
     * @param sentence what is wrong, for people
     */
    public record Circle(List<String> services, String sentence) {
        public Circle {
            services = List.copyOf(services);
        }
    }

    /** All names of these specs that nobody has, neither they nor the services that are there. */
    public static List<Unknown> unknown(List<ServiceSpec> specs, Collection<Service> present) {
        return graph(specs, present).unknown();
    }

    /** Some of these that wait for each other in a circle, if any do. */
    public static Optional<Circle> circle(List<ServiceSpec> specs, Collection<Service> present) {
        return graph(specs, present).circle();
    }

    /**
     * The levels in which these specs start beside the services that are there, those that they replace aside.
     *
     * @param specs each with a name of its own
     * @param present the services of the runtime directory, on which the specs may depend too
     * @throws ServiceException {@code INVALID}, if one depends on what neither list has, or on itself by a circle
     */
    public static List<List<ServiceSpec>> starting(List<ServiceSpec> specs, Collection<Service> present) {
        Map<String, ServiceSpec> byName = new HashMap<>();
        for (ServiceSpec spec : specs) {
            byName.put(spec.name().orElseThrow(), spec);
        }
        List<List<ServiceSpec>> levels = new ArrayList<>();
        for (List<Node> level : graph(specs, present).levels(true)) {
            List<ServiceSpec> some = new ArrayList<>();
            for (Node node : level) {
                ServiceSpec spec = byName.get(node.name());
                if (spec != null) {
                    some.add(spec);
                }
            }
            if (!some.isEmpty()) {
                levels.add(some);
            }
        }
        return levels;
    }

    private static StartGraph graph(List<ServiceSpec> specs, Collection<Service> present) {
        List<Node> nodes = new ArrayList<>();
        for (ServiceSpec spec : specs) {
            nodes.add(Node.of(spec));
        }
        List<Node> others = new ArrayList<>();
        Set<String> replaced = replaced(nodes, present);
        for (Service service : present) {
            if (!replaced.contains(service.name())) {
                others.add(Node.of(service));
            }
        }
        return new StartGraph(nodes, others);
    }

    /**
     * Those of the specs that are named, and all of them that come before those, in the order given.
     *
     * @param specs each with a name of its own
     * @param names with their port or without
     * @param where what a message says that the specs are in
     * @throws ServiceException {@code NOT_FOUND}, for a name that none has, with the nearest
     */
    public static List<ServiceSpec> choose(List<ServiceSpec> specs, Collection<String> names, String where) {
        List<Node> nodes = new ArrayList<>();
        for (ServiceSpec spec : specs) {
            nodes.add(Node.of(spec));
        }
        StartGraph graph = new StartGraph(List.of(), nodes);
        Set<Integer> chosen = new TreeSet<>();
        for (String name : names) {
            chosen.addAll(graph.withThoseBefore(name, where));
        }
        List<ServiceSpec> some = new ArrayList<>();
        for (int i : chosen) {
            some.add(specs.get(i));
        }
        return some;
    }

    /** The services that the nodes stand for: those of their full names, or else those that are so called without a port. */
    private static Set<String> replaced(List<Node> nodes, Collection<Service> present) {
        Set<String> replaced = new LinkedHashSet<>();
        for (Node node : nodes) {
            List<String> without = new ArrayList<>();
            boolean whole = false;
            for (Service service : present) {
                if (service.name().equals(node.name()) || node.others().contains(service.name())) {
                    replaced.add(service.name());
                    whole = true;
                } else if (service.baseName().equals(node.name())) {
                    without.add(service.name());
                }
            }
            if (!whole) {
                replaced.addAll(without);
            }
        }
        return replaced;
    }

    /**
     * The levels in which some services stop: what depends on others, and children, first. It refuses nothing, as a stop must
     * always be possible: names that fit no service count for nothing, and those in a circle stop together.
     *
     * @param some those that are stopped
     * @param all those of the runtime directory, through which some may depend on others
     */
    public static List<List<Service>> stopping(Collection<Service> some, Collection<Service> all) {
        Map<String, Service> wanted = new HashMap<>();
        for (Service service : some) {
            wanted.put(service.name(), service);
        }
        Map<String, Service> known = new LinkedHashMap<>();
        for (Service service : all) {
            known.put(service.name(), service);
        }
        for (Service service : some) {
            known.putIfAbsent(service.name(), service);
        }
        List<Node> nodes = new ArrayList<>();
        for (Service service : known.values()) {
            nodes.add(Node.of(service));
        }
        List<List<Service>> levels = new ArrayList<>();
        for (List<Node> level : new StartGraph(List.of(), nodes).levels(false)) {
            List<Service> stopped = new ArrayList<>();
            for (Node node : level) {
                Service service = wanted.get(node.name());
                if (service != null) {
                    stopped.add(service);
                }
            }
            if (!stopped.isEmpty()) {
                levels.add(stopped);
            }
        }
        Collections.reverse(levels);
        return levels;
    }

    /**
     * The levels of all nodes. Within a level they are in the order given.
     *
     * @param nodes whose names must fit: an unknown one is refused
     * @param others that are there too; their unknown names count for nothing
     * @throws ServiceException {@code INVALID}, for an unknown name, with the nearest, or for a circle, which is named whole
     */
    static List<List<Node>> levels(List<Node> nodes, List<Node> others) {
        return new StartGraph(nodes, others).levels(true);
    }
}
