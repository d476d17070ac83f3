package dev.tetra.examples;

import dev.tetra.tsm.core.MetricsServer;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The background owner: supervises a runtime directory until it has been idle for a while or is told to end. Services go on
 * without it.
 */
public final class OwnerMain {
    private static final long DEFAULT_IDLE_SECONDS = 60;

    private OwnerMain() {}

    /**
     * Runs until idle.
     *
     * @param args the runtime directory, and after how many idle seconds to end
     */
    public static void main(String[] args) {
        RuntimeDirectory directory = RuntimeDirectory.of(Path.of(args[0]));
        Duration idle = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : DEFAULT_IDLE_SECONDS);
        try {
            own(directory, idle);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failed) {
            log("owner of " + directory + " failed: " + Failure.of(failed).message());
            System.exit(Failure.FAILED);
        }
    }

    private static void own(RuntimeDirectory directory, Duration idle) throws IOException, InterruptedException {
        try (ServiceManager manager = ServiceManager.open(directory)) {
            if (!manager.isOwner()) {
                return;
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(manager, directory), "owner-end"));
            log("owner of " + directory + " begins, pid "
                    + ProcessHandle.current().pid() + ", version "
                    + System.getProperty(BackgroundOwner.VERSION, VersionVerb.version()));
            OwnerMetrics.forget(directory);
            try (MetricsServer metrics = serveMetrics(manager, directory)) {
                if (metrics != null) {
                    log("metrics on http://127.0.0.1:" + metrics.port() + "/metrics");
                }
                if (manager.awaitIdle(idle)) {
                    log("idle for " + idle.toSeconds() + " s");
                }
            }
        }
    }

    /** Serves metrics where that is wanted; a port that is taken is no reason to supervise nobody. */
    private static @Nullable MetricsServer serveMetrics(ServiceManager manager, RuntimeDirectory directory) {
        String port = System.getProperty(BackgroundOwner.METRICS, "");
        if (port.isEmpty()) {
            return null;
        }
        MetricsServer server = null;
        OwnerMetrics metrics;
        try {
            server = MetricsServer.open(Integer.parseInt(port), manager::metrics);
            metrics = OwnerMetrics.served(server.port());
        } catch (IOException | IllegalArgumentException refused) {
            log("no metrics are served: " + refused.getMessage());
            metrics = OwnerMetrics.refused(String.valueOf(refused.getMessage()));
        }
        try {
            metrics.write(directory);
        } catch (IOException untold) {
            log(Failure.of(untold).message());
        }
        return server;
    }

    private static void end(ServiceManager manager, RuntimeDirectory directory) {
        try {
            manager.close();
            log("owner of " + directory + " ends, pid "
                    + ProcessHandle.current().pid());
        } catch (IOException failed) {
            log("owner of " + directory + " ends badly, pid "
                    + ProcessHandle.current().pid() + ": " + Failure.of(failed).message());
        }
    }

    private static void log(String line) {
        System.out.println(Instant.now() + " " + line);
    }
}
