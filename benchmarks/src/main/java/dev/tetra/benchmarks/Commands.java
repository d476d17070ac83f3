package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs commands with variables of their own. <em>For one thread at a time.</em>
 *
 * @param variables over those of this JVM
 * @param log what takes the output of the last command
 * @param ending once true, no command is started any more
 */
record Commands(Map<String, String> variables, Path log, AtomicBoolean ending) {
    Commands {
        variables = Map.copyOf(variables);
    }

    /**
     * Runs a command to its end.
     *
     * @return its wall time in nanoseconds
     * @throws IOException if it does not end with 0; its output is in the message
     */
    long run(List<String> words) throws IOException {
        long begin = System.nanoTime();
        Process process = start(words, ProcessBuilder.Redirect.to(log.toFile()));
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

    /** The same for words and more words. */
    long run(List<String> words, List<String> more) throws IOException {
        List<String> all = new ArrayList<>(words);
        all.addAll(more);
        return run(all);
    }

    /** Runs a command to its end. @return whether it ended with 0 */
    boolean succeeds(List<String> words, List<String> more) {
        try {
            run(words, more);
            return true;
        } catch (IOException failed) {
            return false;
        }
    }

    /** Starts a command that goes on; its output is appended to a file. */
    Process start(List<String> words, Path output) throws IOException {
        return start(words, ProcessBuilder.Redirect.appendTo(output.toFile()));
    }

    private Process start(List<String> words, ProcessBuilder.Redirect output) throws IOException {
        if (ending.get()) {
            throw new IOException("the benchmark is ending, and runs no more commands");
        }
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(variables);
        return builder.start();
    }

    /** All variables of these commands. */
    Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(new ProcessBuilder().environment());
        all.putAll(variables);
        return all;
    }

    /** Whether a command of that name is installed. */
    static boolean isInstalled(String program) {
        String path = new ProcessBuilder().environment().getOrDefault("PATH", "");
        for (String directory : path.split(":", -1)) {
            if (Files.isExecutable(Path.of(directory.isEmpty() ? "." : directory, program))) {
                return true;
            }
        }
        return false;
    }
}
