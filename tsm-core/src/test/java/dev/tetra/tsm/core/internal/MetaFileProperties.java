package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.Relation;
import dev.tetra.tsm.ports.ServiceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MetaFileProperties {
    private static final String GUIDE = """
            {
              "tsm_id": 0,
              "name": "quasar-1985",
              "pid": 12345,
              "command": "node quasar_server.js",
              "port": 1985,
              "port_type": "tcp",
              "ports": [
                {"port": 1985, "type": "tcp", "protocol": "http+ws", "relation": "bind"},
                {"port": 1986, "type": "udp", "protocol": "osc-in", "relation": "bind"}
              ],
              "cwd": "/Users/mricos/src/tetra",
              "interpreter": "/usr/local/bin/node",
              "process_type": "node",
              "service_type": "port",
              "status": "online",
              "start_time": 1702756800,
              "parent": null,
              "children": ["trax-bridge-0"],
              "comm_type": "tcp"
            }
            """;

    @Property(tries = 300)
    void aServiceIsReadAsItWasWritten(@ForAll("services") Service service) throws IOException {
        assertThat(MetaFile.fromJson(JsonObject.parse(MetaFile.toJson(service).toPrettyBytes())))
                .isEqualTo(service);
        assertThat(MetaFile.fromJson(JsonObject.parse(MetaFile.toJson(service).toBytes())))
                .isEqualTo(service);
    }

    @Property(tries = 30)
    void aFileCutAtAnyByteIsNoServiceAndNoOtherException(@ForAll("services") Service service) {
        byte[] whole = MetaFile.toJson(service).toPrettyBytes();
        for (int length = 0; length < whole.length - 1; length++) {
            assertThat(isService(Arrays.copyOf(whole, length)))
                    .as("cut at " + length)
                    .isFalse();
        }
    }

    @Property(tries = 30)
    void aFileWithAnyByteFlippedIsAServiceOrAnIoException(@ForAll("services") Service service, @ForAll Random random) {
        byte[] whole = MetaFile.toJson(service).toPrettyBytes();
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 + random.nextInt(255));
            isService(flipped);
        }
    }

    @Property
    void anyNumbersAreAServiceOrAnIoException(@ForAll long number, @ForAll("numberFields") String field) {
        String text = GUIDE.replaceFirst(
                "\\{",
                "{\"exit\": {\"" + field + "\": " + number + ", \"time\": " + number
                        + "}, \"restarts\": 1, \"identity\": {\"boot_id\": \"b\", \"start_ticks\": " + number
                        + ", \"wrapper_pid\": " + number + "},");
        isService(text.replace("1702756800", Long.toString(number)).getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<String> numberFields() {
        return Arbitraries.of("code", "signal", "lost");
    }

    private static boolean isService(byte[] text) {
        try {
            MetaFile.fromJson(JsonObject.parse(text));
            return true;
        } catch (IOException said) {
            return false;
        }
    }

    @Example
    void theGuidesFileIsRead() throws IOException {
        Service service = MetaFile.fromJson(JsonObject.parse(GUIDE.getBytes(StandardCharsets.UTF_8)));
        assertThat(service.id()).isZero();
        assertThat(service.name()).isEqualTo("quasar-1985");
        assertThat(service.baseName()).isEqualTo("quasar");
        assertThat(service.command()).isEqualTo("node quasar_server.js");
        assertThat(service.launch().ports()).extracting(ServicePort::port).containsExactly(1985, 1986);
        assertThat(service.launch().processType()).isEqualTo(ProcessType.NODE);
        assertThat(service.family().children()).containsExactly("trax-bridge-0");
        assertThat(service.startTime()).hasValue(Instant.ofEpochSecond(1702756800));
        assertThat(service.run()).as("a pid alone names no process for sure").isEmpty();
        Service verified = InventoryReader.verified(service, new ServiceDirectory(Path.of("/no/such/directory")));
        assertThat(verified.status().isRunning()).isFalse();
    }

    @Example
    void aPortWithoutAListIsTheMainPort() throws IOException {
        String text = "{\"tsm_id\": 3, \"name\": \"a-80\", \"command\": \"x\", \"port\": 80, \"port_type\": \"udp\"}";
        Service service = MetaFile.fromJson(JsonObject.parse(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(service.port()).hasValue(80);
        assertThat(service.launch().ports().get(0).type()).isEqualTo("udp");
    }

    @Provide
    Arbitrary<Service> services() {
        Arbitrary<String> texts = Arbitraries.strings()
                .withChars("aZ09 \"\\/\n\t\u0001{}[],:äé漢$'`")
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<List<String>> words = texts.list().ofMinSize(1).ofMaxSize(4);
        Arbitrary<Optional<String>> optional = texts.optional();
        Arbitrary<Integer> counts = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        Arbitrary<Path> paths =
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8).map(name -> Path.of("/" + name));
        Arbitrary<Instant> instants =
                Arbitraries.longs().between(0, 4_000_000_000L).map(Instant::ofEpochSecond);
        Arbitrary<Integer> numbers = Arbitraries.integers().between(1, 65535);
        Arbitrary<PortSpec> portSpecs = Arbitraries.oneOf(
                numbers.map(PortSpec.Exact::new),
                numbers.map(PortSpec.AtLeast::new),
                Arbitraries.just(new PortSpec.None()));
        Arbitrary<ServicePort> ports = Combinators.combine(
                        numbers, Arbitraries.of("tcp", "udp"), texts, Arbitraries.of(Relation.values()), optional)
                .as(ServicePort::new);
        Arbitrary<Service.Rung> rungs = Combinators.combine(texts, texts, texts).as(Service.Rung::new);
        Arbitrary<ServiceSpec> specs = Combinators.combine(
                        words,
                        optional,
                        portSpecs.optional(),
                        paths.optional(),
                        optional,
                        paths,
                        policies(),
                        paths.optional())
                .as((command, name, port, envFile, hook, cwd, policies, file) -> {
                    ServiceSpec.Builder spec = policies.with().command(command).cwd(cwd);
                    name.ifPresent(spec::name);
                    port.ifPresent(spec::port);
                    envFile.ifPresent(spec::envFile);
                    hook.ifPresent(spec::preHook);
                    file.ifPresent(spec::file);
                    return spec.build();
                });
        Arbitrary<Service.Launch> launches = Combinators.combine(
                        words,
                        paths.optional(),
                        Arbitraries.of(ProcessType.values()),
                        Arbitraries.of(ServiceType.values()),
                        ports.list().ofMaxSize(3),
                        rungs.list().ofMaxSize(3))
                .as(Service.Launch::new);
        Arbitrary<Long> ticks = Arbitraries.longs().between(1, Long.MAX_VALUE);
        Arbitrary<Service.Run> runs = Combinators.combine(texts, ticks, ticks, ticks.optional())
                .as((boot, pid, start, wrapper) -> new Service.Run(
                        new ProcessIdentity(boot, pid, start),
                        wrapper.map(number -> new ProcessIdentity(boot, number, start))));
        Arbitrary<Exit.Outcome> outcomes = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 255).map(Exit.Exited::new),
                Arbitraries.integers().between(1, 64).map(Exit.Signalled::new),
                Arbitraries.just(new Exit.Lost()));
        Arbitrary<Exit> exits = Combinators.combine(outcomes, instants).as(Exit::new);
        Arbitrary<Service.Family> families =
                Combinators.combine(optional, words, optional).as(Service.Family::new);
        Arbitrary<Service> bare = Combinators.combine(
                        counts,
                        texts,
                        texts,
                        Arbitraries.of(Status.values()),
                        optional,
                        specs,
                        launches,
                        runs.optional())
                .as((id, name, token, status, reason, spec, launch, run) -> Service.of(id, name, token, spec, launch)
                        .status(status, reason)
                        .runs(run, Optional.empty())
                        .build());
        Arbitrary<Service.Health> healths = Combinators.combine(
                        Arbitraries.of(true, false).optional(), counts, optional)
                .as(Service.Health::new);
        return Combinators.combine(
                        bare,
                        instants.optional(),
                        exits.optional(),
                        counts,
                        counts,
                        families,
                        healths,
                        Arbitraries.maps(texts, texts).ofMaxSize(3))
                .as((service, start, exit, restarts, unstable, family, health, variables) -> service.with()
                        .runs(service.run(), start)
                        .lastExit(exit)
                        .restarts(restarts, unstable)
                        .family(family)
                        .health(health)
                        .variables(variables)
                        .build());
    }

    /** Specs of some command with any policies. */
    private static Arbitrary<ServiceSpec> policies() {
        Arbitrary<Duration> durations =
                Arbitraries.longs().between(1, Amounts.LONGEST.toMillis()).map(Duration::ofMillis);
        Arbitrary<UnixSignal> signals = Arbitraries.integers().between(1, 64).map(UnixSignal::new);
        Arbitrary<Probe> probes = Arbitraries.of(
                        "port",
                        "notify",
                        "socket",
                        "http://localhost:{port}/health",
                        "tcp:127.0.0.1:80",
                        "tcp:[::1]:{port}",
                        "log:^ready in \\d+ ms$",
                        "exec:test -e 'a b'")
                .map(Probe::parse);
        Arbitrary<RestartPolicy> restarts = Combinators.combine(
                        Arbitraries.of(RestartPolicy.Mode.values()),
                        Arbitraries.integers().between(0, 255).set().ofMaxSize(3),
                        durations,
                        Arbitraries.integers().between(0, 1000),
                        durations,
                        durations)
                .as(RestartPolicy::new);
        Arbitrary<StopPolicy> stops =
                Combinators.combine(signals, durations, signals.optional()).as(StopPolicy::new);
        Arbitrary<Readiness> readiness = Combinators.combine(probes, durations).as(Readiness::new);
        Arbitrary<Liveness> liveness = Combinators.combine(
                        probes, durations, durations, Arbitraries.integers().between(1, 9))
                .as(Liveness::new);
        Arbitrary<List<Dependency>> dependencies = Arbitraries.of("db:ready", "migrate:completed", "a:b:started")
                .map(Dependency::parse)
                .list()
                .ofMaxSize(3);
        Arbitrary<LogPolicy> logs = Combinators.combine(
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        durations,
                        Arbitraries.integers().between(0, 99))
                .as(LogPolicy::new);
        return Combinators.combine(restarts, stops, readiness.optional(), liveness.optional(), dependencies, logs)
                .as((restart, stop, ready, live, first, cut) -> {
                    ServiceSpec.Builder spec = ServiceSpec.command("x")
                            .restart(restart)
                            .stop(stop)
                            .dependsOn(first)
                            .logs(cut);
                    ready.ifPresent(spec::ready);
                    live.ifPresent(spec::liveness);
                    return spec.build();
                });
    }
}
