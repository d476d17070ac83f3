package dev.tetra.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The memory of a supervisor that has just started 100 services and has been idle since. Brought up anew for each round, one
 * at a time: the proportional set depends on who else runs the same programs.
 */
final class MemoryRows {
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final int SERVICES = StartAndStopRows.SERVICES;

    private final Scratch scratch;
    private final Map<String, List<Double>> ownersRss = new LinkedHashMap<>();
    private final Map<String, List<Double>> allRss = new LinkedHashMap<>();
    private final Map<String, List<Double>> allPss = new LinkedHashMap<>();
    private final Map<String, List<Double>> pssPerService = new LinkedHashMap<>();

    MemoryRows(Scratch scratch) {
        this.scratch = scratch;
    }

    /** Measures the rows. */
    void addTo(Table table, List<Contender> contenders, int rounds) throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : contenders) {
                measure(contender);
            }
        }
        table.add(
                "100 running: RSS of the owner (peers: of all their processes), MB",
                samples(ownersRss),
                Optional.of(Target.shareOf("pm2", 1)));
        table.add("RSS of all processes, what is shared once for each, MB", samples(allRss), Optional.empty());
        table.add("PSS of all processes, MB", samples(allPss), Optional.empty());
        table.add(
                "PSS for each service of what waits for it, MB",
                samples(pssPerService),
                Optional.of(Target.atMost(0.35)));
    }

    private void measure(Contender contender) throws IOException {
        String seconds = scratch.uniqueSeconds();
        try (Supervisor supervisor = contender.open(scratch, Program.sleeps(SERVICES, seconds))) {
            supervisor.start();
            Await.that(
                    SERVICES + " processes of " + contender.name() + " run",
                    () -> Processes.running(List.of("sleep", seconds)) == SERVICES);
            Await.pause(IDLE);
            note(contender.name(), supervisor.managers(), supervisor.attendants());
        }
    }

    private void note(String name, List<Long> managers, List<Long> attendants) throws IOException {
        double managersRss = Processes.rss(managers);
        double attendantsRss = Processes.rss(attendants);
        double attendantsPss = Processes.pss(attendants);
        boolean ours = name.equals(Contender.TSM);
        add(ownersRss, name, ours ? managersRss : managersRss + attendantsRss);
        add(allRss, name, managersRss + attendantsRss);
        add(allPss, name, Processes.pss(managers) + attendantsPss);
        if (!attendants.isEmpty()) {
            add(pssPerService, name, attendantsPss / SERVICES);
        }
    }

    private static void add(Map<String, List<Double>> values, String name, double value) {
        values.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
    }

    private static Map<String, Samples> samples(Map<String, List<Double>> values) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        values.forEach((name, taken) -> samples.put(name, Samples.of(taken)));
        return samples;
    }
}
