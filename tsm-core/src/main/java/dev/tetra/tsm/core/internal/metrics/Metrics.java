package dev.tetra.tsm.core.internal.metrics;

import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceLogs;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Metrics of all services and of the owner, in Prometheus' text format 0.0.4. */
public final class Metrics {
    private Metrics() {}

    /**
     * How much a service wrote that is still in its current logs.
     *
     * @param out bytes of standard output
     * @param err bytes of standard error
     */
    public record LogSizes(long out, long err) {}

    /**
     * The text of these services, with one look at the process table and at their logs.
     *
     * @param owner the owner that speaks; empty where the disk is read
     * @throws IOException if the Prometheus library is not there
     */
    public static String read(RuntimeDirectory directory, Inventory inventory, Optional<OwnerFacts> owner)
            throws IOException {
        List<LogSizes> logs = new ArrayList<>();
        for (Service service : inventory.services()) {
            ServiceLogs files = directory.logs(service);
            logs.add(new LogSizes(
                    files.out().toFile().length(), files.err().toFile().length()));
        }
        return text(inventory, directory.observe(inventory.services()), logs, owner, Instant.now());
    }

    /**
     * The text that says that.
     *
     * @param seen one for each service of the inventory, in its order
     * @param logs the same
     * @throws IOException if the Prometheus library is not there
     */
    public static String text(
            Inventory inventory, List<Observation> seen, List<LogSizes> logs, Optional<OwnerFacts> owner, Instant now)
            throws IOException {
        try {
            return MetricsText.of(inventory, seen, logs, owner, now);
        } catch (NoClassDefFoundError absent) {
            throw new IOException(
                    "metrics need the library io.prometheus:prometheus-metrics-exposition-textformats, which is not on the"
                            + " class path; add it to the program that embeds tsm-core",
                    absent);
        }
    }
}
