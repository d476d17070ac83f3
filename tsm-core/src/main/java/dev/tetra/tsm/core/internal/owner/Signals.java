package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends signals to processes by identity, through the kill of one shell that is kept for it: a new process for each signal
 * would take longer than most services take to end. Whoever is not the process that was meant is left out, up to the moment
 * of sending. <em>Safe for use by many threads.</em>
 */
final class Signals implements AutoCloseable {
    private final ProcessTable table;

    /** Reads commands from its stdin, and so ends with this JVM; guarded by this. */
    private @Nullable Process shell;

    private @Nullable BufferedReader answers;

    Signals(ProcessTable table) {
        this.table = table;
    }

    /**
     * Sends a signal to the leader's process group while the leader lives, and to the others one by one; then CONT, so that
     * a stopped process sees it.
     *
     * @param signal its name, such as {@code TERM}
     */
    void send(String signal, Optional<ProcessIdentity> leader, Collection<ProcessTable.Entry> family)
            throws IOException {
        long group =
                leader.isPresent() && table.leads(leader.get()) ? leader.get().pid() : 0;
        List<String> targets = new ArrayList<>();
        if (group > 0) {
            targets.add("-" + group);
        }
        for (ProcessTable.Entry entry : family) {
            if ((group == 0 || entry.group() != group) && table.isAlive(table.identity(entry))) {
                targets.add(Long.toString(entry.pid()));
            }
        }
        if (targets.isEmpty()) {
            return;
        }
        String all = " -- " + String.join(" ", targets);
        carryOut("kill -s " + signal + all + "; kill -s CONT" + all + "; echo done\n");
    }

    /** Sends a signal to exactly that process, and to no other; false if it is gone. */
    boolean send(String signal, ProcessIdentity process) throws IOException {
        boolean alive = table.isAlive(process);
        if (alive) {
            carryOut("kill -s " + signal + " -- " + process.pid() + "; echo done\n");
        }
        return alive;
    }

    /** Has the shell do it; once more with a new shell where somebody has killed the old one. */
    private synchronized void carryOut(String command) throws IOException {
        for (int attempt = 0; attempt < 2; attempt++) {
            if (shell == null) {
                open();
            }
            try {
                if (shell != null && answers != null) {
                    shell.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
                    shell.getOutputStream().flush();
                    if (answers.readLine() != null) {
                        return;
                    }
                }
            } catch (IOException gone) {
                // The next shell says what is wrong, if it is more than that.
            }
            close();
        }
        throw new IOException("cannot send a signal: /bin/sh ends at once");
    }

    private synchronized void open() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh")
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        Process started = builder.start();
        shell = started;
        answers = started.inputReader(StandardCharsets.US_ASCII);
    }

    @Override
    public synchronized void close() {
        if (shell != null) {
            shell.destroy();
        }
        shell = null;
        answers = null;
    }
}
