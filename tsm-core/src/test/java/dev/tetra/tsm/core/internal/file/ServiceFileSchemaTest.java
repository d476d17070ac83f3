package dev.tetra.tsm.core.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.internal.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema says what the reader does, and so does docs/SERVICE_FILES.md. */
class ServiceFileSchemaTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path YAML = Path.of("/srv/shop/services.yml");

    private final SchemaCheck schema = schema();

    private static SchemaCheck schema() {
        try {
            return SchemaCheck.of(ServiceFile.schema());
        } catch (IOException wrong) {
            throw new AssertionError(wrong);
        }
    }

    @Test
    void theSchemaInTheJarIsThePublishedOne() throws IOException {
        assertThat(ServiceFile.schema()).isEqualTo(Files.readString(DOCS.resolve("schema/service-file.schema.json")));
    }

    @Test
    void theKeysOfTheSchemaAreThoseOfTheReader() throws IOException {
        assertThat(keys(JsonObject.parse(ServiceFile.schema().getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .isEqualTo(Keys.FILE);
        JsonObject service = schema.definition("service");
        assertThat(keys(service)).isEqualTo(Keys.SERVICE);
        JsonObject properties = service.object("properties").orElseThrow();
        Map<String, List<String>> sections = new LinkedHashMap<>();
        for (String key : properties.fields().keySet()) {
            JsonObject property = properties.object(key).orElseThrow();
            List<JsonObject> shapes = new ArrayList<>(property.objects("anyOf"));
            shapes.add(property);
            for (JsonObject shape : shapes) {
                if (shape.object("properties").isPresent()) {
                    assertThat(shape.fields()).as(key).containsEntry("additionalProperties", false);
                    sections.put(key, keys(shape));
                }
            }
        }
        assertThat(sections)
                .isEqualTo(Map.of(
                        "hooks", Keys.HOOKS,
                        "restart", Keys.RESTART,
                        "stop", Keys.STOP,
                        "ready", Keys.READY,
                        "liveness", Keys.LIVENESS,
                        "logs", Keys.LOGS));
    }

    private static List<String> keys(JsonObject object) throws IOException {
        return List.copyOf(object.object("properties").orElseThrow().fields().keySet());
    }

    @Test
    void theWordsOfTheSchemaAreThoseOfTheModel() throws IOException {
        assertThat(schema.definition("policy").strings("enum"))
                .isEqualTo(Arrays.stream(RestartPolicy.Mode.values())
                        .map(RestartPolicy.Mode::text)
                        .toList());
        assertThat(schema.definition("condition").strings("enum"))
                .isEqualTo(Arrays.stream(Dependency.Condition.values())
                        .map(Dependency.Condition::text)
                        .toList());
    }

    @Test
    void theExampleOfTheDocumentFitsTheSchemaAndHasEveryKey() throws IOException {
        String example = example("yaml");
        Node root = YamlTree.read(example, new Problems("example"));
        assertThat(schema.problems(root)).isEmpty();
        Set<String> found = new HashSet<>();
        collect(root, found);
        Set<String> all = new HashSet<>();
        for (List<String> keys : List.of(
                Keys.FILE, Keys.SERVICE, Keys.HOOKS, Keys.RESTART, Keys.STOP, Keys.READY, Keys.LIVENESS, Keys.LOGS)) {
            all.addAll(keys);
        }
        assertThat(found).containsAll(all);
        List<ServiceSpec> specs = ServiceFile.parse(YAML, example, Map.of()).services();
        assertThat(specs).extracting(spec -> spec.name().orElseThrow()).containsExactly("db", "migrate", "web");
        assertThat(ServiceFile.parse(YAML, ServiceFile.write(specs, Path.of("/srv/shop"), Map.of()), Map.of())
                        .services())
                .isEqualTo(specs);
    }

    @Test
    void theExampleOfAFileOfTheOriginalIsRead() throws IOException {
        String example = example("sh");
        assertThat(ServiceFile.parse(Path.of("/srv/shop/web.tsm"), example, Map.of())
                        .services())
                .hasSize(1);
        String document = Files.readString(DOCS.resolve("SERVICE_FILES.md"));
        assertThat(TsmReader.KEYS).allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
        assertThat(TsmReader.PASSED_OVER).allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
    }

    private static void collect(Node node, Set<String> keys) {
        if (node instanceof Node.Mapping map) {
            for (Node.Entry entry : map.entries()) {
                keys.add(entry.key().text());
                collect(entry.value(), keys);
            }
        }
    }

    private static String example(String language) throws IOException {
        String document = Files.readString(DOCS.resolve("SERVICE_FILES.md"));
        String fence = "```" + language + "\n";
        int begin = document.indexOf(fence) + fence.length();
        assertThat(begin).isGreaterThan(fence.length());
        return document.substring(begin, document.indexOf("```", begin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "command: x, zzz: 1",
                "command: x, shell: y",
                "port: 80",
                "command: []",
                "command: ''",
                "command: x, port: 0",
                "command: x, port: 65536",
                "command: x, port: 80x",
                "command: x, restart: often",
                "command: x, restart: {plcy: never}",
                "command: x, restart: {limit: '5'}",
                "command: x, restart: {done_codes: [256]}",
                "command: x, stop: {grace: 5}",
                "command: x, stop: TERM",
                "command: x, ready: ftp://x",
                "command: x, ready: {timeout: 1s}",
                "command: x, liveness: {probe: port, threshold: 0}",
                "command: x, liveness: []",
                "command: x, depends_on: db",
                "command: x, depends_on: ['db:done']",
                "command: x, depends_on: {db: done}",
                "command: x, environment: {'A-B': 1}",
                "command: x, environment: {A: [1]}",
                "command: x, environment: {A: }",
                "command: x, parent: 'a b'",
                "command: x, parent: '7'",
                "command: x, hooks: {pre: x}",
                "command: x, comm_type: ''",
                "command: x, comm_type: pigeon",
                "command: x, logs: {keep: -1}",
                "command: x, logs: {max_size: big}",
                "command: x, logs: {max_age: 1w}"
            })
    void whatTheReaderRefusesTheSchemaRefuses(String service) throws IOException {
        String text = "services: {web: {" + service + "}}";
        assertThatThrownBy(() -> ServiceFile.parse(YAML, text, Map.of())).isInstanceOf(ServiceException.class);
        assertThat(schema.problems(YamlTree.read(text, new Problems("x")))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "command: [sleep, 5, true]",
                "shell: a && b",
                "command: x, port: 8000",
                "command: x, port: '8000'",
                "command: x, port: 8000+",
                "command: x, port: none",
                "command: x, restart: {limit: 5, min_uptime: 1.5s, first_delay: 0}",
                "command: x, stop: {signal: sigrtmin+2, grace: 5min}",
                "command: x, reload_signal: 1",
                "command: x, ready: [curl, x]",
                "command: x, ready: 'https://x/'",
                "command: x, depends_on: {db: ready}",
                "command: x, environment: {A: 1, B: true, C: ''}",
                "command: x, logs: {max_size: 10MiB, max_age: 0, keep: 0}",
                "command: x, logs: {max_size: 4096}",
                "command: x, environment: {}, hooks: {}, depends_on: []"
            })
    void whatTheReaderAcceptsTheSchemaAccepts(String service) throws IOException {
        String text = "services: {web: {" + service + "}}";
        assertThat(ServiceFile.parse(YAML, text, Map.of()).services()).hasSize(1);
        assertThat(schema.problems(YamlTree.read(text, new Problems("x")))).isEmpty();
    }
}
