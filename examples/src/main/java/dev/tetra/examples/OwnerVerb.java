package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Words;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code tsm owner}. */
final class OwnerVerb {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private OwnerVerb() {}

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        boolean asJson = arguments.has(Verbs.JSON);
        String what = arguments.words().get(0);
        Optional<OwnerProcess> owner = OwnerProcess.of(console.directory());
        return switch (what) {
            case "status" -> status(owner, asJson, console);
            case "start" -> start(asJson, console);
            case "stop" -> stop(owner, asJson, console);
            default -> throw new UsageException("tsm owner status, start or stop, not " + what);
        };
    }

    private static int status(Optional<OwnerProcess> owner, boolean asJson, Console console) throws IOException {
        Optional<OwnerMetrics> metrics = line(owner, asJson, console);
        if (metrics.isPresent() && metrics.get().problem().isPresent()) {
            console.complain("no metrics are served: " + metrics.get().problem().get());
        }
        return owner.isEmpty() ? Failure.FAILED : Failure.OK;
    }

    private static Optional<OwnerMetrics> line(Optional<OwnerProcess> owner, boolean asJson, Console console)
            throws IOException {
        OwnerProcess process = owner.orElse(null);
        Optional<OwnerMetrics> metrics =
                process == null ? Optional.empty() : OwnerMetrics.of(process, console.directory());
        if (asJson) {
            console.out().line(json("running", process != null, process, metrics));
        } else if (process == null) {
            console.out().line("no owner runs for " + console.directory());
        } else {
            String kind = process.isBackground() ? "version " + process.version() : process.commandLine();
            String address = metrics.isPresent() ? metrics.get().address().orElse("none") : "";
            console.out()
                    .line("owner of " + console.directory() + "  pid " + process.pid() + "  up "
                            + Words.seconds(process.uptimeSeconds()) + "  " + kind
                            + (address.isEmpty() ? "" : "  metrics " + address));
        }
        return metrics;
    }

    /** Brings an owner up where there is none, so that what runs is watched again. */
    private static int start(boolean asJson, Console console) throws IOException, InterruptedException {
        boolean asAsked = BackgroundOwner.bringUp(console);
        Optional<OwnerProcess> owner = OwnerProcess.of(console.directory());
        line(owner, asJson, console);
        return owner.isPresent() && asAsked ? Failure.OK : Failure.FAILED;
    }

    private static int stop(Optional<OwnerProcess> owner, boolean asJson, Console console) throws IOException {
        OwnerProcess process = owner.orElse(null);
        if (process != null) {
            end(process);
        }
        if (asJson) {
            console.out().line(json("stopped", process != null, process, Optional.empty()));
        } else if (process == null) {
            console.out().line("no owner runs for " + console.directory());
        } else {
            console.out()
                    .line("owner stopped, pid " + process.pid() + "; services go on, and the next command that "
                            + "changes something brings up another");
        }
        return Failure.OK;
    }

    private static void end(OwnerProcess process) throws IOException {
        if (!process.isBackground()) {
            throw new IOException("the owner is pid " + process.pid() + " (" + process.commandLine()
                    + "), a program that embeds tsm; end that program instead");
        }
        process.terminate();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (process.isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the owner, pid " + process.pid() + ", is still there 15 s after TERM");
            }
            // It is not a child of this process, so nothing tells when it is gone.
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static String json(
            String done, boolean value, @Nullable OwnerProcess process, Optional<OwnerMetrics> metrics) {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeBooleanField(done, value);
            if (process == null) {
                json.writeNullField("pid");
            } else {
                json.writeNumberField("pid", process.pid());
                json.writeNumberField("uptime_s", process.uptimeSeconds());
                json.writeBooleanField("background", process.isBackground());
                json.writeStringField("version", process.version());
                if (metrics.isPresent() && metrics.get().port().isPresent()) {
                    json.writeNumberField("metrics_port", metrics.get().port().getAsInt());
                }
                if (metrics.isPresent() && metrics.get().problem().isPresent()) {
                    json.writeStringField(
                            "metrics_problem", metrics.get().problem().get());
                }
            }
            json.writeEndObject();
        });
    }
}
