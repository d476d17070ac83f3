package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
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
     * The levels in which these specs start beside the services that are there, those that they replace aside.
     *
     * @param specs each with a name of its own
     * @param present the services of the runtime directory, on which the specs may depend too
     * @throws ServiceException {@code INVALID}, if one depends on what neither list has, or on itself by a circle
     */
    public static List<List<ServiceSpec>> starting(List<ServiceSpec> specs, Collection<Service> present) {
        List<Node> nodes = new ArrayList<>();
        Map<String, ServiceSpec> byName = new HashMap<>();
        Set<String> replaced = new LinkedHashSet<>();
        for (ServiceSpec spec : specs) {
            Node node = Node.of(spec);
            nodes.add(node);
            byName.put(node.name(), spec);
            replaced.add(node.name());
            replaced.addAll(node.others());
        }
        List<Node> others = new ArrayList<>();
        for (Service service : present) {
            if (!replaced.contains(service.name()) && !replaced.contains(service.baseName())) {
                others.add(Node.of(service));
            }
        }
        List<List<ServiceSpec>> levels = new ArrayList<>();
        for (List<Node> level : levels(nodes, others)) {
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
        for (List<Node> level : new Graph(List.of(), nodes).levels(false)) {
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
        return new Graph(nodes, others).levels(true);
    }

    /** Who comes before whom, by number. */
    private static final class Graph {
        private final List<Node> nodes = new ArrayList<>();
        private final List<Set<Integer>> first = new ArrayList<>();
        private final List<List<Integer>> next = new ArrayList<>();
        private final Map<String, Integer> byName = new HashMap<>();
        private final Map<String, List<Integer>> byOther = new HashMap<>();

        Graph(List<Node> checked, List<Node> others) {
            nodes.addAll(checked);
            nodes.addAll(others);
            for (int i = 0; i < nodes.size(); i++) {
                if (byName.put(nodes.get(i).name(), i) != null) {
                    throw new ServiceException(
                            Reason.INVALID,
                            "two services are called " + nodes.get(i).name() + "; rename one");
                }
                for (String other : nodes.get(i).others()) {
                    byOther.computeIfAbsent(other, name -> new ArrayList<>()).add(i);
                }
                next.add(new ArrayList<>());
            }
            for (int i = 0; i < nodes.size(); i++) {
                Set<Integer> before = new LinkedHashSet<>();
                for (String name : nodes.get(i).first()) {
                    List<Integer> fitting = fitting(name);
                    if (fitting.isEmpty() && i < checked.size()) {
                        throw unknown(nodes.get(i), name);
                    }
                    before.addAll(fitting);
                }
                first.add(before);
                for (int one : before) {
                    next.get(one).add(i);
                }
            }
        }

        /** All that a name means: the one that is called so, else all that answer to it. */
        private List<Integer> fitting(String name) {
            Integer exact = byName.get(name);
            if (exact != null) {
                return List.of(exact);
            }
            List<Integer> others = byOther.get(name);
            if (others != null) {
                return others;
            }
            Integer open = byName.get(ServiceNames.withoutPort(name));
            return open != null && nodes.get(open).anyPort() ? List.of(open) : List.of();
        }

        private ServiceException unknown(Node node, String name) {
            List<String> nearest = ServiceNames.nearest(name, byName.keySet());
            return new ServiceException(
                    Reason.INVALID,
                    "service " + node.name() + " comes after " + name + ", which no service here is called; "
                            + (nearest.isEmpty() ? "add it, or take it out" : nearest.get(0) + "?"));
        }

        List<List<Node>> levels(boolean refuseCircles) {
            int[] missing = new int[nodes.size()];
            List<Integer> level = new ArrayList<>();
            for (int i = 0; i < missing.length; i++) {
                missing[i] = first.get(i).size();
                if (missing[i] == 0) {
                    level.add(i);
                }
            }
            boolean[] placed = new boolean[nodes.size()];
            int left = nodes.size();
            List<List<Node>> levels = new ArrayList<>();
            while (left > 0) {
                if (level.isEmpty()) {
                    level = circle(placed);
                    if (refuseCircles) {
                        throw refused(level);
                    }
                }
                Collections.sort(level);
                List<Node> together = new ArrayList<>();
                for (int i : level) {
                    placed[i] = true;
                    together.add(nodes.get(i));
                }
                levels.add(together);
                left -= level.size();
                level = freed(level, missing, placed);
            }
            return levels;
        }

        /** Those that waited for no more than the ones just placed. */
        private List<Integer> freed(List<Integer> level, int[] missing, boolean[] placed) {
            List<Integer> freed = new ArrayList<>();
            for (int i : level) {
                for (int dependant : next.get(i)) {
                    missing[dependant]--;
                    if (missing[dependant] == 0 && !placed[dependant]) {
                        freed.add(dependant);
                    }
                }
            }
            return freed;
        }

        /** A circle among those that are left, each of which waits for another that is: following them leads into one. */
        private List<Integer> circle(boolean[] placed) {
            int at = 0;
            while (placed[at]) {
                at++;
            }
            LinkedHashSet<Integer> path = new LinkedHashSet<>();
            while (path.add(at)) {
                for (int before : first.get(at)) {
                    if (!placed[before]) {
                        at = before;
                        break;
                    }
                }
            }
            List<Integer> circle = new ArrayList<>(path);
            return new ArrayList<>(circle.subList(circle.indexOf(at), circle.size()));
        }

        private ServiceException refused(List<Integer> circle) {
            StringBuilder text = new StringBuilder("services wait for each other in a circle: ");
            for (int i : circle) {
                text.append(nodes.get(i).name()).append(" → ");
            }
            text.append(nodes.get(circle.get(0)).name()).append("; take one depends_on or parent of these out");
            return new ServiceException(Reason.INVALID, text.toString());
        }
    }
}
