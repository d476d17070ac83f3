package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.LogTail;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
     * @param log receives what it prints
     * @return the variables for the service
     * @throws ServiceException if it fails or takes too long; nothing of it runs on then
     */
    Map<String, String> run(Path cwd, Map<String, String> environment, Path log) throws IOException {
        String token = UUID.randomUUID().toString();
        String read = isText ? "eval \"$1\"" : ". \"$1\"";
        List<String> words =
                List.of("setsid", shell, "-c", "exec 3>&1 >&2; " + read + " && env -0 >&3", "pre-hook", script);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(cwd.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("TSM_ID", token);
        long logged = Files.size(log);
        Process process = builder.start();
        CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> readAll(process));
        try {
            byte[] variables = output.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            int status = process.waitFor();
            if (status != 0) {
                throw new ServiceException(
                        Reason.START_FAILED,
                        "the pre-hook failed with exit code " + status + "; the service was not started",
                        LogTail.since(log, logged, "hook"));
            }
            return variables.length == 0 ? environment : parse(variables, environment);
        } catch (TimeoutException late) {
            endAll(process, token);
            throw new ServiceException(
                    Reason.START_FAILED,
                    "the pre-hook did not end within " + LIMIT.toSeconds()
                            + " s and was killed; the service was not started",
                    LogTail.since(log, logged, "hook"));
        } catch (InterruptedException stopped) {
            endAll(process, token);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the pre-hook ran", stopped);
        } catch (ExecutionException failed) {
            throw new IOException("cannot read what the pre-hook exports", failed);
        }
    }

    private static byte[] readAll(Process process) {
        try (var stdout = process.getInputStream()) {
            return stdout.readAllBytes();
        } catch (IOException gone) {
            return new byte[0];
        }
    }

    private static void endAll(Process process, String token) {
        process.destroyForcibly();
        for (ProcessTable.Entry entry : ProcessTable.system().carriers(token)) {
            ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** The variables after the hook, without what its shell added for itself. */
    private static Map<String, String> parse(byte[] variables, Map<String, String> before) {
        Map<String, String> after = new LinkedHashMap<>();
        for (String variable : new String(variables, StandardCharsets.UTF_8).split("\0")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                after.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        for (String own : new String[] {"_", "SHLVL", "PWD", "OLDPWD", "TSM_ID"}) {
            after.remove(own);
            String value = before.get(own);
            if (value != null) {
                after.put(own, value);
            }
        }
        return after;
    }
}
