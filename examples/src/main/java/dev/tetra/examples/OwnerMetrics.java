package dev.tetra.examples;

import dev.tetra.tsm.core.RuntimeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a background owner serves metrics, as it writes it to {@code runtime/metrics}: {@code PID PORT}, or {@code PID - WHY}.
 * <em>Immutable.</em>
 *
 * @param port where; empty where it could not
 * @param problem why it could not
 */
record OwnerMetrics(OptionalInt port, Optional<String> problem) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int PARTS = 3;

    static OwnerMetrics served(int port) {
        return new OwnerMetrics(OptionalInt.of(port), Optional.empty());
    }

    static OwnerMetrics refused(String why) {
        return new OwnerMetrics(OptionalInt.empty(), Optional.of(why.replace('\n', ' ')));
    }

    private static Path file(RuntimeDirectory directory) {
        return directory.runtime().resolve("metrics");
    }

    /** What an owner wrote before this one counts no more. */
    static void forget(RuntimeDirectory directory) throws IOException {
        Files.deleteIfExists(file(directory));
    }

    /** Says it for the owner that this process is. */
    void write(RuntimeDirectory directory) throws IOException {
        String what = port.isPresent() ? Integer.toString(port.getAsInt()) : "- " + problem.orElse("");
        WholeFile.write(file(directory), ProcessHandle.current().pid() + " " + what + "\n", WholeFile.PRIVATE);
    }

    /** What that owner said; empty if it was not told to serve metrics, or has not come so far. */
    static Optional<OwnerMetrics> of(OwnerProcess owner, RuntimeDirectory directory) throws IOException {
        String[] parts;
        try {
            parts = Files.readString(file(directory), StandardCharsets.UTF_8)
                    .strip()
                    .split(" ", PARTS);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        if (parts.length < 2 || !parts[0].equals(Long.toString(owner.pid()))) {
            return Optional.empty();
        }
        if (parts[1].equals("-")) {
            return Optional.of(refused(parts.length < PARTS ? "nobody knows why" : parts[2]));
        }
        try {
            return Optional.of(served(Integer.parseInt(parts[1])));
        } catch (NumberFormatException unknown) {
            return Optional.empty();
        }
    }

    /** As {@link #of}, waiting a moment for an owner that was told to serve metrics and has just come up. */
    static Optional<OwnerMetrics> await(OwnerProcess owner, RuntimeDirectory directory) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Optional<OwnerMetrics> metrics = of(owner, directory);
        while (metrics.isEmpty()
                && owner.isToldToServeMetrics()
                && owner.isAlive()
                && System.nanoTime() - deadline < 0) {
            // It is not a child of this process, and nothing tells when it has come so far.
            LockSupport.parkNanos(LOOK_NANOS);
            metrics = of(owner, directory);
        }
        return metrics;
    }

    /** The address; empty where there is none. */
    Optional<String> address() {
        return port.isPresent() ? Optional.of("http://127.0.0.1:" + port.getAsInt() + "/metrics") : Optional.empty();
    }
}
