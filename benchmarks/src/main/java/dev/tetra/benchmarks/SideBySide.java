package dev.tetra.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a command of ours and one of a peer in turn, so that what disturbs the machine disturbs both, and compares the
 * medians. <em>For one thread at a time.</em>
 */
final class SideBySide {
    private final Map<String, String> environment;
    private final Path log;
    private final List<String> rows = new ArrayList<>();

    SideBySide(Map<String, String> environment, Path log) {
        this.environment = environment;
        this.log = log;
    }

    /** The words of the command for one round. */
    interface Command {
        List<String> words(int round);
    }

    /** Measures one row. */
    void measure(String what, int rounds, double target, Command ours, Command peers) throws IOException {
        run(ours.words(0));
        run(peers.words(0));
        long[] our = new long[rounds];
        long[] their = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            our[round] = run(ours.words(round + 1));
            their[round] = run(peers.words(round + 1));
        }
        rows.add(row(what, our, their, target));
    }

    private static String row(String what, long[] our, long[] their, double target) {
        double ratio = (double) median(our) / median(their);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.2f | %.2f | %s |",
                what,
                spread(our),
                spread(their),
                ratio,
                target,
                ratio <= target ? "reached" : "**missed**");
    }

    private static long median(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String spread(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%.0f (%.0f-%.0f)",
                sorted[sorted.length / 2] / 1e6,
                sorted[0] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    /** Runs a command to its end. @return its wall time in nanoseconds */
    long run(List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        Process process = builder.start();
        try {
            int status = process.waitFor();
            long taken = System.nanoTime() - begin;
            if (status != 0) {
                throw new IOException(
                        words + " ended with " + status + ": " + Files.readString(log, StandardCharsets.UTF_8));
            }
            return taken;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    /** Prints all rows as a Markdown table. */
    void print(PrintStream out, String us, String peer) {
        out.println("| | " + us + " ms | " + peer + " ms | ratio | target | |");
        out.println("| --- | --- | --- | --- | --- | --- |");
        for (String row : rows) {
            out.println(row);
        }
    }
}
