package dev.tetra.examples.monit;

import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.Service;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What services use: their memory now, and their processor time between one look and the next. <em>For one thread at a time.</em> */
final class Meter {
    private static final int PERCENT = 100;

    private Map<String, Reading> readings = new HashMap<>();

    /**
     * What a service used at one look. <em>Immutable.</em>
     *
     * @param pid its process; what another one of it uses is not known by this
     * @param residentBytes the resident sets of all its processes
     * @param used the processor time of all its processes up to then
     * @param percent what of that it used since the look before, in percent of one processor: 250 is two and a half; empty
     *     when its process was not there then
     * @param nanos when that was, as {@link System#nanoTime()} counts
     */
    record Reading(long pid, long residentBytes, Duration used, OptionalInt percent, long nanos) {}

    /**
     * Takes the readings of a look. What a child used that has ended since is not counted, as nobody knows it any more.
     *
     * @param seen what each of the services uses, in their order
     * @param nanos the time of the look
     */
    void read(List<Service> services, List<Observation> seen, long nanos) {
        Map<String, Reading> now = new HashMap<>();
        for (int i = 0; i < services.size(); i++) {
            Service service = services.get(i);
            if (service.pid().isPresent()) {
                long pid = service.pid().getAsLong();
                Observation one = seen.get(i);
                OptionalInt percent = percent(readings.get(service.token()), pid, one.cpu(), nanos);
                now.put(service.token(), new Reading(pid, one.residentBytes(), one.cpu(), percent, nanos));
            }
        }
        readings = now;
    }

    private static OptionalInt percent(@Nullable Reading before, long pid, Duration used, long nanos) {
        if (before == null || before.pid() != pid || nanos <= before.nanos()) {
            return OptionalInt.empty();
        }
        double spent = Math.max(0, used.minus(before.used()).toNanos());
        return OptionalInt.of((int) Math.round(PERCENT * spent / (nanos - before.nanos())));
    }

    /** The last reading of the process that the service has now. */
    Optional<Reading> of(Service service) {
        Reading reading = readings.get(service.token());
        return reading != null && service.pid().isPresent() && service.pid().getAsLong() == reading.pid()
                ? Optional.of(reading)
                : Optional.empty();
    }
}
