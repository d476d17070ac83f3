package dev.tetra.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As much of JSON Schema (draft 2020-12) as docs/schema uses; a keyword beyond that is an error. */
final class JsonSchema {
    private static final Path DIRECTORY = Path.of("..", "docs", "schema");
    private static final Set<String> NOTES = Set.of("$schema", "$id", "title");

    private final Map<?, ?> schema;

    private JsonSchema(Map<?, ?> schema) {
        this.schema = schema;
    }

    /** The schema of that name in docs/schema. */
    static JsonSchema named(String name) throws IOException {
        Object schema = JsonTree.parse(Files.readString(DIRECTORY.resolve(name + ".schema.json")));
        return new JsonSchema((Map<?, ?>) java.util.Objects.requireNonNull(schema));
    }

    /** What is wrong with the value; nothing if it is as the schema says. */
    List<String> problems(@Nullable Object value) throws IOException {
        List<String> problems = new ArrayList<>();
        check("$", value, schema, problems);
        return problems;
    }

    private static void check(String where, @Nullable Object value, Map<?, ?> schema, List<String> problems)
            throws IOException {
        for (Map.Entry<?, ?> rule : schema.entrySet()) {
            String keyword = String.valueOf(rule.getKey());
            Object operand = rule.getValue();
            switch (keyword) {
                case "type" -> require(isOfType(value, operand), where + " is no " + operand + ": " + value, problems);
                case "enum" ->
                    require(((List<?>) operand).contains(value), where + " not in " + operand + ": " + value, problems);
                case "minimum" ->
                    require(
                            !(value instanceof Long number) || number >= (Long) operand,
                            where + " below " + operand,
                            problems);
                case "maximum" ->
                    require(
                            !(value instanceof Long number) || number <= (Long) operand,
                            where + " above " + operand,
                            problems);
                case "required" -> {
                    for (Object name : (List<?>) operand) {
                        require(
                                !(value instanceof Map<?, ?> object) || object.containsKey(name),
                                where + " has no " + name,
                                problems);
                    }
                }
                case "properties" -> {
                    if (value instanceof Map<?, ?> object) {
                        for (Map.Entry<?, ?> property : ((Map<?, ?>) operand).entrySet()) {
                            if (object.containsKey(property.getKey())) {
                                check(
                                        where + "." + property.getKey(),
                                        object.get(property.getKey()),
                                        (Map<?, ?>) property.getValue(),
                                        problems);
                            }
                        }
                    }
                }
                case "items" -> {
                    if (value instanceof List<?> array) {
                        for (int i = 0; i < array.size(); i++) {
                            check(where + "[" + i + "]", array.get(i), (Map<?, ?>) operand, problems);
                        }
                    }
                }
                case "anyOf" -> anyOf(where, value, (List<?>) operand, problems);
                case "$ref" ->
                    check(where, value, named(operand.toString().replace(".schema.json", "")).schema, problems);
                default -> require(NOTES.contains(keyword), "keyword not understood: " + keyword, problems);
            }
        }
    }

    private static void anyOf(String where, @Nullable Object value, List<?> schemas, List<String> problems)
            throws IOException {
        List<String> all = new ArrayList<>();
        for (Object schema : schemas) {
            List<String> some = new ArrayList<>();
            check(where, value, (Map<?, ?>) schema, some);
            if (some.isEmpty()) {
                return;
            }
            all.addAll(some);
        }
        problems.addAll(all);
    }

    private static boolean isOfType(@Nullable Object value, Object type) {
        if (type instanceof List<?> types) {
            return types.stream().anyMatch(one -> isOfType(value, one));
        }
        return switch (type.toString()) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Long;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            default -> false;
        };
    }

    private static void require(boolean condition, String problem, List<String> problems) {
        if (!condition) {
            problems.add(problem);
        }
    }
}
