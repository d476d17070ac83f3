package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.Service;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What runs before or after a service, in its directory and with its variables; the variables that one before it exports
 * reach the service. It is a file, the name of a file in the hooks directory, or text after {@code sh:} or {@code bash:}.
 *
 * @param stage when it runs
 * @param shell the shell that reads it
 * @param script the path of a file that the shell reads, or the text
 * @param isText whether {@code script} is the text itself
 */
record HookScript(Stage stage, String shell, String script, boolean isText) {
    /** A hook that takes longer is ended and fails the start. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** When a hook runs. */
    enum Stage {
        /** Before the process is launched; a failure fails the start. */
        PRE_START("pre-hook", ""),
        /** After the process serves. */
        POST_START("post-start hook", ".post-start"),
        /** After the process is gone. */
        POST_STOP("post-stop hook", ".post-stop");

        private final String word;
        private final String suffix;

        Stage(String word, String suffix) {
            this.word = word;
            this.suffix = suffix;
        }

        /** What people call it. */
        String word() {
            return word;
        }
    }

    /**
     * The hook of a service: the one it names, else the file in the hooks directory that is called as the service, else the
     * one that is called as its process type: {@code web.sh}, {@code python.post-stop.sh}.
     *
     * @throws ServiceException if it names one that is not there
     */
    static Optional<HookScript> of(Service service, Stage stage, Path hooks) {
        Hooks named = service.spec().hooks();
        Optional<String> hook = switch (stage) {
            case PRE_START -> named.preStart();
            case POST_START -> named.postStart();
            case POST_STOP -> named.postStop();
        };
        if (hook.isPresent()) {
            return Optional.of(parse(stage, hook.get(), service.spec().cwd(), hooks));
        }
        if (!Files.isDirectory(hooks)) {
            return Optional.empty();
        }
        String type = service.launch().processType().text();
        for (String name : new String[] {service.name(), service.baseName(), type}) {
            Path file = hooks.resolve(name + stage.suffix + ".sh");
            if (Files.isRegularFile(file)) {
                return Optional.of(ofFile(stage, file));
            }
        }
        return Optional.empty();
    }

    /** Checks what can be checked before a start. @throws ServiceException if a hook that is named is not there */
    static void check(Hooks named, Path cwd, Path hooks) {
        named.preStart().ifPresent(hook -> parse(Stage.PRE_START, hook, cwd, hooks));
        named.postStart().ifPresent(hook -> parse(Stage.POST_START, hook, cwd, hooks));
        named.postStop().ifPresent(hook -> parse(Stage.POST_STOP, hook, cwd, hooks));
    }

    private static HookScript parse(Stage stage, String hook, Path cwd, Path hooks) {
        for (String shell : new String[] {"sh", "bash"}) {
            if (hook.startsWith(shell + ":")) {
                return new HookScript(stage, shell, hook.substring(shell.length() + 1), true);
            }
        }
        Path file = hook.indexOf('\0') >= 0 || hook.isEmpty() ? null : cwd.resolve(hook);
        if (file != null && Files.isRegularFile(file)) {
            return ofFile(stage, file);
        }
        boolean isName = !hook.isEmpty() && hook.indexOf('/') < 0 && !hook.startsWith(".") && hook.indexOf('\0') < 0;
        if (isName) {
            for (String ending : new String[] {"", ".sh"}) {
                Path named = hooks.resolve(hook + ending);
                if (Files.isRegularFile(named)) {
                    return ofFile(stage, named);
                }
            }
        }
        throw new ServiceException(
                Reason.MISSING_FILE,
                stage.word + " not found: " + hook + " is no file in " + cwd + " and no hook in " + hooks
                        + "; for a line of shell write sh:" + hook);
    }

    private static HookScript ofFile(Stage stage, Path file) {
        String first = "";
        try (var lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = lines.readLine();
            first = line == null ? "" : line;
        } catch (IOException unreadable) {
            throw new ServiceException(
                    Reason.MISSING_FILE, stage.word + " " + file + " cannot be read: " + unreadable.getMessage());
        }
        return new HookScript(
                stage, first.startsWith("#!") && first.contains("bash") ? "bash" : "sh", file.toString(), false);
    }

    /**
     * Runs it.
     *
     * @param environment what it begins with; {@code TSM_ID} in it marks the processes that are ended with it
     * @param log receives what it prints
     * @param limit how long it may take
     * @param over completes when it is to end at once
     * @return the variables for the service
     * @throws ServiceException if it fails or takes too long; nothing of it runs on then
     */
    Map<String, String> run(
            Path cwd, Map<String, String> environment, Path log, Duration limit, CompletableFuture<Void> over)
            throws IOException {
        long logged = Files.size(log);
        long deadline = System.nanoTime() + limit.toNanos();
        Process process = launch(cwd, environment, log);
        FutureTask<byte[]> output = new FutureTask<>(() -> readExports(process));
        Thread reader = new Thread(output, "tsm-hook");
        reader.setDaemon(true);
        reader.start();
        try {
            CompletableFuture.anyOf(process.onExit(), over).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (process.isAlive()) {
                throw new ServiceException(
                        Reason.START_FAILED, "the " + stage.word + " was ended before it was done" + consequence());
            }
            if (process.exitValue() != 0) {
                throw new ServiceException(
                        Reason.START_FAILED,
                        "the " + stage.word + " failed with exit code " + process.exitValue() + consequence(),
                        LogTail.since(log, logged, "hook"));
            }
            byte[] variables = output.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return variables.length == 0 ? environment : parse(variables, environment);
        } catch (TimeoutException late) {
            throw new ServiceException(
                    Reason.START_FAILED,
                    "the " + stage.word + " did not end within " + limit.toMillis() / 1000.0 + " s and was killed"
                            + consequence(),
                    LogTail.since(log, logged, "hook"));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the " + stage.word + " ran", stopped);
        } catch (ExecutionException failed) {
            throw new IOException("cannot read what the " + stage.word + " exports", failed);
        } finally {
            // Whatever else it left running is the service's, and ends with it.
            process.destroyForcibly();
        }
    }

    private String consequence() {
        return stage == Stage.PRE_START ? "; the service was not started" : "";
    }

    private Process launch(Path cwd, Map<String, String> environment, Path log) throws IOException {
        String read = isText ? "eval \"$1\"" : ". \"$1\"";
        // The empty entry says that all are there: a helper that the hook left running may keep the pipe open.
        String text = "exec 3>&1 >&2; " + read + " && env -0 >&3 && printf '\\0' >&3";
        ProcessBuilder builder = new ProcessBuilder("setsid", shell, "-c", text, "hook", script)
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
