package dev.tetra.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The start of 100 services by one command, and their stop by another: until the command has ended <em>and</em> /proc shows
 * 100 processes, or none. The processes of all are counted after each command, so that nobody is quick by not doing it.
 */
final class StartAndStopRows {
    static final int SERVICES = 100;

    private static final Target START = Target.shareOf("pm2", 0.5);
    private static final Target STOP = Target.atMost(500);

    private final Scratch scratch;

    StartAndStopRows(Scratch scratch) {
        this.scratch = scratch;
    }

    /**
     * Measures the rows.
     *
     * @param embedded ours without a command, for rows of its own
     */
    void addTo(Table table, List<Contender> contenders, Contender embedded, int rounds) throws IOException {
        List<Hundred> all = new ArrayList<>();
        try {
            SideBySide sides = new SideBySide();
            List<Contender> everybody = new ArrayList<>(contenders);
            everybody.add(1, embedded);
            Map<String, List<Double>> stops = new LinkedHashMap<>();
            for (Contender contender : everybody) {
                Hundred hundred = new Hundred(contender, scratch);
                all.add(hundred);
                List<Double> stopped = new ArrayList<>();
                stops.put(contender.name(), stopped);
                sides.add(contender.name(), rounds, round -> {
                    double started = hundred.start();
                    double stop = hundred.stop();
                    if (round > 0) {
                        stopped.add(stop);
                    }
                    return started;
                });
            }
            Map<String, Samples> starts = sides.warmUp().run();
            table.add("start 100 by one command, ms", starts, Optional.of(START));
            table.add("start 100 through the library, ms", withOurs(starts, embedded), Optional.of(START));
            Map<String, Samples> ends = new HashMap<>();
            stops.forEach((name, values) -> ends.put(name, Samples.of(values)));
            table.add("stop 100 by one command, ms", ends, Optional.of(STOP));
            table.add("stop 100 through the library, ms", withOurs(ends, embedded), Optional.of(STOP));
        } finally {
            for (Hundred hundred : all) {
                hundred.supervisor.end();
            }
        }
    }

    private static Map<String, Samples> withOurs(Map<String, Samples> sides, Contender embedded) {
        Map<String, Samples> changed = new HashMap<>(sides);
        Samples ours = sides.get(embedded.name());
        if (ours != null) {
            changed.put(Contender.TSM, ours);
        }
        return changed;
    }

    /** One supervisor's services. */
    private static final class Hundred {
        private final String name;
        private final List<String> words;
        private final Supervisor supervisor;

        Hundred(Contender contender, Scratch scratch) throws IOException {
            String seconds = scratch.uniqueSeconds();
            name = contender.name();
            words = List.of("sleep", seconds);
            supervisor = contender.open(scratch, Program.sleeps(SERVICES, seconds));
        }

        double start() throws IOException {
            return (supervisor.start() + awaitRunning(SERVICES)) / 1e6;
        }

        double stop() throws IOException {
            long taken = supervisor.stop() + awaitRunning(0);
            supervisor.forget();
            return taken / 1e6;
        }

        /** Waits for that number of processes. @return how long that took; nothing if the first look showed them */
        private long awaitRunning(int wanted) throws IOException {
            if (Processes.running(words) == wanted) {
                return 0;
            }
            long begin = System.nanoTime();
            Await.that(wanted + " processes of " + name + " run", () -> Processes.running(words) == wanted);
            return System.nanoTime() - begin;
        }
    }
}
