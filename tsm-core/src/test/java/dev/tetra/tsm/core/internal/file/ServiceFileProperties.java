package dev.tetra.tsm.core.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.file.Node.Entry;
import dev.tetra.tsm.core.internal.file.Node.Mapping;
import dev.tetra.tsm.core.internal.file.Node.Scalar;
import dev.tetra.tsm.core.internal.file.Node.Sequence;
import dev.tetra.tsm.ports.PortSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class ServiceFileProperties {
    private static final Path DIRECTORY = Path.of("/srv/shop");
    private static final Path YAML = DIRECTORY.resolve("services.yml");

    @Property(tries = 300)
    void whatIsWrittenIsReadAsTheSameSpecs(@ForAll("files") List<ServiceSpec> specs) {
        String text = ServiceFile.write(specs, DIRECTORY, Map.of());
        assertThat(ServiceFile.parse(YAML, text, Map.of()).services()).as(text).isEqualTo(specs);
    }

    @Property(tries = 150)
    void whatIsWrittenFitsTheSchemaAndMeansTheSameInJson(@ForAll("files") List<ServiceSpec> specs) throws IOException {
        String yaml = ServiceFile.write(specs, DIRECTORY, Map.of());
        Node root = YamlTree.read(yaml, new Problems("services.yml"));
        assertThat(SchemaCheck.of(ServiceFile.schema()).problems(root)).as(yaml).isEmpty();
        String json = String.valueOf(json(root));
        assertThat(ServiceFile.parse(DIRECTORY.resolve("services.json"), json, Map.of())
                        .services())
                .as(json)
                .isEqualTo(specs);
    }

    @Property(tries = 100)
    void namesSetByHandAreACommentAndChangeNothing(
            @ForAll("files") List<ServiceSpec> specs, @ForAll("texts") String name) {
        Map<String, List<String>> byHand = Map.of(specs.get(0).name().orElseThrow(), List.of(name, "SECRET"));
        String text = ServiceFile.write(specs, DIRECTORY, byHand);
        assertThat(text).contains("# set by hand: ");
        assertThat(ServiceFile.parse(YAML, text, Map.of()).services()).as(text).isEqualTo(specs);
    }

    @Property(tries = 500)
    void aTextThatIsDamagedIsReadOrRefusedInOneSentence(
            @ForAll("files") List<ServiceSpec> specs,
            @ForAll("endings") String ending,
            @ForAll("snippets") List<String> snippets,
            @ForAll Random random)
            throws IOException {
        String yaml = ServiceFile.write(specs, DIRECTORY, Map.of());
        StringBuilder text = new StringBuilder(
                ending.equals(".json") ? String.valueOf(json(YamlTree.read(yaml, new Problems("x")))) : yaml);
        for (String snippet : snippets) {
            int at = random.nextInt(text.length() + 1);
            text.replace(at, Math.min(text.length(), at + random.nextInt(4)), snippet);
        }
        readOrRefuse(DIRECTORY.resolve("services" + ending), text.toString());
    }

    @Property(tries = 500)
    void anyTextIsReadOrRefusedInOneSentence(@ForAll String text, @ForAll("endings") String ending) {
        readOrRefuse(DIRECTORY.resolve("services" + ending), text);
    }

    private static void readOrRefuse(Path file, String text) {
        try {
            assertThat(ServiceFile.parse(file, text, Map.of("HOME", "/home/ann"))
                            .services())
                    .isNotEmpty();
        } catch (ServiceException said) {
            List<String> sentences = new ArrayList<>(said.details());
            sentences.add(0, String.valueOf(said.getMessage()));
            assertThat(sentences)
                    .allSatisfy(sentence -> assertThat(sentence)
                            .doesNotContain("\n", "Exception", "org.snakeyaml", "fasterxml")
                            .hasSizeLessThan(500));
            assertThat(said.getMessage()).startsWith(file.toString());
        }
    }

    @Property(tries = 300)
    void quotedTextIsReadAsItself(@ForAll("texts") String text) {
        Node root = YamlTree.read("a: {b: " + SpecWriter.quoted(text) + "}", new Problems("x"));
        Node value = ((Mapping) ((Mapping) root).entries().get(0).value())
                .entries()
                .get(0)
                .value();
        assertThat(((Scalar) value).text()).isEqualTo(text);
        assertThat(((Scalar) value).type()).isEqualTo(Scalar.Type.TEXT);
    }

    private static @Nullable Object json(Node node) {
        if (node instanceof Mapping map) {
            JsonObject object = new JsonObject();
            for (Entry entry : map.entries()) {
                object.put(entry.key().text(), json(entry.value()));
            }
            return object;
        }
        if (node instanceof Sequence list) {
            List<@Nullable Object> items = new ArrayList<>();
            for (Node item : list.items()) {
                items.add(json(item));
            }
            return items;
        }
        Scalar scalar = (Scalar) node;
        return switch (scalar.type()) {
            case NUMBER -> new BigDecimal(scalar.text());
            case BOOLEAN -> Boolean.valueOf(scalar.text());
            case NOTHING -> null;
            case TEXT -> scalar.text();
        };
    }

    @Provide
    Arbitrary<String> endings() {
        return Arbitraries.of(".yaml", ".json", ".tsm");
    }

    @Provide
    Arbitrary<List<String>> snippets() {
        return Arbitraries.of(
                        "",
                        " ",
                        "\n",
                        "\t",
                        ":",
                        "- ",
                        "{",
                        "}",
                        "[",
                        "]",
                        "\"",
                        "'",
                        "#",
                        "&a ",
                        "*a",
                        "<<: *a",
                        "!!x ",
                        "null",
                        "8000",
                        "|",
                        ">",
                        "\\",
                        "\u0000",
                        "\u0007",
                        "\uFEFF",
                        "TSM_COMMAND=x\n",
                        "---\n",
                        "é",
                        ",")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> wild = Arbitraries.strings()
                .withChars("aZ09 \"\\/\n\t\r\u0001\u0085\u2028\uFEFF{}[],:#&*!|>'%@`~-+=.?äé漢$")
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> treacherous = Arbitraries.of(
                "null",
                "~",
                "true",
                "No",
                "on",
                "1",
                "-1",
                "0x1F",
                "1e3",
                ".5",
                ".inf",
                "-",
                "--",
                "---",
                "...",
                "- a",
                "a: b",
                "a #b",
                "#",
                "<<",
                "=",
                "é",
                "😀",
                " a",
                "a ",
                "a:",
                ":a",
                "?",
                "2001-01-01",
                "8000+",
                "bash");
        return Arbitraries.oneOf(wild, treacherous);
    }

    @Provide
    Arbitrary<List<ServiceSpec>> files() {
        return specs().list().ofMinSize(1).ofMaxSize(4).uniqueElements(ServiceSpec::name);
    }

    private Arbitrary<ServiceSpec> specs() {
        Arbitrary<String> names = Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars("aZ09._-")
                        .ofMinLength(1)
                        .ofMaxLength(8)
                        .map(rest -> "s" + rest),
                Arbitraries.of("null", "true", "0x1F", "1e3", "web-8000", "no"));
        Arbitrary<String> filled = texts().filter(text -> !text.isBlank());
        Arbitrary<List<String>> words = Combinators.combine(
                        filled, texts().list().ofMaxSize(3))
                .as((first, rest) -> {
                    List<String> all = new ArrayList<>(List.of(first));
                    all.addAll(rest);
                    return all;
                });
        Arbitrary<List<String>> commands = Arbitraries.oneOf(words, filled.map(line -> List.of("bash", "-c", line)));
        Arbitrary<Integer> numbers = Arbitraries.integers().between(1, 65535);
        Arbitrary<PortSpec> ports = Arbitraries.oneOf(
                numbers.map(PortSpec.Exact::new),
                numbers.map(PortSpec.AtLeast::new),
                Arbitraries.just(new PortSpec.None()));
        Arbitrary<Path> paths = Arbitraries.of(
                        "/srv/shop",
                        "/srv/shop/a b",
                        "/srv/shop/~",
                        "/srv/shop/8000",
                        "/srv/shop/null",
                        "/",
                        "/srv/x: y",
                        "/srv/shopping")
                .map(Path::of);
        Arbitrary<Map<String, String>> environments = Arbitraries.maps(
                        Arbitraries.of("A", "B_1", "_c", "NO", "Null"), texts())
                .ofMaxSize(3);
        Arbitrary<Hooks> hooks = Combinators.combine(filled.optional(), filled.optional(), filled.optional())
                .as(Hooks::new);
        Arbitrary<ServiceSpec> around = Combinators.combine(
                        commands,
                        paths,
                        ports.optional(),
                        paths.optional(),
                        environments,
                        hooks,
                        Arbitraries.of("tcp", "pipe", "fifo", "socket").optional())
                .as((command, cwd, port, envFile, environment, hook, type) -> {
                    ServiceSpec.Builder spec = ServiceSpec.command(command)
                            .cwd(cwd)
                            .environment(environment)
                            .hooks(hook);
                    port.ifPresent(spec::port);
                    envFile.ifPresent(spec::envFile);
                    type.ifPresent(spec::commType);
                    return spec.build();
                });
        return Combinators.combine(
                        around, names, names.optional(), restarts(), stops(), probes(), dependencies(), logs())
                .as((spec, name, parent, restart, stop, probes, first, logs) -> {
                    ServiceSpec.Builder all = spec.with()
                            .name(name)
                            .restart(restart)
                            .stop(stop)
                            .dependsOn(first)
                            .logs(logs);
                    parent.ifPresent(all::parent);
                    probes.ready().ifPresent(all::ready);
                    probes.liveness().ifPresent(all::liveness);
                    return all.build();
                });
    }

    private record Probes(Optional<Readiness> ready, Optional<Liveness> liveness) {}

    private static Arbitrary<Duration> durations() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(1, Amounts.LONGEST.toMillis()).map(Duration::ofMillis),
                Arbitraries.of(1, 2, 5, 10, 15, 30).map(Duration::ofSeconds),
                Arbitraries.just(Duration.ofMillis(100)));
    }

    private static Arbitrary<RestartPolicy> restarts() {
        Arbitrary<RestartPolicy.Mode> modes = Arbitraries.of(RestartPolicy.Mode.values());
        Arbitrary<RestartPolicy> any = Combinators.combine(
                        modes,
                        Arbitraries.integers().between(0, 255).set().ofMaxSize(3),
                        durations(),
                        Arbitraries.of(0, 1, 16, Integer.MAX_VALUE),
                        durations(),
                        durations())
                .as(RestartPolicy::new);
        return Arbitraries.oneOf(modes.map(RestartPolicy.DEFAULT::withMode), any);
    }

    private static Arbitrary<StopPolicy> stops() {
        Arbitrary<UnixSignal> signals = Arbitraries.integers().between(1, 64).map(UnixSignal::new);
        return Arbitraries.oneOf(
                Arbitraries.just(StopPolicy.DEFAULT),
                Combinators.combine(signals, durations(), signals.optional()).as(StopPolicy::new));
    }

    private Arbitrary<Probes> probes() {
        Arbitrary<Probe> exec = texts().list().ofMinSize(1).ofMaxSize(3).map(Probe.Exec::new);
        Arbitrary<Probe> others = Arbitraries.of(
                        "port",
                        "notify",
                        "socket",
                        "http://localhost:{port}/health",
                        "tcp:127.0.0.1:80",
                        "tcp:[::1]:{port}",
                        "log:^ready in \\d+ ms$")
                .map(Probe::parse);
        Arbitrary<Probe> all = Arbitraries.oneOf(exec, others);
        Arbitrary<Readiness> ready = Combinators.combine(all, durations()).as(Readiness::new);
        Arbitrary<Liveness> liveness = Combinators.combine(
                        all, durations(), durations(), Arbitraries.integers().between(1, 9))
                .as(Liveness::new);
        return Combinators.combine(
                        Arbitraries.oneOf(ready, all.map(Readiness::new)).optional(),
                        Arbitraries.oneOf(liveness, all.map(Liveness::new)).optional())
                .as(Probes::new);
    }

    private static Arbitrary<List<Dependency>> dependencies() {
        return Arbitraries.of("db:ready", "migrate:completed", "b-8000:started", "null:ready")
                .map(Dependency::parse)
                .list()
                .ofMaxSize(3);
    }

    private static Arbitrary<LogPolicy> logs() {
        return Arbitraries.oneOf(
                Arbitraries.just(LogPolicy.DEFAULT),
                Combinators.combine(
                                Arbitraries.longs().between(0, 1L << 50),
                                Arbitraries.oneOf(durations(), Arbitraries.just(Duration.ZERO)),
                                Arbitraries.integers().between(0, 99))
                        .as(LogPolicy::new));
    }
}
