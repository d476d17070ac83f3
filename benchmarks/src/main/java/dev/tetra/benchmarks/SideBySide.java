package dev.tetra.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the sides in turn, round by round, so that what disturbs the machine disturbs all of them. <em>For one thread at
 * a time.</em>
 */
final class SideBySide {
    private final List<Side> sides = new ArrayList<>();

    /** What is done for one side in one round, and measured. */
    interface Measure {
        /** @param round from 1 on; 0 to warm up */
        double take(int round) throws IOException;
    }

    private record Side(String name, int rounds, Measure measure) {}

    /** Adds a side. */
    SideBySide add(String name, int rounds, Measure measure) {
        sides.add(new Side(name, rounds, measure));
        return this;
    }

    /** Takes each side once for nothing. */
    SideBySide warmUp() throws IOException {
        for (Side side : sides) {
            side.measure.take(0);
        }
        return this;
    }

    /** What each side took, by its name. */
    Map<String, Samples> run() throws IOException {
        Map<String, List<Double>> taken = new LinkedHashMap<>();
        boolean more = true;
        for (int round = 1; more; round++) {
            more = false;
            for (Side side : sides) {
                if (round <= side.rounds) {
                    taken.computeIfAbsent(side.name, name -> new ArrayList<>()).add(side.measure.take(round));
                    more = true;
                }
            }
        }
        Map<String, Samples> samples = new LinkedHashMap<>();
        taken.forEach((name, values) -> samples.put(name, Samples.of(values)));
        return samples;
    }
}
