package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.internal.Census;
import dev.tetra.tsm.core.internal.Mark;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a command ends with 0. It runs in a session of its own below a small shell that ends the whole process group when
 * the command has ended, when its stdin is closed, and so also when this JVM is killed.
 */
final class ExecQuestion implements Question {
    /**
     * The words of the command are the shell's arguments and never part of its text. What the command prints goes to our
     * stdout, its exit code to our stderr. In a subshell of its own, {@code exec} keeps {@code exit} and the like from being
     * the shell's.
     */
    private static final String SHELL = "exec 3>&2 2>&1; "
            + "{ (exec \"$@\" </dev/null 3>&-); echo \"$?\" >&3; kill -s KILL 0; } & "
            + "exec >/dev/null 2>&1 3>&-; read -r _; kill -s KILL 0";

    /** How much of what it prints is taken at one look; the pipe holds back the rest. */
    private static final int BYTES_PER_LOOK = 256 << 10;

    private static final long KILL_TAKES_SECONDS = 2;

    private final String name;
    private final Process process;
    private final ProcessTable table = ProcessTable.system();
    private final Optional<ProcessIdentity> leader;
    private final LastLine printed = new LastLine();
    private final LastLine code = new LastLine();
    private final byte[] block = new byte[4096];
    private boolean answered;
    private boolean closed;

    /** @throws IOException if it cannot be run */
    ExecQuestion(List<String> command, Path cwd, Map<String, String> environment) throws IOException {
        List<String> words = new ArrayList<>(List.of("setsid", "/bin/sh", "-c", SHELL, "probe"));
        words.addAll(command);
        name = command.get(0);
        ProcessBuilder builder = new ProcessBuilder(words).directory(cwd.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        process = builder.start();
        leader = table.identify(process.pid());
    }

    @Override
    public @Nullable Answer look() {
        try {
            boolean gone = !process.isAlive();
            drain(process.getErrorStream(), code);
            drain(process.getInputStream(), printed);
            if (code.isWhole()) {
                answered = true;
                return answer(code.text());
            }
            return gone ? Answer.no(name + " ended without an exit code" + colon(printed.text())) : null;
        } catch (IOException broken) {
            return Answer.no(name + " cannot be watched: " + Answer.why(broken));
        }
    }

    private void drain(InputStream stream, LastLine into) throws IOException {
        int left = BYTES_PER_LOOK;
        while (left > 0 && stream.available() > 0) {
            int count = stream.read(block);
            if (count < 0) {
                return;
            }
            into.take(block, count);
            left -= count;
        }
    }

    private Answer answer(String exitCode) {
        return exitCode.equals("0")
                ? Answer.yes(name + " ended with exit code 0")
                : Answer.no("exit code " + exitCode + colon(printed.text()));
    }

    private static String colon(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }

    @Override
    public String waiting() {
        return name + " did not end";
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<ProcessTable.Entry> outside = answered || leader.isEmpty()
                ? List.of()
                : Census.system().look().family(leader, false, Mark.token(""), Optional.empty(), 0);
        // The shell's read ends, and the shell ends its group.
        close(process.getOutputStream());
        awaitEnd();
        close(process.getInputStream());
        close(process.getErrorStream());
        endAll(outside);
    }

    /** The group of a command that has ended ends by itself. */
    private void awaitEnd() {
        try {
            if (!answered && !process.waitFor(KILL_TAKES_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException closing) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Closeable pipe) {
        try {
            pipe.close();
        } catch (IOException closedAllTheSame) {
            // A descriptor is given back whatever close(2) says.
        }
    }

    /** Ends what left the group. */
    private void endAll(List<ProcessTable.Entry> processes) {
        for (ProcessTable.Entry entry : processes) {
            Optional<ProcessHandle> handle = ProcessHandle.of(entry.pid());
            // Looked at after the handle was made: the handle is of that process, and of none that gets its number.
            if (handle.isPresent() && table.isAlive(table.identity(entry))) {
                handle.get().destroyForcibly();
            }
        }
    }

    /** The last line of what is printed that is not blank, or its beginning; whatever is printed. */
    private static final class LastLine {
        private static final int LONGEST = 400;

        private final byte[] open = new byte[LONGEST];
        private int length;
        private boolean begun;
        private String last = "";
        private boolean whole;

        void take(byte[] bytes, int count) {
            for (int i = 0; i < count; i++) {
                if (bytes[i] == '\n') {
                    end();
                    whole = true;
                } else if (length < LONGEST) {
                    open[length++] = bytes[i];
                    begun |= bytes[i] != ' ' && bytes[i] != '\r' && bytes[i] != '\t';
                }
            }
        }

        private void end() {
            if (begun) {
                last = new String(open, 0, length, StandardCharsets.UTF_8).strip();
            }
            length = 0;
            begun = false;
        }

        /** Whether a line had its end. */
        boolean isWhole() {
            return whole;
        }

        String text() {
            end();
            return last;
        }
    }
}
