package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.LogTail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What runs before a service, in its directory and with its variables; the variables that it exports reach the service. It
 * is a file, the name of a file in the hooks directory, or text after {@code sh:} or {@code bash:}.
 *
 * @param shell the shell that reads it
 * @param script the path of a file that the shell reads, or the text
 * @param isText whether {@code script} is the text itself
 */
record PreHook(String shell, String script, boolean isText) {
    /** A hook that takes longer is ended and fails the start. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** @throws ServiceException if it is neither a file nor the name of one nor text with its shell */
    static PreHook parse(String hook, Path cwd, Path hooks) {
        for (String shell : new String[] {"sh", "bash"}) {
            if (hook.startsWith(shell + ":")) {
                return new PreHook(shell, hook.substring(shell.length() + 1), true);
            }
        }
        Path file = hook.indexOf('\0') >= 0 || hook.isEmpty() ? null : cwd.resolve(hook);
        if (file != null && Files.isRegularFile(file)) {
            return ofFile(file);
        }
        boolean isName = !hook.isEmpty() && hook.indexOf('/') < 0 && !hook.startsWith(".") && hook.indexOf('\0') < 0;
        if (isName) {
            for (String ending : new String[] {"", ".sh"}) {
                Path named = hooks.resolve(hook + ending);
                if (Files.isRegularFile(named)) {
                    return ofFile(named);
                }
            }
        }
        throw new ServiceException(
                Reason.MISSING_FILE,
                "pre-hook not found: " + hook + " is no file in " + cwd + " and no hook in " + hooks
                        + "; for a line of shell write sh:" + hook);
    }

    private static PreHook ofFile(Path file) {
        String first = "";
        try (var lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = lines.readLine();
            first = line == null ? "" : line;
        } catch (IOException unreadable) {
            throw new ServiceException(
                    Reason.MISSING_FILE, "pre-hook " + file + " cannot be read: " + unreadable.getMessage());
        }
        return new PreHook(first.startsWith("#!") && first.contains("bash") ? "bash" : "sh", file.toString(), false);
    }

    /**
     * Runs it.
     *
     * @param environment what it begins with; {@code TSM_ID} in it marks the processes that are ended with it
     * @param log receives what it prints
     * @param limit how long it may take
     * @return the variables for the service
     * @throws ServiceException if it fails or takes too long; nothing of it runs on then
     */
    Map<String, String> run(Path cwd, Map<String, String> environment, Path log, Duration limit) throws IOException {
        long logged = Files.size(log);
        long deadline = System.nanoTime() + limit.toNanos();
        Process process = launch(cwd, environment, log);
        FutureTask<byte[]> output = new FutureTask<>(() -> readExports(process));
        Thread reader = new Thread(output, "tsm-pre-hook");
        reader.setDaemon(true);
        reader.start();
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            if (process.exitValue() != 0) {
                throw new ServiceException(
                        Reason.START_FAILED,
                        "the pre-hook failed with exit code " + process.exitValue() + "; the service was not started",
                        LogTail.since(log, logged, "hook"));
            }
            byte[] variables = output.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return variables.length == 0 ? environment : parse(variables, environment);
        } catch (TimeoutException late) {
            throw new ServiceException(
                    Reason.START_FAILED,
                    "the pre-hook did not end within " + limit.toMillis() / 1000.0
                            + " s and was killed; the service was not started",
                    LogTail.since(log, logged, "hook"));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the pre-hook ran", stopped);
        } catch (ExecutionException failed) {
            throw new IOException("cannot read what the pre-hook exports", failed);
        } finally {
            // Whatever else it left running is the service's, and ends with it.
            process.destroyForcibly();
        }
    }

    private Process launch(Path cwd, Map<String, String> environment, Path log) throws IOException {
        String read = isText ? "eval \"$1\"" : ". \"$1\"";
        // The empty entry says that all are there: a helper that the hook left running may keep the pipe open.
        String text = "exec 3>&1 >&2; " + read + " && env -0 >&3 && printf '\\0' >&3";
        ProcessBuilder builder = new ProcessBuilder("setsid", shell, "-c", text, "pre-hook", script)
                .directory(cwd.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Reads variables up to an empty one; none when the hook ended without them. */
    private static byte[] readExports(Process process) {
        ByteArrayOutputStream variables = new ByteArrayOutputStream();
        try (InputStream stdout = process.getInputStream()) {
            int last = 0;
            int next = stdout.read();
            while (next >= 0 && !(next == 0 && last == 0)) {
                variables.write(next);
                last = next;
                next = stdout.read();
            }
            return next < 0 ? new byte[0] : variables.toByteArray();
        } catch (IOException gone) {
            return new byte[0];
        }
    }

    /** The variables after the hook, without what its shell added for itself. */
    private static Map<String, String> parse(byte[] variables, Map<String, String> before) {
        Map<String, String> after = new LinkedHashMap<>();
        for (String variable : new String(variables, StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                after.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        for (String own : new String[] {"_", "SHLVL", "PWD", "OLDPWD"}) {
            after.remove(own);
            String value = before.get(own);
            if (value != null) {
                after.put(own, value);
            }
        }
        return after;
    }
}
