package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * From kill -9 of a service's process until the next one runs and has written its pid to a file. The process that was killed
 * had been up for more than 2 s, which every supervisor takes for healthy.
 */
final class RestartRow {
    private static final Duration HEALTHY = Duration.ofMillis(2_100);
    private static final Target TARGET = Target.atMost(8);
    /** Short beside what is measured, and long enough to leave the processor to it. */
    private static final long LOOK_NANOS = 20_000;

    private final Scratch scratch;

    RestartRow(Scratch scratch) {
        this.scratch = scratch;
    }

    /** Measures the row. */
    void addTo(Table table, List<Contender> contenders, int rounds) throws IOException {
        List<Watched> all = new ArrayList<>();
        try {
            SideBySide sides = new SideBySide();
            for (Contender contender : contenders) {
                Watched watched = watch(contender);
                all.add(watched);
                sides.add(contender.name(), rounds, round -> watched.restart());
            }
            Map<String, Samples> samples = sides.warmUp().run();
            for (Watched watched : all) {
                watched.checkNotDoubled();
            }
            table.add("kill -9 of a process until the next one runs, ms", samples, Optional.of(TARGET));
        } finally {
            for (Watched watched : all) {
                watched.close();
            }
        }
    }

    private Watched watch(Contender contender) throws IOException {
        Path file = Files.createFile(scratch.home("pid").resolve("pid"));
        List<String> sleep = List.of("sleep", scratch.uniqueSeconds());
        String line = "echo $$ >" + file + " && exec " + String.join(" ", sleep);
        Supervisor supervisor = contender.open(scratch, List.of(Program.shell("one", line, true, false)));
        return new Watched(contender.name(), supervisor, file, sleep);
    }

    /** One supervisor's service. */
    private static final class Watched implements AutoCloseable {
        private final String name;
        private final Supervisor supervisor;
        private final List<String> words;
        private final FileChannel file;
        private final ByteBuffer line = ByteBuffer.allocateDirect(32);
        private long pid;
        private long since;

        Watched(String name, Supervisor supervisor, Path file, List<String> words) throws IOException {
            this.name = name;
            this.supervisor = supervisor;
            this.words = words;
            this.file = FileChannel.open(file);
            supervisor.start();
            awaitAnother();
        }

        double restart() throws IOException {
            Await.pause(HEALTHY.minusNanos(System.nanoTime() - since));
            ProcessHandle process = ProcessHandle.of(pid)
                    .orElseThrow(() -> new IOException("process " + pid + " of " + name + " is gone"));
            long begin = System.nanoTime();
            process.destroyForcibly();
            awaitAnother();
            return (since - begin) / 1e6;
        }

        private void awaitAnother() throws IOException {
            long begin = System.nanoTime();
            long there = written();
            while (there == 0 || there == pid) {
                if (System.nanoTime() - begin > 30_000_000_000L) {
                    throw new IOException(name + " started no process for 30 s after " + pid);
                }
                LockSupport.parkNanos(LOOK_NANOS);
                there = written();
            }
            since = System.nanoTime();
            pid = there;
        }

        /** The pid in the file; 0 while there is no whole line. */
        private long written() throws IOException {
            line.clear();
            file.read(line, 0);
            String text = StandardCharsets.US_ASCII.decode(line.flip()).toString();
            return text.endsWith("\n") ? Long.parseLong(text.strip()) : 0;
        }

        void checkNotDoubled() throws IOException {
            Await.that("one process of " + name + " runs", () -> Processes.running(words) == 1);
        }

        @Override
        public void close() throws IOException {
            supervisor.end();
            file.close();
        }
    }
}
