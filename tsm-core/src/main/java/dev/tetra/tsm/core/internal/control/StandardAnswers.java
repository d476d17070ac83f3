package dev.tetra.tsm.core.internal.control;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What control sockets answer (docs/JSON.md). Fields have the names that they have in meta.json. */
public final class StandardAnswers {
    /** Of a line that is no command, an error shows no more characters. */
    private static final int SHOWN = 40;

    private StandardAnswers() {}

    /** The answer to {@code STATUS}. */
    public static JsonObject status(Service service, Instant now) {
        OptionalLong pid = service.pid();
        OptionalInt port = service.port();
        Service.Health health = service.health();
        return new JsonObject()
                .put("ok", true)
                .put("tsm_id", service.id())
                .put("name", service.name())
                .put("status", service.status().text())
                .put("reason", service.reason().orElse(null))
                .put("pid", pid.isPresent() ? pid.getAsLong() : null)
                .put("port", port.isPresent() ? port.getAsInt() : null)
                .put("uptime_s", uptime(service, now))
                .put("restarts", service.restarts())
                .put(
                        "health",
                        new JsonObject()
                                .put("healthy", health.healthy().orElse(null))
                                .put("failures", health.failures())
                                .put("text", health.text().orElse(null)));
    }

    private static @org.jspecify.annotations.Nullable Long uptime(Service service, Instant now) {
        Optional<Instant> since = service.startTime();
        return service.run().isPresent() && since.isPresent()
                ? Math.max(0, Duration.between(since.get(), now).toSeconds())
                : null;
    }

    /**
     * The answer to {@code HEALTH}: {@code ok} while it is online and no liveness probe says otherwise; {@code text} is what
     * it said of itself or what a probe found, else why it has its status.
     */
    public static JsonObject health(Service service) {
        Service.Health health = service.health();
        boolean well = service.status() == Status.ONLINE && health.healthy().orElse(true);
        return new JsonObject()
                .put("ok", well)
                .put("status", service.status().text())
                .put("text", health.text().or(service::reason).orElse(null));
    }

    /** That something was done. */
    public static JsonObject done(String text) {
        return new JsonObject().put("ok", true).put("text", text);
    }

    /**
     * What a verb did to the service and to what belongs to it.
     *
     * @param text what was done, if nothing failed and nothing more is to be said
     */
    public static JsonObject changed(String text, List<Change> changes) {
        String said = text;
        for (Change change : changes) {
            if (change.failure().isPresent()) {
                String which = changes.size() == 1 ? "" : change.service().name() + ": ";
                return failure(which + change.failure().get());
            }
            said = change.note().orElse(said);
        }
        return done(said);
    }

    /** That something was not, and why, in one sentence. */
    public static JsonObject failure(String sentence) {
        return new JsonObject().put("ok", false).put("error", sentence);
    }

    /** What the supervisor refused. */
    static JsonObject refusal(ServiceException refused) {
        return failure(String.valueOf(refused.getMessage()))
                .put("reason", refused.reason().text());
    }

    /** That a line is no command. */
    static JsonObject unknown(String line) {
        String word = line.strip();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < word.length() && i < SHOWN; i++) {
            char c = word.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        String what = word.isEmpty() ? "an empty line is no command" : "there is no command " + shown;
        return failure(what + (word.length() > SHOWN ? "…" : "") + "; say STATUS, HEALTH, RELOAD or STOP");
    }
}
