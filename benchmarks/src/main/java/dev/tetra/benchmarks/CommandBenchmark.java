package dev.tetra.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code tsm} command beside {@code pm2}: list with 100 services, start and stop of one.
 *
 * <p>Arguments: the folder of this project, the {@code pm2} program, and how many rounds (default 21). Run it by
 * {@code benchmarks/run}.
 */
public final class CommandBenchmark {
    private static final int SERVICES = 100;

    private CommandBenchmark() {}

    /** Runs the comparison and prints its table. */
    public static void main(String[] args) throws IOException {
        String tsm = Path.of(args[0]).resolve("tsm").toAbsolutePath().toString();
        String pm2 = Path.of(args[1]).toAbsolutePath().toString();
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 21;
        Path scratch = Files.createTempDirectory("tsm-benchmark");
        Map<String, String> environment = new HashMap<>();
        environment.put("TETRA_DIR", scratch.resolve("tetra").toString());
        environment.put("PM2_HOME", scratch.resolve("pm2").toString());
        SideBySide runs = new SideBySide(environment, scratch.resolve("output"));
        try {
            compare(runs, tsm, pm2, rounds, scratch);
        } finally {
            end(runs, List.of(tsm, "delete", "*"));
            end(runs, List.of(tsm, "owner", "stop"));
            end(runs, List.of(pm2, "kill"));
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        runs.print(out, "tsm", "pm2");
    }

    private static void compare(SideBySide runs, String tsm, String pm2, int rounds, Path scratch) throws IOException {
        StringBuilder apps = new StringBuilder("{\"apps\":[");
        for (int i = 0; i < SERVICES; i++) {
            runs.run(List.of(tsm, "start", "--no-wait", "--name", "s" + i, "sleep", "100000"));
            apps.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"s")
                    .append(i)
                    .append("\",\"script\":\"sleep\",\"args\":\"100000\",\"interpreter\":\"none\"}");
        }
        Path ecosystem = scratch.resolve("ecosystem.json");
        Files.writeString(ecosystem, apps.append("]}"));
        runs.run(List.of(pm2, "start", ecosystem.toString()));
        runs.measure("list, 100 services", rounds, 0.4, round -> List.of(tsm, "list"), round -> List.of(pm2, "list"));
        runs.run(List.of(tsm, "delete", "*"));
        runs.run(List.of(pm2, "delete", "all"));
        runs.measure(
                "start one, owner running",
                rounds,
                0.7,
                round -> List.of(tsm, "start", "--no-wait", "--name", "one" + round, "sleep", "100000"),
                round -> List.of(
                        pm2, "start", "sleep", "--name", "one" + round, "--interpreter", "none", "--", "100000"));
        runs.measure(
                "stop one",
                rounds,
                0.3,
                round -> List.of(tsm, "stop", "one" + round),
                round -> List.of(pm2, "stop", "one" + round));
    }

    private static void end(SideBySide runs, List<String> words) {
        try {
            runs.run(words);
        } catch (IOException unclean) {
            System.err.println(unclean.getMessage());
        }
    }
}
