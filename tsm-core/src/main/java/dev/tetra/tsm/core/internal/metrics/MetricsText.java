package dev.tetra.tsm.core.internal.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.metrics.Metrics.LogSizes;
import dev.tetra.tsm.ports.Listener;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes metrics with the Prometheus library, and is the only class that does. For one thread at a time. */
final class MetricsText {
    private static final double MILLIS = 1000.0;

    private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
    private final List<MetricSnapshot> others = new ArrayList<>();

    private MetricsText() {}

    static String of(
            Inventory inventory, List<Observation> seen, List<LogSizes> logs, Optional<OwnerFacts> owner, Instant now)
            throws IOException {
        MetricsText text = new MetricsText();
        for (int i = 0; i < inventory.services().size(); i++) {
            text.service(inventory.services().get(i), seen.get(i), logs.get(i), now);
        }
        text.gauge(
                "tsm_services_unreadable",
                "Service directories whose meta.json cannot be read.",
                Labels.EMPTY,
                inventory.unreadable().size());
        text.gauge(
                "tsm_owner_up", "Whether these metrics come from an owner.", Labels.EMPTY, owner.isPresent() ? 1 : 0);
        if (owner.isPresent()) {
            text.owner(owner.get());
        }
        return text.write();
    }

    private void service(Service service, Observation seen, LogSizes logs, Instant now) {
        Labels labels = Labels.of("service", service.name());
        gauge(
                "tsm_service_up",
                "Whether the service is online: its process runs, and is ready.",
                labels,
                service.status() == Status.ONLINE ? 1 : 0);
        for (Status status : Status.values()) {
            gauge(
                    "tsm_service_status",
                    "1 for the status that the service has, 0 for the others.",
                    labels.add("status", status.text()),
                    service.status() == status ? 1 : 0);
        }
        counter("tsm_service_restarts", "How often the service was started again.", labels, service.restarts());
        gauge(
                "tsm_service_unstable_restarts",
                "How often in a row it was started again after a run that was too short.",
                labels,
                service.unstableRestarts());
        if (service.run().isPresent()) {
            process(service, seen, labels, now);
        }
        if (service.lastExit().isPresent()) {
            exit(service.lastExit().get(), labels);
        }
        if (service.health().healthy().isPresent()) {
            gauge(
                    "tsm_service_healthy",
                    "What the last liveness probe found.",
                    labels,
                    service.health().healthy().get() ? 1 : 0);
            gauge(
                    "tsm_service_probe_failures",
                    "How many liveness probes failed in a row.",
                    labels,
                    service.health().failures());
        }
        String help = "Size of the service's current log.";
        gauge("tsm_service_log_bytes", help, labels.add("stream", "out"), logs.out());
        gauge("tsm_service_log_bytes", help, labels.add("stream", "err"), logs.err());
    }

    private void process(Service service, Observation seen, Labels labels, Instant now) {
        if (service.startTime().isPresent()) {
            Instant start = service.startTime().get();
            gauge(
                    "tsm_service_start_time_seconds",
                    "When its process was started, in seconds since the epoch.",
                    labels,
                    start.getEpochSecond());
            gauge(
                    "tsm_service_uptime_seconds",
                    "For how long its process runs.",
                    labels,
                    Math.max(0, now.toEpochMilli() - start.toEpochMilli()) / MILLIS);
        }
        counter(
                "tsm_service_cpu_seconds",
                "Processor time that its processes used.",
                labels,
                seen.cpu().toMillis() / MILLIS);
        gauge(
                "tsm_service_resident_memory_bytes",
                "Resident memory of its processes; shared pages count in each.",
                labels,
                seen.residentBytes());
        gauge(
                "tsm_service_processes",
                "How many processes belong to it.",
                labels,
                seen.pids().size());
        Map<String, Labels> ports = new TreeMap<>();
        for (Listener listener : seen.listeners()) {
            String type = listener.transport().text();
            Labels port = labels.merge(Labels.of("port", Integer.toString(listener.port()), "type", type));
            ports.put(listener.port() + "/" + type, port);
        }
        for (Labels port : ports.values()) {
            gauge("tsm_service_listening", "The ports that its processes have open.", port, 1);
        }
    }

    private void exit(Exit exit, Labels labels) {
        if (exit.outcome() instanceof Exit.Exited exited) {
            gauge("tsm_service_last_exit_code", "The last exit code, if there was one.", labels, exited.code());
        } else if (exit.outcome() instanceof Exit.Signalled signalled) {
            gauge(
                    "tsm_service_last_exit_signal",
                    "The signal that ended its last process, if one did.",
                    labels,
                    signalled.signal());
        }
        gauge(
                "tsm_service_last_exit_time_seconds",
                "When its last process ended, in seconds since the epoch.",
                labels,
                exit.time().getEpochSecond());
    }

    private void owner(OwnerFacts owner) {
        others.add(InfoSnapshot.builder()
                .name("tsm_owner")
                .help("The process that watches the services.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "pid", Long.toString(owner.pid()), "version", owner.version(), "java", owner.java()))
                        .build())
                .build());
        gauge("tsm_owner_threads", "Threads of the owner.", Labels.EMPTY, owner.threads());
        gauge("tsm_owner_heap_bytes", "What the owner's heap holds.", Labels.EMPTY, owner.heapBytes());
        gauge("tsm_owner_resident_memory_bytes", "Resident memory of the owner.", Labels.EMPTY, owner.residentBytes());
        String help = "Events that were lost: not written (log), or missed by a slow subscriber (subscriber).";
        counter("tsm_events_dropped", help, Labels.of("by", "log"), owner.unwritten());
        counter("tsm_events_dropped", help, Labels.of("by", "subscriber"), owner.missed());
    }

    /** Numbers of the format are doubles, which hold every whole number that occurs here. */
    private void gauge(String name, String help, Labels labels, long value) {
        gauge(name, help, labels, (double) value);
    }

    private void gauge(String name, String help, Labels labels, double value) {
        GaugeSnapshot.Builder gauge = gauges.get(name);
        if (gauge == null) {
            gauge = GaugeSnapshot.builder().name(name).help(help);
            gauges.put(name, gauge);
        }
        gauge.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
    }

    private void counter(String name, String help, Labels labels, long value) {
        counter(name, help, labels, (double) value);
    }

    /** The name is given without its {@code _total}, which the library adds. */
    private void counter(String name, String help, Labels labels, double value) {
        CounterSnapshot.Builder counter = counters.get(name);
        if (counter == null) {
            counter = CounterSnapshot.builder().name(name).help(help);
            counters.put(name, counter);
        }
        counter.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build());
    }

    private String write() throws IOException {
        for (GaugeSnapshot.Builder gauge : gauges.values()) {
            others.add(gauge.build());
        }
        for (CounterSnapshot.Builder counter : counters.values()) {
            others.add(counter.build());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        PrometheusTextFormatWriter.create()
                .write(bytes, new MetricSnapshots(others), EscapingScheme.UNDERSCORE_ESCAPING);
        return bytes.toString(UTF_8);
    }
}
