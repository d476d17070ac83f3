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

    /**
     * How much of one processor they used since the service was started, in percent; 200 is two processors. Of two looks, at
     * one moment each, {@link #cpuPercentSince} says how much they use now.
     */
    public double cpuPercent() {
        return percent(cpu, uptime);
    }

    /**
     * How much of one processor they used between the two looks, in percent. The time between them is the kernel's, so that no
     * clock is needed. Processor time of a process that ended between them is not counted; after a restart, all of the new run
     * is.
     *
     * @param earlier what was seen of the same service before
     */
    public double cpuPercentSince(Observation earlier) {
        boolean sameRun = uptime.compareTo(earlier.uptime) >= 0;
        return sameRun ? percent(cpu.minus(earlier.cpu), uptime.minus(earlier.uptime)) : cpuPercent();
    }

    private static double percent(Duration used, Duration time) {
        return time.isZero() || used.isNegative() ? 0 : 100.0 * used.toMillis() / time.toMillis();
    }
}
