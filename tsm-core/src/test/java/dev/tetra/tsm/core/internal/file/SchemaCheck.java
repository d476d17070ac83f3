package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.file.Node.Entry;
import dev.tetra.tsm.core.internal.file.Node.Mapping;
import dev.tetra.tsm.core.internal.file.Node.Scalar;
import dev.tetra.tsm.core.internal.file.Node.Sequence;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** As much of JSON Schema (draft 2020-12) as the schema of service files uses; a keyword beyond that is an error. */
final class SchemaCheck {
    private static final Set<String> NOTES = Set.of("$schema", "$id", "$defs", "title", "description");

    private final JsonObject root;

    private SchemaCheck(JsonObject root) {
        this.root = root;
    }

    static SchemaCheck of(String schema) throws IOException {
        return new SchemaCheck(JsonObject.parse(schema.getBytes(StandardCharsets.UTF_8)));
    }

    /** A schema of {@code $defs}. */
    JsonObject definition(String name) throws IOException {
        return root.object("$defs").orElseThrow().object(name).orElseThrow();
    }

    /** What is wrong with the value; nothing if it is as the schema says. */
    List<String> problems(Node value) throws IOException {
        List<String> problems = new ArrayList<>();
        check(value, root, problems);
        return problems;
    }

    private boolean fits(Node value, JsonObject schema) throws IOException {
        List<String> problems = new ArrayList<>();
        check(value, schema, problems);
        return problems.isEmpty();
    }

    private void check(Node value, JsonObject schema, List<String> problems) throws IOException {
        for (Map.Entry<String, @Nullable Object> rule : schema.fields().entrySet()) {
            if (!NOTES.contains(rule.getKey()) && !holds(rule.getKey(), value, schema, problems)) {
                problems.add(value.mark() + ": " + rule.getKey() + " " + rule.getValue());
            }
        }
    }

    private boolean holds(String keyword, Node value, JsonObject schema, List<String> problems) throws IOException {
        switch (keyword) {
            case "type" -> {
                Object type = schema.fields().get(keyword);
                return (type instanceof List<?> types ? types : List.of(String.valueOf(type)))
                        .stream().anyMatch(one -> isOfType(value, one.toString()));
            }
            case "enum" -> {
                return value instanceof Scalar scalar && schema.strings(keyword).contains(scalar.text());
            }
            case "const" -> {
                return value instanceof Scalar scalar
                        && scalar.type() == Scalar.Type.NUMBER
                        && scalar.text().equals(schema.number(keyword).orElseThrow() + "");
            }
            case "pattern" -> {
                return !isOfType(value, "string")
                        || Pattern.compile(schema.text(keyword))
                                .matcher(((Scalar) value).text())
                                .find();
            }
            case "minimum" -> {
                return !isOfType(value, "number")
                        || number(value)
                                        .compareTo(BigDecimal.valueOf(
                                                schema.number(keyword).orElseThrow()))
                                >= 0;
            }
            case "maximum" -> {
                return !isOfType(value, "number")
                        || number(value)
                                        .compareTo(BigDecimal.valueOf(
                                                schema.number(keyword).orElseThrow()))
                                <= 0;
            }
            case "minItems" -> {
                return !(value instanceof Sequence list)
                        || list.items().size() >= schema.number(keyword).orElseThrow();
            }
            case "minProperties" -> {
                return !(value instanceof Mapping map)
                        || map.entries().size() >= schema.number(keyword).orElseThrow();
            }
            case "required" -> {
                List<String> names = schema.strings(keyword);
                return !(value instanceof Mapping map)
                        || names.stream().allMatch(name -> property(map, name).isPresent());
            }
            default -> {
                return holdsBelow(keyword, value, schema, problems);
            }
        }
    }

    private boolean holdsBelow(String keyword, Node value, JsonObject schema, List<String> problems)
            throws IOException {
        switch (keyword) {
            case "properties" -> {
                JsonObject properties = schema.object(keyword).orElseThrow();
                for (String name : properties.fields().keySet()) {
                    Optional<Node> child = value instanceof Mapping map ? property(map, name) : Optional.empty();
                    if (child.isPresent()) {
                        check(child.get(), properties.object(name).orElseThrow(), problems);
                    }
                }
            }
            case "additionalProperties" -> {
                Set<String> known = schema.object("properties")
                        .orElseGet(JsonObject::new)
                        .fields()
                        .keySet();
                for (Entry entry : value instanceof Mapping map ? map.entries() : List.<Entry>of()) {
                    if (!known.contains(entry.key().text())) {
                        if (Boolean.FALSE.equals(schema.fields().get(keyword))) {
                            return false;
                        }
                        check(entry.value(), schema.object(keyword).orElseThrow(), problems);
                    }
                }
            }
            case "propertyNames" -> {
                for (Entry entry : value instanceof Mapping map ? map.entries() : List.<Entry>of()) {
                    Scalar key = entry.key();
                    check(
                            new Scalar(key.mark(), key.text(), Scalar.Type.TEXT),
                            schema.object(keyword).orElseThrow(),
                            problems);
                }
            }
            case "items" -> {
                for (Node item : value instanceof Sequence list ? list.items() : List.<Node>of()) {
                    check(item, schema.object(keyword).orElseThrow(), problems);
                }
            }
            case "anyOf", "oneOf" -> {
                int fitting = 0;
                for (JsonObject one : schema.objects(keyword)) {
                    fitting += fits(value, one) ? 1 : 0;
                }
                return keyword.equals("anyOf") ? fitting > 0 : fitting == 1;
            }
            case "$ref" -> check(value, definition(schema.text(keyword).substring("#/$defs/".length())), problems);
            default -> throw new IOException("keyword not understood: " + keyword);
        }
        return true;
    }

    private static Optional<Node> property(Mapping map, String name) {
        return map.entries().stream()
                .filter(entry -> entry.key().text().equals(name))
                .map(Entry::value)
                .findFirst();
    }

    private static BigDecimal number(Node value) {
        return new BigDecimal(((Scalar) value).text());
    }

    private static boolean isOfType(Node value, String type) {
        return switch (type) {
            case "object" -> value instanceof Mapping;
            case "array" -> value instanceof Sequence;
            case "string" -> value instanceof Scalar scalar && scalar.type() == Scalar.Type.TEXT;
            case "boolean" -> value instanceof Scalar scalar && scalar.type() == Scalar.Type.BOOLEAN;
            case "number" -> value instanceof Scalar scalar && scalar.type() == Scalar.Type.NUMBER;
            case "integer" ->
                isOfType(value, "number") && ((Scalar) value).text().matches("-?[0-9]+");
            default -> throw new IllegalArgumentException("type not understood: " + type);
        };
    }
}
