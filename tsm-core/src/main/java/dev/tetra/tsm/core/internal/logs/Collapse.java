package dev.tetra.tsm.core.internal.logs;

import dev.tetra.tsm.core.internal.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes out of the beginning of a file while others append to it: {@code FALLOC_FL_COLLAPSE_RANGE} of fallocate(2), by
 * fallocate(1) of util-linux. ext4 and XFS can do it. <em>Safe for use by many threads.</em>
 */
final class Collapse {
    private static final long PATIENCE_SECONDS = 60;
    private static final int BUSY = 75;
    private static final int NO_MARK = 76;

    /**
     * Looks that the mark is still there, and collapses. Under the lock of flock(1), which lives as long as this shell and
     * what it becomes: two that finish the work of one killed owner cannot both take bytes away.
     */
    private static final String SCRIPT = "IFS= read -r first <\"$1\" && [ \"$first\" = \"$2\" ] || exit " + NO_MARK
            + "; exec \"$3\" --collapse-range --offset 0 --length \"$4\" \"$1\"";

    private final @Nullable Path fallocate;
    private final @Nullable Path flock;
    /** Why not, for each file system that was asked; empty where it can. */
    private final Map<FileStore, Optional<String>> answers = new ConcurrentHashMap<>();

    Collapse() {
        fallocate = find("fallocate");
        flock = find("flock");
    }

    private static @Nullable Path find(String program) {
        String path = new ProcessBuilder().environment().getOrDefault("PATH", "");
        for (String directory : (path + ":/usr/bin:/bin:/usr/local/bin").split(":", -1)) {
            Path candidate = Path.of(directory, program);
            if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** What a cut must be a multiple of, there. */
    static long blockSize(Path directory) throws IOException {
        return Math.max(CutMark.LONGEST, Files.getFileStore(directory).getBlockSize());
    }

    /**
     * Why files in that directory cannot be cut; empty if they can. Asks the file system by a small file, once.
     *
     * @throws IOException if that could not be found out, as on a full disk
     */
    Optional<String> whyNot(Path directory) throws IOException {
        if (fallocate == null || flock == null) {
            return Optional.of("fallocate and flock of util-linux are not on the PATH");
        }
        FileStore store = Files.getFileStore(directory);
        Optional<String> known = answers.get(store);
        if (known == null) {
            known = probe(directory, store);
            answers.put(store, known);
        }
        return known;
    }

    private Optional<String> probe(Path directory, FileStore store) throws IOException {
        long block = blockSize(directory);
        Path file = directory.resolve(".collapse." + ProcessHandle.current().pid() + ".tmp");
        try {
            StateFile.writeUnsynced(file, new byte[Math.toIntExact(2 * block)]);
            Ended ended = run(List.of(
                    String.valueOf(fallocate),
                    "--collapse-range",
                    "--offset",
                    "0",
                    "--length",
                    Long.toString(block),
                    file.toString()));
            return ended.status() == 0 && Files.size(file) == block
                    ? Optional.empty()
                    : Optional.of("the file system there (" + store.type() + ") cannot: " + ended.complaint());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Removes what the mark at the file's beginning is about, the mark included; nothing if it is not there.
     *
     * @param lock a file that is there, which is locked meanwhile
     * @throws IOException if it could not be done
     */
    void run(Path file, CutMark mark, Path lock) throws IOException {
        List<String> words = new ArrayList<>(List.of(String.valueOf(flock), "-n", "-E", Integer.toString(BUSY)));
        words.addAll(List.of(lock.toString(), "/bin/sh", "-c", SCRIPT, "sh", file.toString(), mark.text()));
        words.addAll(List.of(String.valueOf(fallocate), Long.toString(mark.bytes())));
        Ended ended = run(words);
        if (ended.status() == BUSY) {
            throw new IOException("another process is cutting " + file);
        }
        if (ended.status() != 0 && ended.status() != NO_MARK) {
            throw new IOException("cannot cut " + file + ": " + ended.complaint());
        }
    }

    private record Ended(int status, String complaint) {}

    private static Ended run(List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            // Reading first: it ends when the process does, unless that hangs in the kernel.
            byte[] output = process.getInputStream().readNBytes(512);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(words.get(0) + " does not end");
            }
            String complaint =
                    new String(output, StandardCharsets.UTF_8).strip().replace('\n', ' ');
            return new Ended(process.exitValue(), complaint.isEmpty() ? "exit " + process.exitValue() : complaint);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a log was cut", stopped);
        } finally {
            process.destroyForcibly();
        }
    }
}
