package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.core.internal.ServiceDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The small shell that waits for the processes of one service, one after the other, and keeps the exit status of each. It
 * launches one at each word, and ends with the last one once no further word can come: when it is dismissed, or this JVM is
 * gone. <em>Guarded by the life of its service.</em>
 */
final class Wrapper {
    /** How long it may take to end when it has nothing more to do. */
    static final Duration ENDS = Duration.ofSeconds(1);

    private final Process process;
    private final Launch launch;
    private final Optional<ProcessIdentity> identity;
    /** Whether the line that says how a process ended is still to be read. */
    private boolean owing;

    private boolean dismissed;

    /** What it launches. */
    record Launch(List<String> argv, Path cwd, Map<String, String> environment) {
        Launch {
            argv = List.copyOf(argv);
            environment = Map.copyOf(environment);
        }
    }

    Wrapper(Process process, Launch launch) {
        this.process = process;
        this.launch = launch;
        this.identity = ProcessTable.system().identify(process.pid());
    }

    /** Who it is; empty if it ended at once. */
    Optional<ProcessIdentity> identity() {
        return identity;
    }

    /** Completes when it is gone. */
    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Whether it is there, its process has ended, and it would launch the same once more. */
    boolean canLaunchAgain(Launch next) {
        return !dismissed && process.isAlive() && launch.equals(next) && isAt(next.cwd());
    }

    /** Whether it is in the directory of that path: another may have been put there since. */
    private boolean isAt(Path cwd) {
        try {
            return Files.isSameFile(Path.of("/proc/" + process.pid() + "/cwd"), cwd);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Ends it at once. */
    void kill() {
        process.destroyForcibly();
    }

    /**
     * Launches the words as a process in a session of its own. Waits for its answer as long as it takes, or until somebody
     * kills it.
     *
     * @throws LaunchFailed if it did not come to run; the exit status is in it
     */
    Service.Run launch() throws IOException, LaunchFailed {
        say();
        if (owing) {
            readLine();
        }
        owing = true;
        // A status instead of a boot id says that it did not come that far.
        String boot = readLine();
        String stat = boot == null || isStatus(boot) ? null : readLine();
        Optional<ProcessIdentity> launched =
                stat == null ? Optional.empty() : ServiceDirectory.parseProcess(boot + "\n" + stat + "\n");
        if (launched.isEmpty()) {
            dismiss();
            if (!awaitEnd(ENDS)) {
                kill();
            }
            throw new LaunchFailed(status());
        }
        return new Service.Run(launched.get(), identity);
    }

    /** A line of what it says; null once it says nothing more. A reader would keep 9 KB for each service. */
    private @Nullable String readLine() throws IOException {
        InputStream stream = process.getInputStream();
        StringBuilder line = new StringBuilder(256);
        for (int next = stream.read(); next >= 0; next = stream.read()) {
            if (next == '\n') {
                return line.toString();
            }
            line.append((char) next);
        }
        return null;
    }

    private static boolean isStatus(String line) {
        return line.length() <= 3;
    }

    private void say() {
        try {
            OutputStream words = process.getOutputStream();
            words.write('\n');
            words.flush();
        } catch (IOException gone) {
            // Its exit status says more.
        }
    }

    /** No further word comes: it ends with its process, or now. */
    void dismiss() {
        dismissed = true;
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // It was told already, or has ended.
        }
    }

    /** Waits until it is gone; false when time is up. */
    boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Its exit status, which is that of its last process, once it is gone. */
    OptionalInt status() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** The wrapper ended before the service ran. */
    static final class LaunchFailed extends Exception {
        private static final long serialVersionUID = 1;

        LaunchFailed(OptionalInt status) {
            super(
                    status.isPresent()
                            ? "the wrapper ended with status " + status.getAsInt()
                            : "the wrapper does not answer");
        }
    }
}
