package dev.tetra.tsm.core.internal.wire;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StartPlan;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.MetaFile;
import dev.tetra.tsm.core.internal.SpecJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What owner and client say to each other: lines of JSON. The owner greets with {@link #greeting}; then each request line
 * ({@code verb} and its fields) gets one reply line ({@code ok}, or {@code error} with reason and message).
 */
public final class Wire {
    /** Goes up when an older peer would misunderstand. */
    public static final int PROTOCOL = 1;

    /** No request is larger: the kernel takes 6 MB of words and variables at most, 2 MB as a rule (execve(2)). */
    public static final int MAX_REQUEST_BYTES = 8 << 20;

    /** No reply is larger: some 20,000 services. */
    public static final int MAX_REPLY_BYTES = 64 << 20;

    private Wire() {}

    /** The owner's first line. */
    public static JsonObject greeting(long pid) {
        return new JsonObject().put("tsm", PROTOCOL).put("pid", pid);
    }

    /** A request without fields. */
    public static JsonObject request(String verb) {
        return new JsonObject().put("verb", verb);
    }

    /** A duration in milliseconds. */
    public static Duration duration(JsonObject json, String name) throws IOException {
        return Duration.ofMillis(json.number(name).orElse(0));
    }

    /** How long a start waits. */
    public static JsonObject wait(Wait wait) {
        return new JsonObject().put("settle_ms", wait.settle().toMillis()).put("ready", wait.untilReady());
    }

    /** The wait that was sent. */
    public static Wait readWait(JsonObject request) throws IOException {
        JsonObject wait = request.object("wait").orElseGet(JsonObject::new);
        return new Wait(duration(wait, "settle_ms"), wait.isTrue("ready"));
    }

    /** A spec, environment included. */
    public static JsonObject spec(ServiceSpec spec) {
        return SpecJson.toJson(spec)
                .put(
                        "env_file",
                        spec.envFile().isPresent() ? spec.envFile().get().toString() : null)
                .put("prehook", spec.hooks().preStart().orElse(null))
                .put("cwd", spec.cwd().toString())
                .put("environment", JsonObject.of(spec.environment()));
    }

    /** The spec that was sent. */
    public static ServiceSpec readSpec(JsonObject json) throws IOException {
        Optional<String> envFile = json.string("env_file");
        return SpecJson.fromJson(
                json,
                List.of(),
                envFile.isPresent() ? Optional.of(Path.of(envFile.get())) : Optional.empty(),
                json.string("prehook"),
                Path.of(json.text("cwd")),
                json.stringMap("environment"));
    }

    /** Specs, environments included. */
    public static List<JsonObject> specs(List<ServiceSpec> specs) {
        List<JsonObject> list = new ArrayList<>();
        for (ServiceSpec spec : specs) {
            list.add(spec(spec));
        }
        return list;
    }

    /** The specs that were sent. */
    public static List<ServiceSpec> readSpecs(JsonObject request) throws IOException {
        List<ServiceSpec> specs = new ArrayList<>();
        for (JsonObject json : request.objects("specs")) {
            specs.add(readSpec(json));
        }
        return specs;
    }

    /** Selectors. */
    public static List<JsonObject> selectors(Collection<? extends Selector> selectors) {
        List<JsonObject> list = new ArrayList<>();
        for (Selector selector : selectors) {
            JsonObject json = new JsonObject();
            if (selector instanceof Selector.Name name) {
                json.put("name", name.text());
            } else if (selector instanceof Selector.Number number) {
                json.put("number", number.value());
            } else if (selector instanceof Selector.Id id) {
                json.put("id", id.value());
            } else if (selector instanceof Selector.Pid pid) {
                json.put("pid", pid.value());
            } else if (selector instanceof Selector.Port port) {
                json.put("port", port.value());
            } else {
                json.put("all", true);
            }
            list.add(json);
        }
        return list;
    }

    /** The selectors that were sent. */
    public static List<Selector> readSelectors(JsonObject request) throws IOException {
        List<Selector> selectors = new ArrayList<>();
        for (JsonObject json : request.objects("selectors")) {
            Optional<String> name = json.string("name");
            if (name.isPresent()) {
                selectors.add(new Selector.Name(name.get()));
            } else if (json.number("number").isPresent()) {
                selectors.add(new Selector.Number(json.number("number").getAsLong()));
            } else if (json.number("id").isPresent()) {
                selectors.add(new Selector.Id(json.number("id").getAsLong()));
            } else if (json.number("pid").isPresent()) {
                selectors.add(new Selector.Pid(json.number("pid").getAsLong()));
            } else if (json.number("port").isPresent()) {
                selectors.add(new Selector.Port(json.number("port").getAsLong()));
            } else if (json.isTrue("all")) {
                selectors.add(new Selector.All());
            } else {
                throw new IOException("not a selector: " + json);
            }
        }
        return selectors;
    }

    /** Changes. */
    public static List<JsonObject> changes(List<Change> changes) {
        List<JsonObject> list = new ArrayList<>();
        for (Change change : changes) {
            list.add(new JsonObject()
                    .put("service", MetaFile.toJson(change.service()))
                    .put("changed", change.changed())
                    .put("note", change.note().orElse(null))
                    .put("failure", change.failure().orElse(null))
                    .put("details", change.details()));
        }
        return list;
    }

    /** The changes that were sent. */
    public static List<Change> readChanges(JsonObject reply) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (JsonObject json : reply.objects("changes")) {
            changes.add(new Change(
                    service(json),
                    json.isTrue("changed"),
                    json.string("note"),
                    json.string("failure"),
                    json.strings("details")));
        }
        return changes;
    }

    /** The object in field {@code service}. */
    public static Service service(JsonObject json) throws IOException {
        Optional<JsonObject> service = json.object("service");
        if (service.isEmpty()) {
            throw new IOException("service is missing");
        }
        return MetaFile.fromJson(service.get());
    }

    /** All services. */
    public static JsonObject inventory(Inventory inventory) {
        List<JsonObject> services = new ArrayList<>();
        for (Service service : inventory.services()) {
            services.add(MetaFile.toJson(service));
        }
        List<JsonObject> unreadable = new ArrayList<>();
        for (Inventory.Unreadable broken : inventory.unreadable()) {
            unreadable.add(new JsonObject()
                    .put("name", broken.name())
                    .put("file", broken.file().toString())
                    .put("why", broken.why()));
        }
        return new JsonObject().put("ok", true).put("services", services).put("unreadable", unreadable);
    }

    /** The services that were sent. */
    public static Inventory readInventory(JsonObject reply) throws IOException {
        List<Service> services = new ArrayList<>();
        for (JsonObject json : reply.objects("services")) {
            services.add(MetaFile.fromJson(json));
        }
        List<Inventory.Unreadable> unreadable = new ArrayList<>();
        for (JsonObject json : reply.objects("unreadable")) {
            unreadable.add(new Inventory.Unreadable(json.text("name"), Path.of(json.text("file")), json.text("why")));
        }
        return new Inventory(services, unreadable);
    }

    /** A plan, as the service that it would make. */
    public static JsonObject plan(StartPlan plan) {
        Service planned =
                Service.of(0, plan.name(), "", plan.spec(), plan.launch()).build();
        return new JsonObject()
                .put("ok", true)
                .put("service", MetaFile.toJson(planned))
                .put("variables", plan.environmentNames())
                .put("refusal", plan.refusal().orElse(null));
    }

    /** The plan that was sent. */
    public static StartPlan readPlan(JsonObject reply) throws IOException {
        Service planned = service(reply);
        return new StartPlan(
                planned.name(), planned.spec(), planned.launch(), reply.strings("variables"), reply.string("refusal"));
    }

    /** What the supervisor refused. */
    public static JsonObject error(ServiceException refusal) {
        return new JsonObject()
                .put("ok", false)
                .put("reason", refusal.reason().text())
                .put("message", refusal.getMessage())
                .put("details", refusal.details());
    }

    /** What the disk or the machine refused. */
    public static JsonObject failure(String message) {
        return new JsonObject().put("ok", false).put("message", message);
    }

    /** Throws what the reply says went wrong, if it does. */
    public static JsonObject checked(JsonObject reply) throws IOException {
        if (reply.isTrue("ok")) {
            return reply;
        }
        Optional<String> reason = reply.string("reason");
        String message = reply.string("message").orElse("the owner gave no answer that can be understood");
        if (reason.isPresent()) {
            throw new ServiceException(ServiceException.Reason.parse(reason.get()), message, reply.strings("details"));
        }
        throw new IOException(message);
    }
}
