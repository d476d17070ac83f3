package dev.tetra.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * 200 MB of numbered lines, from the word to begin until the last line is in the log, beside the same writer that appends to a
 * file by itself. What is in the logs is counted afterwards.
 */
final class LogRows {
    private static final int LINES = 2_000_000;
    private static final String DIRECT = "the writer alone, straight to a file";
    private static final double LIMIT = 1.1;
    /** Longer than a round of our owner, which looks once a second whether a log is to be cut. */
    private static final Duration QUIET = Duration.ofMillis(2_500);

    private static final Duration LOOK = Duration.ofMillis(1);

    private final Scratch scratch;
    private final Path writer;
    private final Map<String, LineCount> counts = new LinkedHashMap<>();
    private final Map<String, Integer> broken = new LinkedHashMap<>();
    private final Map<String, Integer> runs = new LinkedHashMap<>();

    LogRows(Scratch scratch) throws IOException {
        this.scratch = scratch;
        this.writer = scratch.home("writer").resolve("lines.pl");
        try (InputStream text = LogRows.class.getResourceAsStream("lines.pl")) {
            if (text == null) {
                throw new IOException("lines.pl is not on the class path");
            }
            Files.write(writer, text.readAllBytes());
        }
    }

    /**
     * Measures, and prints a table.
     *
     * @param rounds of ours and of the writer alone
     * @param peerRounds of the others
     */
    void print(PrintStream out, List<Contender> contenders, int rounds, int peerRounds) throws IOException {
        SideBySide sides = new SideBySide().add(DIRECT, rounds, round -> direct());
        for (Contender contender : contenders) {
            int its = contender.name().equals(Contender.TSM) ? rounds : peerRounds;
            sides.add(contender.name(), its, round -> supervised(contender));
        }
        Map<String, Samples> taken = sides.run();
        out.println("| 200 MB of lines | ms | to the writer alone | target | | runs | of them with lines amiss "
                + "| lines missing | doubled | torn |");
        out.println("|" + " --- |".repeat(10));
        Samples direct = requireNonNull(taken.get(DIRECT));
        taken.forEach((name, samples) -> out.println(row(name, samples, samples.median() / direct.median())));
    }

    private String row(String name, Samples samples, double ratio) {
        LineCount count = counts.getOrDefault(name, LineCount.WHOLE);
        boolean ours = name.equals(Contender.TSM);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %s | %s | %d | %d | %d | %d | %d |",
                name,
                samples,
                ratio,
                ours ? "≤ " + LIMIT + ", no line" : "",
                !ours ? "" : ratio <= LIMIT && count.equals(LineCount.WHOLE) ? "reached" : "**missed**",
                runs.getOrDefault(name, 0),
                broken.getOrDefault(name, 0),
                count.missing(),
                count.doubled(),
                count.torn());
    }

    private double direct() throws IOException {
        Path home = scratch.home("direct");
        Path log = home.resolve("log");
        Files.createFile(log);
        Commands commands = scratch.commands(home);
        Gate gate = new Gate(home, commands);
        Process process = commands.start(List.of("sh", "-c", gate.line(writer)), log);
        try (gate) {
            double taken = gate.timed(log);
            Await.that("the writer ended", () -> !process.isAlive());
            count(DIRECT, List.of(log));
            return taken;
        } finally {
            process.destroyForcibly();
            Scratch.delete(home);
        }
    }

    private double supervised(Contender contender) throws IOException {
        Path home = scratch.home("gate");
        Gate gate = new Gate(home, scratch.commands(home));
        Program program = Program.shell("writer", gate.line(writer), false, true);
        try (gate;
                Supervisor supervisor = contender.open(scratch, List.of(program))) {
            supervisor.start();
            List<Path> files = supervisor.log(program);
            double taken = gate.timed(files.get(files.size() - 1));
            awaitQuiet(supervisor, program);
            List<Path> log = supervisor.log(program);
            count(contender.name(), log);
            for (Path file : log) {
                Files.delete(file); // 200 MB for each round come to much
            }
            return taken;
        }
    }

    private void count(String name, List<Path> log) throws IOException {
        LineCount count = LineCount.of(log, LINES);
        runs.merge(name, 1, Integer::sum);
        if (!count.equals(LineCount.WHOLE)) {
            broken.merge(name, 1, Integer::sum);
            counts.merge(name, count, LineCount::plus);
        }
    }

    /** Returns when no file of the log has changed for a while. */
    private static void awaitQuiet(Supervisor supervisor, Program program) throws IOException {
        List<String> before = List.of();
        long since = System.nanoTime();
        while (System.nanoTime() - since < QUIET.toNanos()) {
            List<String> now = new ArrayList<>();
            for (Path file : supervisor.log(program)) {
                now.add(file + " " + (Files.exists(file) ? Files.size(file) : -1));
            }
            if (!now.equals(before)) {
                before = now;
                since = System.nanoTime();
            }
            Await.pause(LOOK.multipliedBy(20));
        }
    }

    /** Lets the writer, which has been started and waits, begin; so the start itself is not measured. */
    private static final class Gate implements AutoCloseable {
        private final Path waiting;
        private final Path pipe;
        private final RandomAccessFile end;

        Gate(Path home, Commands commands) throws IOException {
            waiting = home.resolve("waiting");
            pipe = home.resolve("go");
            commands.run(List.of("mkfifo", pipe.toString()));
            // Opened for both directions, a fifo waits for nobody.
            end = new RandomAccessFile(pipe.toFile(), "rw");
        }

        /** What the writer is for a shell. */
        String line(Path writer) {
            return "echo $$ >" + waiting + " && read -r go <" + pipe + " && exec perl " + writer;
        }

        /** Lets it begin. @return milliseconds until the last line was in the file, or until the file grew for the last time */
        double timed(Path file) throws IOException {
            Await.that(
                    "the writer waits",
                    () -> Files.exists(waiting) && Files.readString(waiting).endsWith("\n"));
            long pid = Long.parseLong(Files.readString(waiting).strip());
            String last = String.format(Locale.ROOT, "%010d ", LINES - 1);
            long begin = System.nanoTime();
            end.write('\n');
            long size = -1;
            long grown = begin;
            while (!lastLine(file).startsWith(last)) {
                long now = System.nanoTime();
                long there = Files.exists(file) ? Files.size(file) : 0;
                if (there != size) {
                    size = there;
                    grown = now;
                } else if (now - grown > QUIET.toNanos() && Processes.words(pid).isEmpty()) {
                    return (grown - begin) / 1e6;
                }
                Await.pause(LOOK);
            }
            return (System.nanoTime() - begin) / 1e6;
        }

        private static String lastLine(Path file) throws IOException {
            if (!Files.exists(file)) {
                return "";
            }
            try (FileChannel log = FileChannel.open(file)) {
                ByteBuffer line = ByteBuffer.allocate(100);
                log.read(line, Math.max(0, log.size() - line.capacity()));
                return StandardCharsets.ISO_8859_1.decode(line.flip()).toString();
            }
        }

        @Override
        public void close() throws IOException {
            end.close();
        }
    }
}
