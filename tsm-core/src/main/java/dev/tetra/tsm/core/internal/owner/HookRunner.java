package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.Mark;
import dev.tetra.tsm.core.internal.events.EventOf;
import dev.tetra.tsm.core.internal.events.Events;
import dev.tetra.tsm.core.internal.owner.HookScript.Stage;
import dev.tetra.tsm.core.spi.ServiceHook;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what a user or a host has put around services: scripts, then the hooks of the host. */
final class HookRunner {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final RuntimeDirectory directory;
    private final Terminator terminator;
    private final Workers workers;
    private final Events events;
    private final Duration limit;
    private final List<ServiceHook> hosts = new ArrayList<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();

    /** @param limit how long one of them may take */
    HookRunner(RuntimeDirectory directory, Terminator terminator, Workers workers, Events events, Duration limit) {
        this.directory = directory;
        this.terminator = terminator;
        this.workers = workers;
        this.events = events;
        this.limit = limit;
        for (ServiceHook hook : ServiceLoader.load(ServiceHook.class)) {
            hosts.add(hook);
        }
    }

    /** Ends what runs beside services. */
    void close() {
        closing.complete(null);
    }

    /** Whether there is nothing to run before a start. */
    boolean isNothingBefore(Supervised service) {
        return hosts.isEmpty()
                && HookScript.of(service.state(), Stage.PRE_START, directory.hooks())
                        .isEmpty();
    }

    /**
     * Runs what comes before a start.
     *
     * @return the variables afterwards; empty if there was nothing to run
     * @throws ServiceException if one fails or takes too long; nothing of it runs on then
     */
    Optional<Map<String, String>> beforeStart(Supervised service) throws IOException {
        Service state = service.state();
        Optional<HookScript> script = HookScript.of(state, Stage.PRE_START, directory.hooks());
        if (script.isEmpty() && hosts.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> variables = new TreeMap<>(service.variables());
        if (script.isPresent()) {
            variables = new TreeMap<>(script.get()
                    .run(state.spec().cwd(), variables, service.files.wrapperErr(), limit, service.cancelled()));
        }
        Map<String, String> given = variables;
        for (ServiceHook hook : hosts) {
            call(hook, "beforeStart", () -> hook.beforeStart(state, given));
        }
        return Optional.of(variables);
    }

    /** Runs what comes after a start, soon. What fails is logged. */
    void afterStart(Supervised service) {
        aside(service, Stage.POST_START, Map.of());
    }

    /** Runs what comes after an end, soon. What fails is logged. */
    void afterStop(Supervised service) {
        Exit.Outcome outcome = service.state().lastExit().map(Exit::outcome).orElseGet(Exit.Lost::new);
        String code = outcome instanceof Exit.Exited exited ? Integer.toString(exited.code()) : "";
        String signal = outcome instanceof Exit.Signalled signalled ? Integer.toString(signalled.signal()) : "";
        aside(service, Stage.POST_STOP, Map.of("TSM_EXIT_CODE", code, "TSM_EXIT_SIGNAL", signal));
    }

    private void aside(Supervised service, Stage stage, Map<String, String> about) {
        Service state = service.state();
        if (hosts.isEmpty() && state.spec().hooks().equals(Hooks.NONE) && !Files.isDirectory(directory.hooks())) {
            return;
        }
        Map<String, String> variables = new TreeMap<>(service.variables());
        variables.putAll(about);
        // The service's own token would make the hook a process of the service, to be ended with it.
        variables.put("TSM_ID", "hook-" + UUID.randomUUID());
        try {
            workers.execute(() -> runAside(service, state, stage, variables));
        } catch (RejectedExecutionException closing) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the " + stage.word() + " of " + state.name() + " was not run: the owner ends");
        }
    }

    private void runAside(Supervised service, Service state, Stage stage, Map<String, String> variables) {
        long begin = System.nanoTime();
        try {
            Optional<HookScript> script = HookScript.of(state, stage, directory.hooks());
            if (script.isPresent()) {
                runScript(script.get(), service, state, variables);
            }
            for (ServiceHook hook : hosts) {
                if (stage == Stage.POST_START) {
                    call(hook, "afterStart", () -> hook.afterStart(state));
                } else {
                    call(hook, "afterStop", () -> hook.afterStop(state));
                }
            }
        } catch (IOException | ServiceException failed) {
            LOG.log(System.Logger.Level.WARNING, state.name() + ": " + failed.getMessage());
            List<String> wrote = failed instanceof ServiceException refusal ? refusal.details() : List.of();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            Optional<String> why = Optional.of(String.valueOf(failed.getMessage()));
            events.publish(EventOf.hook(state, stage.word(), took, why, wrote));
        }
    }

    private void runScript(HookScript script, Supervised service, Service state, Map<String, String> variables)
            throws IOException {
        try {
            script.run(state.spec().cwd(), variables, service.files.wrapperErr(), limit, closing);
        } finally {
            terminator.end(Optional.empty(), Mark.token(variables.get("TSM_ID")), 0, Terminator.Manner.KILL);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private void call(ServiceHook hook, String method, Call call) throws IOException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            call.run();
            return null;
        });
        Thread thread = new Thread(task, "tsm-hook");
        thread.setDaemon(true);
        thread.start();
        String name = hook.getClass().getName() + "." + method;
        try {
            task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            task.cancel(true);
            throw new ServiceException(
                    Reason.START_FAILED, "the hook " + name + " did not end within " + Endings.about(limit));
        } catch (ExecutionException failed) {
            throw new ServiceException(
                    Reason.START_FAILED,
                    "the hook " + name + " failed: "
                            + String.valueOf(failed.getCause().getMessage()));
        } catch (InterruptedException stopped) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the hook " + name + " ran", stopped);
        }
    }
}
