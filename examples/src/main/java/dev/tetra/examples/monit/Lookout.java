package dev.tetra.examples.monit;

import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at the services once a second, and when told, on a thread of its own. <em>Safe for use by many threads.</em> */
final class Lookout implements AutoCloseable {
    private static final long EVERY_MILLIS = 1000;

    /**
     * What services use is found by going through all processes of the machine. That is done seldom enough to take less
     * than a hundredth of a processor, and yet every few seconds.
     */
    private static final int MEASURING_PAUSE = 200;

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Supervision supervision;
    private final Consumer<Look> sink;
    private final Thread thread = new Thread(this::run, "tsm-monit-look");
    private final Meter meter = new Meter();
    private long measureDue = System.nanoTime();
    private volatile Map<String, Service> services = Map.of();
    private List<Row> rows = List.of();

    /** Whether somebody does not want to wait; guarded by this. */
    private boolean wanted;

    /** @param sink takes each look, on the lookout's thread */
    Lookout(Supervision supervision, Consumer<Look> sink) {
        this.supervision = supervision;
        this.sink = sink;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Looks again at once. */
    synchronized void lookNow() {
        wanted = true;
        notifyAll();
    }

    /** The service of that name at the last look; null if there was none, or none that could be read. */
    @Nullable Service service(String name) {
        return services.get(name);
    }

    private void run() {
        try {
            while (true) {
                sink.accept(look());
                await();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void await() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
        while (!wanted) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        wanted = false;
    }

    private Look look() {
        Optional<String> problem = Optional.empty();
        OptionalLong owner = OptionalLong.empty();
        try {
            owner = supervision.owner();
            rows = rows(supervision.directory().read());
        } catch (IOException | RuntimeException failed) {
            problem = Optional.of(supervision.sentence(failed));
        }
        return new Look(
                supervision.directory().toString(),
                owner,
                rows,
                problem,
                LocalDateTime.now(ZoneId.systemDefault()),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
    }

    private List<Row> rows(Inventory inventory) {
        List<Service> all = inventory.services();
        measure(all);
        Instant now = Instant.now();
        List<Row> read = new ArrayList<>();
        Map<String, Service> byName = new HashMap<>();
        for (Service service : all) {
            read.add(Row.of(service, meter.of(service), now));
            byName.put(service.name(), service);
        }
        for (Inventory.Unreadable broken : inventory.unreadable()) {
            read.add(Row.of(broken));
        }
        services = byName;
        return read;
    }

    private void measure(List<Service> all) {
        long begin = System.nanoTime();
        if (begin - measureDue < 0) {
            return;
        }
        meter.read(all, supervision.directory().observe(all), begin);
        long pause = MEASURING_PAUSE * (System.nanoTime() - begin);
        measureDue = begin + Math.min(pause, LONGEST_PAUSE_NANOS);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
