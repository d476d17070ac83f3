package dev.tetra.examples;

import dev.tetra.tsm.core.RuntimeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The process that owns a runtime directory, found by the line {@code PID START-TICKS} in its lock file and checked against
 * {@code /proc}: a process id that was used again is somebody else. <em>Immutable.</em>
 *
 * @param pid its process id
 * @param startTicks field 22 of its {@code /proc/PID/stat} (proc(5))
 * @param words its command line
 */
record OwnerProcess(long pid, long startTicks, List<String> words) {
    private static final int TICKS_PER_SECOND = 100;
    /** Field 22, counted from the state, which is field 3 and the first after the name in brackets. */
    private static final int START_TICKS = 19;

    /** The owner of the directory; empty if none runs. */
    static Optional<OwnerProcess> of(RuntimeDirectory directory) throws IOException {
        String[] identity;
        try {
            identity = Files.readString(directory.ownerLock()).trim().split(" ", 3);
        } catch (NoSuchFileException never) {
            return Optional.empty();
        }
        try {
            if (identity.length < 2) {
                return Optional.empty();
            }
            long pid = Long.parseLong(identity[0]);
            long ticks = Long.parseLong(identity[1]);
            if (startTicks(pid) != ticks) {
                return Optional.empty();
            }
            byte[] commandLine = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return Optional.of(new OwnerProcess(
                    pid, ticks, List.of(new String(commandLine, StandardCharsets.UTF_8).split("\0", 0))));
        } catch (NumberFormatException notAnIdentity) {
            return Optional.empty();
        } catch (NoSuchFileException endedMeanwhile) {
            return Optional.empty();
        }
    }

    /** When the process was started; -1 if there is none, or nothing of it but its exit code. */
    private static long startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals("Z") || fields[0].equals("X") ? -1 : Long.parseLong(fields[START_TICKS]);
        } catch (IOException gone) {
            return -1;
        }
    }

    /** Whether it still runs. */
    boolean isAlive() {
        return startTicks(pid) == startTicks;
    }

    /** For how long it runs. */
    long uptimeSeconds() throws IOException {
        String uptime = Files.readString(Path.of("/proc/uptime"));
        return Math.max(0, Long.parseLong(uptime.substring(0, uptime.indexOf('.'))) - startTicks / TICKS_PER_SECOND);
    }

    /** Whether it is one of ours and not a program that embeds the library. */
    boolean isBackground() {
        return words.contains(OwnerMain.class.getName());
    }

    /** The version that its command line names. */
    String version() {
        String prefix = "-D" + BackgroundOwner.VERSION + "=";
        for (String word : words) {
            if (word.startsWith(prefix)) {
                return word.substring(prefix.length());
            }
        }
        return "unknown";
    }

    /** Whether {@code TSM_METRICS_PORT} was set for whoever brought it up. */
    boolean isToldToServeMetrics() {
        String prefix = "-D" + BackgroundOwner.METRICS + "=";
        for (String word : words) {
            if (word.startsWith(prefix)) {
                return isBackground();
            }
        }
        return false;
    }

    /** Its command line. */
    String commandLine() {
        return String.join(" ", words);
    }

    /** Sends TERM, to this process and no other. */
    void terminate() {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isPresent() && isAlive()) {
            handle.get().destroy();
        }
    }
}
