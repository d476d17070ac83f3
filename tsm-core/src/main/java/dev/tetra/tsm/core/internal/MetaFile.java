package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.Relation;
import dev.tetra.tsm.ports.ServiceType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A service as meta.json: the guide's fields by the guide's names, then ours. Times are epoch seconds. Reading a file of
 * another program that has the guide's fields only gives a service that does not run.
 */
public final class MetaFile {
    /** The file's name in the service's directory. */
    public static final String NAME = "meta.json";

    private static final long SCHEMA = 1;

    private MetaFile() {}

    /** The service as JSON. */
    public static JsonObject toJson(Service service) {
        Service.Launch launch = service.launch();
        ServiceSpec spec = service.spec();
        JsonObject json = new JsonObject()
                .put("tsm_id", service.id())
                .put("name", service.name())
                .put("pid", service.pid().isPresent() ? service.pid().getAsLong() : null)
                .put("command", service.command())
                .put("port", service.port().isPresent() ? service.port().getAsInt() : null)
                .put(
                        "port_type",
                        launch.ports().isEmpty() ? null : launch.ports().get(0).type())
                .put("ports", ports(launch.ports()))
                .put("cwd", spec.cwd().toString())
                .put(
                        "interpreter",
                        launch.interpreter().isPresent()
                                ? launch.interpreter().get().toString()
                                : null)
                .put("process_type", launch.processType().text())
                .put("service_type", launch.serviceType().text())
                .put("status", service.status().text())
                .put(
                        "start_time",
                        service.startTime().isPresent()
                                ? service.startTime().get().getEpochSecond()
                                : null)
                .put("parent", service.family().parent().orElse(null))
                .put("children", service.family().children())
                .put("comm_type", service.family().commType().orElse(null));
        return json.put("schema", SCHEMA)
                .put("argv", launch.argv())
                .put("reason", service.reason().orElse(null))
                .put("restarts", service.restarts())
                .put("unstable_restarts", service.unstableRestarts())
                .put(
                        "env_file",
                        spec.envFile().isPresent() ? spec.envFile().get().toString() : null)
                .put("prehook", spec.hooks().preStart().orElse(null))
                .put("requested", SpecJson.toJson(spec))
                .put("ladder", ladder(launch.ladder()))
                .put("token", service.token())
                .put(
                        "identity",
                        service.run().isPresent() ? identity(service.run().get()) : null)
                .put(
                        "exit",
                        service.lastExit().isPresent() ? exit(service.lastExit().get()) : null)
                .put("health", health(service.health()))
                .put("variables", JsonObject.of(service.variables()));
    }

    private static JsonObject health(Service.Health health) {
        return new JsonObject()
                .put("healthy", health.healthy().orElse(null))
                .put("failures", health.failures())
                .put("text", health.text().orElse(null));
    }

    private static Service.Health readHealth(JsonObject json) throws IOException {
        Optional<JsonObject> health = json.object("health");
        if (health.isEmpty()) {
            return Service.Health.NONE;
        }
        Object healthy = health.get().fields().get("healthy");
        return new Service.Health(
                healthy instanceof Boolean known ? Optional.of(known) : Optional.empty(),
                health.get().count("failures", 0),
                health.get().string("text"));
    }

    private static List<JsonObject> ports(List<ServicePort> ports) {
        List<JsonObject> list = new ArrayList<>();
        for (ServicePort port : ports) {
            JsonObject json = new JsonObject()
                    .put("port", port.port())
                    .put("type", port.type())
                    .put("protocol", port.protocol())
                    .put("relation", port.relation().text());
            if (port.group().isPresent()) {
                json.put("group", port.group().get());
            }
            list.add(json);
        }
        return list;
    }

    private static List<JsonObject> ladder(List<Service.Rung> rungs) {
        List<JsonObject> list = new ArrayList<>();
        for (Service.Rung rung : rungs) {
            list.add(new JsonObject()
                    .put("rung", rung.name())
                    .put("result", rung.result())
                    .put("why", rung.why()));
        }
        return list;
    }

    private static JsonObject identity(Service.Run run) {
        ProcessIdentity process = run.process();
        JsonObject json = new JsonObject().put("boot_id", process.bootId()).put("start_ticks", process.startTicks());
        if (run.wrapper().isPresent()) {
            ProcessIdentity wrapper = run.wrapper().get();
            json.put("wrapper_pid", wrapper.pid()).put("wrapper_start_ticks", wrapper.startTicks());
        }
        return json;
    }

    private static JsonObject exit(Exit exit) {
        JsonObject json = new JsonObject();
        if (exit.outcome() instanceof Exit.Exited exited) {
            json.put("code", exited.code());
        } else if (exit.outcome() instanceof Exit.Signalled signalled) {
            json.put("signal", signalled.signal());
        } else {
            json.put("lost", true);
        }
        return json.put("time", exit.time().getEpochSecond());
    }

