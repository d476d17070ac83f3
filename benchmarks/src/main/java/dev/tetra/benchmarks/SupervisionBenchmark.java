package dev.tetra.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Supervision beside pm2, supervisord, s6 and runit: restart, start and stop of 100, memory, logs. Whoever is not installed is
 * left out.
 *
 * <p>Arguments: the folder of this project, the {@code pm2} program, and how many rounds (default 30; the slow rows take fewer).
 * Run it by {@code benchmarks/run}.
 */
public final class SupervisionBenchmark {
    private static final int START_ROUNDS = 10;
    private static final int MEMORY_ROUNDS = 3;
    private static final int LOG_ROUNDS = 20;
    private static final int PEERS_LOG_ROUNDS = 5;

    private SupervisionBenchmark() {}

    /** Runs the comparison and prints its tables. */
    public static void main(String[] args) throws IOException {
        String tsm = Path.of(args[0]).resolve("tsm").toAbsolutePath().toString();
        String pm2 = Path.of(args[1]).toAbsolutePath().toString();
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Scratch scratch = Scratch.open()) {
            List<Contender> contenders = contenders(tsm, pm2, out);
            List<String> names =
                    new ArrayList<>(contenders.stream().map(Contender::name).toList());
            names.remove(Contender.TSM);
            Table table = new Table(Contender.TSM, names);
            System.err.println("restarting, " + rounds + " rounds");
            new RestartRow(scratch).addTo(table, contenders, rounds);
            scratch.endLeftovers("restarting");
            System.err.println("starting and stopping 100");
            Contender embedded = new Contender("tsm embedded", EmbeddedTsm.opener(tsm));
            new StartAndStopRows(scratch).addTo(table, contenders, embedded, Math.min(rounds, START_ROUNDS));
            scratch.endLeftovers("starting and stopping");
            System.err.println("looking at memory");
            new MemoryRows(scratch).addTo(table, contenders, Math.min(rounds, MEMORY_ROUNDS));
            scratch.endLeftovers("looking at memory");
            table.print(out);
            out.println();
            System.err.println("writing logs");
            int ours = Math.min(rounds, LOG_ROUNDS);
            new LogRows(scratch).print(out, contenders, ours, Math.min(rounds, PEERS_LOG_ROUNDS));
        }
    }

    private static List<Contender> contenders(String tsm, String pm2, PrintStream out) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender(Contender.TSM, Tsm.opener(tsm)));
        add(contenders, Files.isExecutable(Path.of(pm2)), "pm2", Pm2.opener(pm2), out);
        add(contenders, Commands.isInstalled("supervisord"), "supervisord", Supervisord::open, out);
        add(contenders, Commands.isInstalled("s6-svscan"), "s6", S6::open, out);
        add(contenders, Commands.isInstalled("runsvdir"), "runit", Runit::open, out);
        return contenders;
    }

    private static void add(
            List<Contender> contenders, boolean installed, String name, Supervisor.Opener opener, PrintStream out) {
        if (installed) {
            contenders.add(new Contender(name, opener));
        } else {
            out.println(name + " is not installed, and left out.");
        }
    }
}
