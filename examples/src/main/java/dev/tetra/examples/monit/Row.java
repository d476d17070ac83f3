package dev.tetra.examples.monit;

import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.ServiceType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the table knows of one service. <em>Immutable.</em>
 *
 * @param name its name
 * @param token tells it from one of the same name that was made later; empty where its meta.json cannot be read
 * @param id its id, where its meta.json can be read
 * @param status its status; empty where its meta.json cannot be read
 * @param pid its process, while one runs
 * @param port its port
 * @param cpu the processors it uses, in percent of one; empty at the first look and when it does not run
 * @param memory the bytes it has resident; empty when it does not run
 * @param uptime for how many seconds it runs; empty when it does not run
 * @param restarts how often it was started again
 * @param note what its health is, or why it is what it is; empty when there is nothing to say
 */
record Row(
        String name,
        String token,
        OptionalInt id,
        Optional<Status> status,
        OptionalLong pid,
        String port,
        OptionalInt cpu,
        OptionalLong memory,
        OptionalLong uptime,
        int restarts,
        String note) {

    /** A service at one moment, with what it uses as far as that is known. */
    static Row of(Service service, Optional<Meter.Reading> reading, Instant now) {
        boolean runs = service.run().isPresent() && service.startTime().isPresent();
        return new Row(
                service.name(),
                service.token(),
                OptionalInt.of(service.id()),
                Optional.of(service.status()),
                service.pid(),
                port(service),
                reading.isPresent() ? reading.get().percent() : OptionalInt.empty(),
                reading.isPresent() ? OptionalLong.of(reading.get().residentBytes()) : OptionalLong.empty(),
                runs ? OptionalLong.of(secondsSince(service.startTime().get(), now)) : OptionalLong.empty(),
                service.restarts(),
                note(service, now));
    }

    /** A service whose meta.json cannot be read. */
    static Row of(Inventory.Unreadable broken) {
        return new Row(
                broken.name(),
                "",
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                "-",
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                0,
                broken.why() + " (" + broken.file() + ")");
    }

    private static String port(Service service) {
        if (service.port().isPresent()) {
            return Integer.toString(service.port().getAsInt());
        }
        return service.launch().serviceType() == ServiceType.SOCKET ? "socket" : "-";
    }

    private static String note(Service service, Instant now) {
        if (!service.status().isRunning() && service.status() != Status.WAITING) {
            return ending(service, now);
        }
        Service.Health health = service.health();
        if (health.healthy().isPresent() && !health.healthy().get()) {
            String failures = health.failures() > 1 ? " (" + health.failures() + " times)" : "";
            return "unhealthy" + failures
                    + (health.text().isPresent() ? ": " + health.text().get() : "");
        }
        if (service.reason().isPresent()) {
            return service.reason().get();
        }
        return health.text().orElse(health.healthy().isPresent() ? "healthy" : "");
    }

    private static String ending(Service service, Instant now) {
        if (service.lastExit().isEmpty()) {
            return service.reason().orElse("never ran");
        }
        if (service.status() == Status.ERRORED) {
            // Narrow screens cut the end off, and how it ended says more than that it was given up.
            return service.lastExit().get().outcome().describe()
                    + (service.reason().isPresent() ? "; " + service.reason().get() : "");
        }
        return service.lastExit().get().outcome().describe() + ", "
                + Words.seconds(secondsSince(service.lastExit().get().time(), now)) + " ago";
    }

    private static long secondsSince(Instant time, Instant now) {
        return Math.max(0, now.getEpochSecond() - time.getEpochSecond());
    }

    /** Whether it runs, or is meant to. */
    boolean isActive() {
        return status.isPresent() && status.get().isActive();
    }

    /** The word for its status. */
    String statusText() {
        return status.isPresent() ? status.get().text() : "unreadable";
    }

    /** The colour of its status. */
    Ink statusInk() {
        return status.isPresent() ? Ink.of(status.get()) : Ink.RED;
    }
}