    /** The service that the JSON says. @throws IOException with what is wrong if it does not say one */
    public static Service fromJson(JsonObject json) throws IOException {
        try {
            return read(json);
        } catch (IllegalArgumentException | DateTimeException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private static Service read(JsonObject json) throws IOException {
        Optional<Service.Run> run = readRun(json);
        Optional<String> status = json.string("status");
        return Service.of(
                        json.count("tsm_id", -1),
                        json.text("name"),
                        json.string("token").orElse(""),
                        readSpec(json),
                        readLaunch(json))
                .status(status.isPresent() ? Status.parse(status.get()) : Status.STOPPED, json.string("reason"))
                .runs(run, instant(json.number("start_time")))
                .lastExit(readExit(json))
                .restarts(json.count("restarts", 0), json.count("unstable_restarts", 0))
                .family(new Service.Family(json.string("parent"), json.strings("children"), json.string("comm_type")))
                .health(readHealth(json))
                .variables(json.stringMap("variables"))
                .build();
    }

    private static ServiceSpec readSpec(JsonObject json) throws IOException {
        Optional<String> envFile = nonEmpty(json.string("env_file"));
        return SpecJson.fromJson(
                json.object("requested").orElseGet(JsonObject::new),
                words(json),
                envFile.isPresent() ? Optional.of(Path.of(envFile.get())) : Optional.empty(),
                nonEmpty(json.string("prehook")),
                Path.of(json.string("cwd").orElse("/")),
                Map.of());
    }

    private static Service.Launch readLaunch(JsonObject json) throws IOException {
        List<ServicePort> ports = new ArrayList<>();
        for (JsonObject port : json.objects("ports")) {
            ports.add(new ServicePort(
                    port.count("port", 0),
                    port.string("type").orElse("tcp"),
                    port.string("protocol").orElse("primary"),
                    Relation.parse(port.string("relation").orElse("bind")),
                    port.string("group")));
        }
        if (ports.isEmpty() && json.number("port").isPresent()) {
            ports.add(new ServicePort(
                    json.count("port", 0),
                    json.string("port_type").orElse("tcp"),
                    "primary",
                    Relation.BIND,
                    Optional.empty()));
        }
        List<Service.Rung> rungs = new ArrayList<>();
        for (JsonObject rung : json.objects("ladder")) {
            rungs.add(new Service.Rung(rung.text("rung"), rung.text("result"), rung.text("why")));
        }
        Optional<String> interpreter = nonEmpty(json.string("interpreter"));
        return new Service.Launch(
                words(json),
                interpreter.isPresent() ? Optional.of(Path.of(interpreter.get())) : Optional.empty(),
                ProcessType.parse(json.string("process_type").orElse("command")),
                ServiceType.parse(json.string("service_type").orElse("pid")),
                ports,
                rungs);
    }

    private static List<String> words(JsonObject json) throws IOException {
        List<String> argv = json.strings("argv");
        return argv.isEmpty() ? List.of(json.text("command").split(" ")) : argv;
    }

    private static Optional<Service.Run> readRun(JsonObject json) throws IOException {
        Optional<JsonObject> identity = json.object("identity");
        if (identity.isEmpty() || json.number("pid").isEmpty()) {
            return Optional.empty();
        }
        String boot = identity.get().text("boot_id");
        ProcessIdentity process = new ProcessIdentity(
                boot,
                json.number("pid").getAsLong(),
                identity.get().number("start_ticks").orElse(-1));
        OptionalLong wrapper = identity.get().number("wrapper_pid");
        return Optional.of(new Service.Run(
                process,
                wrapper.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ProcessIdentity(
                                boot,
                                wrapper.getAsLong(),
                                identity.get().number("wrapper_start_ticks").orElse(-1)))));
    }

    private static Optional<Exit> readExit(JsonObject json) throws IOException {
        Optional<JsonObject> exit = json.object("exit");
        if (exit.isEmpty()) {
            return Optional.empty();
        }
        Exit.Outcome outcome = exit.get().number("code").isPresent()
                ? new Exit.Exited(exit.get().count("code", 0))
                : exit.get().number("signal").isPresent()
                        ? new Exit.Signalled(exit.get().count("signal", 0))
                        : new Exit.Lost();
        return Optional.of(new Exit(
                outcome, Instant.ofEpochSecond(exit.get().number("time").orElse(0))));
    }

    private static Optional<Instant> instant(OptionalLong seconds) {
        return seconds.isPresent() ? Optional.of(Instant.ofEpochSecond(seconds.getAsLong())) : Optional.empty();
    }

    private static Optional<String> nonEmpty(Optional<String> text) {
        return text.isPresent() && !text.get().isEmpty() ? text : Optional.empty();
    }
}
