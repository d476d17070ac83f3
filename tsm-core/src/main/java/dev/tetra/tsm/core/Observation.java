package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.ports.Listener;
import java.time.Duration;
import java.util.List;

/**
 * What the processes of a service really use and have open, at one moment. <em>Immutable.</em>
 *
 * @param pids its process and all descendants, ascending
 * @param residentBytes the sum of their resident sets; shared pages count in each
 * @param cpu the processor time they used since they were started
 * @param uptime how long its own process runs, by the kernel's clock
 * @param listeners the sockets that they listen on or have bound
 */
public record Observation(
        List<Long> pids, long residentBytes, Duration cpu, Duration uptime, List<Listener> listeners) {
    public Observation {
        pids = List.copyOf(pids);
        requireNonNull(cpu, "cpu");
        requireNonNull(uptime, "uptime");
        listeners = List.copyOf(listeners);
    }
}
