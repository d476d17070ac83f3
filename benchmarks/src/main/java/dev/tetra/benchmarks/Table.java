package dev.tetra.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of medians, ours first, and how they compare, as a Markdown table. <em>For one thread at a time.</em> */
final class Table {
    private final String ours;
    private final List<String> peers;
    private final List<String> rows = new ArrayList<>();

    /**
     * @param ours the side that is compared
     * @param peers the others; the first one has a column of ratios to it
     */
    Table(String ours, List<String> peers) {
        this.ours = ours;
        this.peers = List.copyOf(peers);
    }

    /** Adds a row of the sides that took part. */
    void add(String what, Map<String, Samples> sides, Optional<Target> target) {
        Samples our = sides.get(ours);
        StringBuilder row = new StringBuilder("| " + what + " | " + text(our));
        double best = Double.POSITIVE_INFINITY;
        for (String peer : peers) {
            Samples samples = sides.get(peer);
            row.append(" | ").append(text(samples));
            best = samples == null ? best : Math.min(best, samples.median());
        }
        Samples first = peers.isEmpty() ? null : sides.get(peers.get(0));
        if (!peers.isEmpty()) {
            row.append(" | ").append(ratio(our, first == null ? Double.POSITIVE_INFINITY : first.median()));
        }
        if (peers.size() > 1) {
            row.append(" | ").append(ratio(our, best));
        }
        row.append(" | ").append(target.map(Target::toString).orElse(""));
        row.append(" | ")
                .append(target.isPresent() && our != null ? target.get().verdict(our.median(), sides) : "")
                .append(" |");
        rows.add(row.toString());
    }

    private static String text(@Nullable Samples samples) {
        return samples == null ? "-" : samples.toString();
    }

    private static String ratio(@Nullable Samples our, double peer) {
        return our == null || Double.isInfinite(peer) ? "-" : String.format(Locale.ROOT, "%.2f", our.median() / peer);
    }

    /** Prints it. */
    void print(PrintStream out) {
        StringBuilder head = new StringBuilder("| | ").append(ours);
        for (String peer : peers) {
            head.append(" | ").append(peer);
        }
        head.append(peers.isEmpty() ? "" : " | to " + peers.get(0));
        head.append(peers.size() > 1 ? " | to the best peer" : "").append(" | target | |");
        out.println(head);
        out.println("|"
                + " --- |".repeat((int) head.chars().filter(c -> c == '|').count() - 1));
        rows.forEach(out::println);
    }
}
