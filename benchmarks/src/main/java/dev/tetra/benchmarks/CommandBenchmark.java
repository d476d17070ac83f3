package dev.tetra.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code tsm} command beside {@code pm2}: list with 100 services, start and stop of one.
 *
 * <p>Arguments: the folder of this project, the {@code pm2} program, and how many rounds (default 21). Run it by
 * {@code benchmarks/run}.
 */
public final class CommandBenchmark {
    private static final int SERVICES = 100;

    private final String tsm;
    private final String pm2;
    private final int rounds;
    private final Commands commands;
    private final Table table = new Table(Contender.TSM, List.of("pm2"));

    private CommandBenchmark(String tsm, String pm2, int rounds, Commands commands) {
        this.tsm = tsm;
        this.pm2 = pm2;
        this.rounds = rounds;
        this.commands = commands;
    }

    /** Runs the comparison and prints its table. */
    public static void main(String[] args) throws IOException {
        String tsm = Path.of(args[0]).resolve("tsm").toAbsolutePath().toString();
        String pm2 = Path.of(args[1]).toAbsolutePath().toString();
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 21;
        try (Scratch scratch = Scratch.open()) {
            Path home = scratch.home("command");
            CommandBenchmark benchmark = new CommandBenchmark(tsm, pm2, rounds, scratch.commands(home));
            try {
                benchmark.compare(home);
            } finally {
                benchmark.end(List.of(tsm, "delete", "*"));
                benchmark.end(List.of(tsm, "owner", "stop"));
                benchmark.end(List.of(pm2, "kill"));
            }
            benchmark.table.print(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        }
    }

    private void compare(Path home) throws IOException {
        List<Program> services = Program.sleeps(SERVICES, "100000");
        for (Program service : services) {
            commands.run(List.of(tsm, "start", "--no-wait", "--name", service.name()), service.words());
        }
        Path ecosystem = home.resolve("ecosystem.json");
        Files.writeString(ecosystem, Pm2.json(services));
        commands.run(List.of(pm2, "start", ecosystem.toString()));
        measure("list, 100 services, ms", 0.4, round -> List.of(tsm, "list"), round -> List.of(pm2, "list"));
        commands.run(List.of(tsm, "delete", "*"));
        commands.run(List.of(pm2, "delete", "all"));
        measure(
                "start one (`--no-wait`), owner running, ms",
                0.7,
                round -> List.of(tsm, "start", "--no-wait", "--name", "one" + round, "sleep", "100000"),
                round -> List.of(
                        pm2, "start", "sleep", "--name", "one" + round, "--interpreter", "none", "--", "100000"));
        measure(
                "stop one, ms",
                0.3,
                round -> List.of(tsm, "stop", "one" + round),
                round -> List.of(pm2, "stop", "one" + round));
    }

    /** The words of the command for one round. */
    private interface Words {
        List<String> of(int round);
    }

    private void measure(String what, double target, Words ours, Words peers) throws IOException {
        Map<String, Samples> samples = new SideBySide()
                .add(Contender.TSM, rounds, round -> commands.run(ours.of(round)) / 1e6)
                .add("pm2", rounds, round -> commands.run(peers.of(round)) / 1e6)
                .warmUp()
                .run();
        table.add(what, samples, Optional.of(Target.shareOf("pm2", target)));
    }

    private void end(List<String> words) {
        try {
            commands.run(words);
        } catch (IOException unclean) {
            System.err.println(unclean.getMessage());
        }
    }
}
