package dev.tetra.tsm.core.internal.metrics;

import dev.tetra.tsm.core.internal.events.Events;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an owner says of itself. <em>Immutable.</em>
 *
 * @param pid its process id
 * @param version of tsm-core
 * @param java the version of Java it runs on
 * @param threads of its JVM, the JVM's own included
 * @param heapBytes what its heap holds now, garbage included
 * @param residentBytes its resident set
 * @param unwritten events that could not be written
 * @param missed events that slow subscribers missed
 */
public record OwnerFacts(
        long pid,
        String version,
        String java,
        long threads,
        long heapBytes,
        long residentBytes,
        long unwritten,
        long missed) {

    /** Those of this JVM, whose events these are. */
    public static OwnerFacts ofThisJvm(Events events) {
        Runtime runtime = Runtime.getRuntime();
        long threads = 0;
        long resident = 0;
        try {
            // The JDK's management beans would load some hundred classes for the same two numbers.
            for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Threads:")) {
                    threads = Long.parseLong(line.substring(8).trim());
                } else if (line.startsWith("VmRSS:")) {
                    resident =
                            Long.parseLong(line.substring(6, line.length() - 2).trim()) * 1024;
                }
            }
        } catch (IOException unknown) {
            threads = Thread.activeCount();
        }
        String version = OwnerFacts.class.getPackage().getImplementationVersion();
        return new OwnerFacts(
                ProcessHandle.current().pid(),
                version == null ? "development" : version,
                Runtime.version().toString(),
                threads,
                runtime.totalMemory() - runtime.freeMemory(),
                resident,
                events.unwritten(),
                events.missed());
    }
}
