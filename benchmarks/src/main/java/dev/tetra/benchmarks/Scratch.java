package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A folder for all that a benchmark makes. Whatever runs was started with a variable that no other process has: by it, all
 * that is left is ended when this is closed, or the JVM ends. <em>For one thread at a time.</em>
 */
final class Scratch implements AutoCloseable {
    private static final String VARIABLE = "TETRA_BENCHMARK";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final Path root;
    private final String token = UUID.randomUUID().toString();
    private final Thread lastResort = new Thread(this::endAtExit, "benchmark-end");
    private final AtomicBoolean ending = new AtomicBoolean();
    private int homes;

    private Scratch(Path root) {
        this.root = root;
    }

    /** A new folder under the system's folder for temporary files. */
    static Scratch open() throws IOException {
        Scratch scratch = new Scratch(Files.createTempDirectory("tsm-benchmark"));
        Runtime.getRuntime().addShutdownHook(scratch.lastResort);
        return scratch;
    }

    /** A new folder in it. */
    Path home(String name) throws IOException {
        return Files.createDirectory(root.resolve(name + "-" + ++homes));
    }

    /** How long a sleep may last that nobody else has: by its words its processes are counted. */
    String uniqueSeconds() {
        return "100000." + ProcessHandle.current().pid() + ++homes;
    }

    /** Commands whose state is in that folder, for each of the supervisors. */
    Commands commands(Path home) {
        Map<String, String> variables = new HashMap<>();
        variables.put(VARIABLE, token);
        variables.put("TETRA_DIR", home.resolve("tetra").toString());
        variables.put("TSM_OWNER_IDLE", "3600");
        variables.put("PM2_HOME", home.resolve("pm2").toString());
        return new Commands(variables, home.resolve("output"), ending);
    }

    /**
     * Ends what still runs, and says what that was.
     *
     * @param of whose processes they are, for the message
     */
    void endLeftovers(String of) throws IOException {
        List<Long> left = Processes.withVariable(VARIABLE, token);
        for (long pid : left) {
            System.err.println(of + " left process " + pid + ", which is ended now: " + Processes.words(pid));
        }
        end(left);
    }

    /** What is ended may just have started another. */
    private void end(List<Long> first) throws IOException {
        List<Long> left = first;
        long begin = System.nanoTime();
        while (!left.isEmpty() && System.nanoTime() - begin < PATIENCE.toNanos()) {
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            left = Processes.withVariable(VARIABLE, token);
        }
    }

    private void endAtExit() {
        try {
            ending.set(true);
            end(Processes.withVariable(VARIABLE, token));
            Await.pause(MOMENT); // the main thread may have been starting one
            end(Processes.withVariable(VARIABLE, token));
            delete(root);
        } catch (IOException failed) {
            System.err.println("not all was ended, or removed from " + root + ": " + failed.getMessage());
        }
    }

    /** Removes a folder and all that is in it. Who removes it at the same time is no hindrance. */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws IOException {
        endLeftovers("the benchmark");
        delete(root);
        if (!ending.get()) {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        }
    }
}
