package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.ports.PortSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A spec as JSON: what was asked for, in full, but for the environment. What is as by default is left out. Times are
 * milliseconds.
 */
public final class SpecJson {
    private SpecJson() {}

    /** The spec as JSON. */
    public static JsonObject toJson(ServiceSpec spec) {
        JsonObject json = new JsonObject()
                .put("command", spec.command())
                .put("name", spec.name().orElse(null))
                .put("port", spec.port().isPresent() ? spec.port().get().toString() : null);
        optional(json, "post_start", spec.hooks().postStart());
        optional(json, "post_stop", spec.hooks().postStop());
        if (!spec.restart().equals(RestartPolicy.DEFAULT)) {
            json.put("restart", restart(spec.restart()));
        }
        if (!spec.stop().equals(StopPolicy.DEFAULT)) {
            json.put("stop", stop(spec.stop()));
        }
        if (spec.ready().isPresent()) {
            Readiness ready = spec.ready().get();
            json.put(
                    "ready",
                    new JsonObject()
                            .put("probe", ready.probe().text())
                            .put("timeout_ms", ready.timeout().toMillis()));
        }
        if (spec.liveness().isPresent()) {
            json.put("liveness", liveness(spec.liveness().get()));
        }
        if (!spec.dependsOn().isEmpty()) {
            List<String> first = new ArrayList<>();
            for (Dependency dependency : spec.dependsOn()) {
                first.add(dependency.toString());
            }
            json.put("depends_on", first);
        }
        optional(json, "parent", spec.parent());
        optional(json, "comm_type", spec.commType());
        if (spec.file().isPresent()) {
            json.put("file", spec.file().get().toString());
        }
        if (!spec.logs().equals(LogPolicy.DEFAULT)) {
            json.put(
                    "logs",
                    new JsonObject()
                            .put("max_bytes", spec.logs().maxBytes())
                            .put("max_age_ms", spec.logs().maxAge().toMillis())
                            .put("keep", spec.logs().keep()));
        }
        return json;
    }

    private static void optional(JsonObject json, String name, Optional<String> value) {
        if (value.isPresent()) {
            json.put(name, value.get());
        }
    }

    private static JsonObject restart(RestartPolicy policy) {
        return new JsonObject()
                .put("policy", policy.mode().text())
                .put("done_codes", new ArrayList<>(new TreeSet<>(policy.doneCodes())))
                .put("min_uptime_ms", policy.minUptime().toMillis())
                .put("limit", policy.limit())
                .put("first_delay_ms", policy.firstDelay().toMillis())
                .put("longest_delay_ms", policy.longestDelay().toMillis());
    }

    private static JsonObject stop(StopPolicy policy) {
        JsonObject json = new JsonObject()
                .put("signal", policy.signal().name())
                .put("grace_ms", policy.grace().toMillis());
        if (policy.reload().isPresent()) {
            json.put("reload_signal", policy.reload().get().name());
        }
        return json;
    }

    private static JsonObject liveness(Liveness liveness) {
        return new JsonObject()
                .put("probe", liveness.probe().text())
                .put("period_ms", liveness.period().toMillis())
                .put("timeout_ms", liveness.timeout().toMillis())
                .put("threshold", liveness.threshold());
    }

    /**
     * The spec that the JSON says.
     *
     * @param command the words where the JSON names none
     * @param envFile what the JSON does not hold
     * @param preStart what the JSON does not hold
     * @throws IOException if a field has another type
     * @throws IllegalArgumentException if a field has a value that cannot be
     */
    public static ServiceSpec fromJson(
            JsonObject json,
            List<String> command,
            Optional<Path> envFile,
            Optional<String> preStart,
            Path cwd,
            Map<String, String> environment)
            throws IOException {
        List<String> words = json.strings("command");
        Optional<String> port = json.string("port");
        List<Dependency> dependsOn = new ArrayList<>();
        for (String dependency : json.strings("depends_on")) {
            dependsOn.add(Dependency.parse(dependency));
        }
        Optional<String> file = json.string("file");
        Optional<JsonObject> ready = json.object("ready");
        Optional<JsonObject> liveness = json.object("liveness");
        return new ServiceSpec(
                words.isEmpty() ? command : words,
                json.string("name"),
                port.isPresent() ? Optional.of(PortSpec.parse(port.get())) : Optional.empty(),
                envFile,
                cwd,
                environment,
                new Hooks(preStart, json.string("post_start"), json.string("post_stop")),
                readRestart(json.object("restart")),
                readStop(json.object("stop")),
                ready.isPresent()
                        ? Optional.of(new Readiness(
                                Probe.parse(ready.get().text("probe")),
                                millis(ready.get(), "timeout_ms", Readiness.DEFAULT_TIMEOUT)))
                        : Optional.empty(),
                liveness.isPresent() ? Optional.of(readLiveness(liveness.get())) : Optional.empty(),
                dependsOn,
                json.string("parent"),
                json.string("comm_type"),
                readLogs(json.object("logs")),
                file.isPresent() ? Optional.of(Path.of(file.get())) : Optional.empty());
    }

    private static RestartPolicy readRestart(Optional<JsonObject> found) throws IOException {
        RestartPolicy usual = RestartPolicy.DEFAULT;
        if (found.isEmpty()) {
            return usual;
        }
        JsonObject json = found.get();
        TreeSet<Integer> codes = new TreeSet<>();
        for (long code : json.numbers("done_codes")) {
            codes.add(Math.toIntExact(code));
        }
        return new RestartPolicy(
                RestartPolicy.Mode.parse(
                        json.string("policy").orElse(usual.mode().text())),
                codes,
                millis(json, "min_uptime_ms", usual.minUptime()),
                json.count("limit", usual.limit()),
                millis(json, "first_delay_ms", usual.firstDelay()),
                millis(json, "longest_delay_ms", usual.longestDelay()));
    }

    private static StopPolicy readStop(Optional<JsonObject> found) throws IOException {
        StopPolicy usual = StopPolicy.DEFAULT;
        if (found.isEmpty()) {
            return usual;
        }
        JsonObject json = found.get();
        Optional<String> reload = json.string("reload_signal");
        return new StopPolicy(
                UnixSignal.parse(json.string("signal").orElse(usual.signal().name())),
                millis(json, "grace_ms", usual.grace()),
                reload.isPresent() ? Optional.of(UnixSignal.parse(reload.get())) : Optional.empty());
    }

    private static Liveness readLiveness(JsonObject json) throws IOException {
        Liveness usual = new Liveness(Probe.parse(json.text("probe")));
        return new Liveness(
                usual.probe(),
                millis(json, "period_ms", usual.period()),
                millis(json, "timeout_ms", usual.timeout()),
                json.count("threshold", usual.threshold()));
    }

    private static LogPolicy readLogs(Optional<JsonObject> found) throws IOException {
        LogPolicy usual = LogPolicy.DEFAULT;
        if (found.isEmpty()) {
            return usual;
        }
        JsonObject json = found.get();
        return new LogPolicy(
                json.number("max_bytes").orElse(usual.maxBytes()),
                millis(json, "max_age_ms", usual.maxAge()),
                json.count("keep", usual.keep()));
    }

    private static Duration millis(JsonObject json, String name, Duration absent) throws IOException {
        return Duration.ofMillis(json.number(name).orElse(absent.toMillis()));
    }
}
