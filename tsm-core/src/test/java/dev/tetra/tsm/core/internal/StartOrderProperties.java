package dev.tetra.tsm.core.internal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.StartOrder.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StartOrderProperties {
    @Property(tries = 500)
    void everyEdgeGoesToAHigherLevelAndEveryServiceIsThereOnce(@ForAll("graphs") boolean[][] edges) {
        if (circular(edges)) {
            return;
        }
        Map<String, Integer> levels = levels(StartOrder.levels(nodes(edges), List.of()));
        assertThat(levels).hasSize(edges.length);
        for (int i = 0; i < edges.length; i++) {
            int highest = -1;
            for (int j = 0; j < edges.length; j++) {
                if (edges[i][j]) {
                    assertThat(level(levels, j)).isLessThan(level(levels, i));
                    highest = Math.max(highest, level(levels, j));
                }
            }
            assertThat(levels).as("as early as it can").containsEntry(name(i), highest + 1);
        }
    }

    @Property(tries = 500)
    void aCircleIsFoundIfThereIsOneAndNamedTruly(@ForAll("graphs") boolean[][] edges) {
        ServiceException refusal =
                catchThrowableOfType(ServiceException.class, () -> StartOrder.levels(nodes(edges), List.of()));
        if (!circular(edges)) {
            assertThat(refusal).isNull();
            return;
        }
        assertThat(requireNonNull(refusal).reason()).isEqualTo(Reason.INVALID);
        String message = String.valueOf(refusal.getMessage());
        String text = message.substring(message.indexOf(": ") + 2, message.indexOf(';'));
        List<String> circle = List.of(text.split(" → "));
        assertThat(circle.get(0)).isEqualTo(circle.get(circle.size() - 1));
        assertThat(circle.subList(1, circle.size())).doesNotHaveDuplicates();
        assertThat(circle).hasSizeGreaterThan(1);
        for (int i = 0; i + 1 < circle.size(); i++) {
            assertThat(edges[number(circle.get(i))][number(circle.get(i + 1))])
                    .as(text)
                    .isTrue();
        }
    }

    @Property(tries = 300)
    void everyServiceStopsOnceAndBeforeWhatItDependsOnUnlessTheyAreInACircle(
            @ForAll("graphs") boolean[][] edges, @ForAll long which) {
        List<Service> all = new ArrayList<>();
        List<Service> some = new ArrayList<>();
        for (Node node : nodes(edges)) {
            Service service = StartOrderTest.service(node.name(), node.first().toArray(new String[0]));
            all.add(service);
            if ((which >> all.size() & 1) == 1) {
                some.add(service);
            }
        }
        Map<String, Integer> levels = new HashMap<>();
        List<List<Service>> stopping = StartOrder.stopping(some, all);
        for (int i = 0; i < stopping.size(); i++) {
            for (Service service : stopping.get(i)) {
                assertThat(levels.put(service.name(), i)).isNull();
            }
        }
        assertThat(levels).hasSameSizeAs(some);
        boolean[][] reaches = reaches(edges);
        for (int i = 0; i < edges.length; i++) {
            for (int j = 0; j < edges.length; j++) {
                boolean both = levels.containsKey(name(i)) && levels.containsKey(name(j));
                if (both && reaches[i][j] && !reaches[j][i]) {
                    assertThat(level(levels, i)).isLessThan(level(levels, j));
                }
            }
        }
    }

    @Provide
    Arbitrary<boolean[][]> graphs() {
        return Arbitraries.integers()
                .between(1, 7)
                .flatMap(size -> Arbitraries.integers()
                        .between(0, size * size - 1)
                        .set()
                        .ofMaxSize(size + 3)
                        .map(pairs -> {
                            boolean[][] edges = new boolean[size][size];
                            pairs.forEach(pair -> edges[pair / size][pair % size] = true);
                            return edges;
                        }));
    }

    private static String name(int number) {
        return "s" + number;
    }

    private static int level(Map<String, Integer> levels, int number) {
        return requireNonNull(levels.get(name(number)));
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(1));
    }

    private static List<Node> nodes(boolean[][] edges) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < edges.length; i++) {
            List<String> first = new ArrayList<>();
            for (int j = 0; j < edges.length; j++) {
                if (edges[i][j]) {
                    first.add(name(j));
                }
            }
            nodes.add(new Node(name(i), List.of(), false, first));
        }
        return nodes;
    }

    private static Map<String, Integer> levels(List<List<Node>> levels) {
        Map<String, Integer> byName = new HashMap<>();
        for (int i = 0; i < levels.size(); i++) {
            for (Node node : levels.get(i)) {
                assertThat(byName.put(node.name(), i)).isNull();
            }
        }
        return byName;
    }

    /** Whether one can be reached from another, by Warshall's algorithm. */
    private static boolean[][] reaches(boolean[][] edges) {
        int size = edges.length;
        boolean[][] reaches = new boolean[size][];
        for (int i = 0; i < size; i++) {
            reaches[i] = edges[i].clone();
        }
        for (int k = 0; k < size; k++) {
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    reaches[i][j] |= reaches[i][k] && reaches[k][j];
                }
            }
        }
        return reaches;
    }

    private static boolean circular(boolean[][] edges) {
        boolean[][] reaches = reaches(edges);
        for (int i = 0; i < edges.length; i++) {
            if (reaches[i][i]) {
                return true;
            }
        }
        return false;
    }
}
