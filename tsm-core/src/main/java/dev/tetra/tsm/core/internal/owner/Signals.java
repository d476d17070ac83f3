package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Sends signals to processes by identity, through the shell's own kill. Whoever is not the process that was meant is left
 * out, up to the moment of sending.
 */
final class Signals {
    private final ProcessTable table;

    Signals(ProcessTable table) {
        this.table = table;
    }

    /**
     * Sends a signal to the leader's process group while the leader lives, and to the others one by one; then CONT, so that
     * a stopped process sees it.
     *
     * @param signal its name, such as {@code TERM}
     */
    void send(String signal, ProcessIdentity leader, Collection<ProcessTable.Entry> family) throws IOException {
        boolean leads = table.isAlive(leader);
        List<String> targets = new ArrayList<>();
        if (leads) {
            targets.add("-" + leader.pid());
        }
        for (ProcessTable.Entry entry : family) {
            if (!(leads && entry.group() == leader.pid()) && table.isAlive(table.identity(entry))) {
                targets.add(Long.toString(entry.pid()));
            }
        }
        if (targets.isEmpty()) {
            return;
        }
        List<String> words = new ArrayList<>();
        words.add("/bin/sh");
        words.add("-c");
        words.add("kill -s \"$0\" -- \"$@\"; kill -s CONT -- \"$@\"");
        words.add(signal);
        words.addAll(targets);
        Process kill = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            kill.waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending " + signal, stopped);
        }
    }
}
