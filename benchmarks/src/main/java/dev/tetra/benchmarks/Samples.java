package dev.tetra.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What was measured for one side, in any unit. <em>Immutable.</em> */
final class Samples {
    private final double[] sorted;

    private Samples(double[] sorted) {
        this.sorted = sorted;
    }

    /** @throws IllegalArgumentException without values */
    static Samples of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    /** The value in the middle; of an even number of them, the upper of the two. */
    double median() {
        return sorted[sorted.length / 2];
    }

    /** The median, the least and the greatest: {@code 12.4 (7.0-18.4)}. */
    @Override
    public String toString() {
        String form = median() < 2 ? "%.2f" : median() < 20 ? "%.1f" : "%.0f";
        return String.format(
                Locale.ROOT, form + " (" + form + "-" + form + ")", median(), sorted[0], sorted[sorted.length - 1]);
    }
}
