package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.StartOrder.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who starts before whom, by number. <em>For one thread at a time.</em> */
final class StartGraph {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Set<Integer>> first = new ArrayList<>();
    private final List<List<Integer>> next = new ArrayList<>();
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<String, List<Integer>> byOther = new HashMap<>();
    private final List<StartOrder.Unknown> unknown = new ArrayList<>();

    StartGraph(List<Node> checked, List<Node> others) {
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
                    unknown.add(unknown(nodes.get(i), name));
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

    private StartOrder.Unknown unknown(Node node, String name) {
        List<String> nearest = ServiceNames.nearest(name, byName.keySet());
        return new StartOrder.Unknown(
                node.name(),
                name,
                "service " + node.name() + " comes after " + name + ", which no service here is called; "
                        + (nearest.isEmpty() ? "add it, or take it out" : nearest.get(0) + "?"));
    }

    /** The names of those checked that nobody has. */
    List<StartOrder.Unknown> unknown() {
        return unknown;
    }

    /** All that a name means and whatever they wait for, by number. @throws ServiceException for a name that nobody has */
    Set<Integer> withThoseBefore(String name, String where) {
        List<Integer> meant = fitting(name);
        if (meant.isEmpty()) {
            List<String> nearest = ServiceNames.nearest(name, byName.keySet());
            throw new ServiceException(
                    Reason.NOT_FOUND,
                    where + " has no service named " + name
                            + (nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + '?'));
        }
        Set<Integer> all = new LinkedHashSet<>(meant);
        for (int one : meant) {
            all.addAll(below(one, new boolean[nodes.size()]));
        }
        return all;
    }

    List<List<Node>> levels(boolean refuse) {
        if (refuse && !unknown.isEmpty()) {
            throw new ServiceException(Reason.INVALID, unknown.get(0).sentence());
        }
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
                if (refuse) {
                    throw new ServiceException(
                            Reason.INVALID, told(names(circle(placed))).sentence());
                }
                level = knot(placed);
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

    /** Those left that wait for each other and for nobody else that is left. */
    private List<Integer> knot(boolean[] placed) {
        int at = circle(placed).get(0);
        Set<Integer> below = below(at, placed);
        boolean lowest = false;
        while (!lowest) {
            lowest = true;
            for (int one : below) {
                Set<Integer> lower = below(one, placed);
                if (!lower.contains(at)) {
                    at = one;
                    below = lower;
                    lowest = false;
                    break;
                }
            }
        }
        return new ArrayList<>(below);
    }

    /** All those left that one waits for, by others too. */
    private Set<Integer> below(int at, boolean[] placed) {
        Set<Integer> below = new LinkedHashSet<>();
        ArrayDeque<Integer> open = new ArrayDeque<>(List.of(at));
        while (!open.isEmpty()) {
            for (int before : first.get(open.remove())) {
                if (!placed[before] && below.add(before)) {
                    open.add(before);
                }
            }
        }
        return below;
    }

    /** Some that wait for each other in a circle, if any do. */
    Optional<StartOrder.Circle> circle() {
        boolean[] placed = new boolean[nodes.size()];
        boolean grew = true;
        int left = nodes.size();
        while (grew) {
            grew = false;
            for (int i = 0; i < placed.length; i++) {
                if (!placed[i] && arePlaced(first.get(i), placed)) {
                    placed[i] = true;
                    grew = true;
                    left--;
                }
            }
        }
        return left == 0 ? Optional.empty() : Optional.of(told(names(circle(placed))));
    }

    private static boolean arePlaced(Set<Integer> some, boolean[] placed) {
        for (int one : some) {
            if (!placed[one]) {
                return false;
            }
        }
        return true;
    }

    private List<String> names(List<Integer> numbers) {
        List<String> names = new ArrayList<>();
        for (int number : numbers) {
            names.add(nodes.get(number).name());
        }
        return names;
    }

    private static StartOrder.Circle told(List<String> names) {
        return new StartOrder.Circle(
                names,
                "services wait for each other in a circle: " + String.join(" → ", names) + " → " + names.get(0)
                        + "; take one depends_on or parent of these out");
    }
}
