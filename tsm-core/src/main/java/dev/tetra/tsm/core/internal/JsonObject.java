package dev.tetra.tsm.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as a map in the order of its fields, read and written by Jackson's streams. Values are {@code String},
 * {@code Boolean}, {@code Number}, {@code List}, {@code JsonObject} or null. <em>For one thread at a time.</em>
 */
public final class JsonObject {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    /** Reads one object. @throws IOException if the text is not exactly one JSON object */
    public static JsonObject parse(byte[] utf8) throws IOException {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            JsonObject object = readObject(parser);
            if (parser.nextToken() != null) {
                throw new IOException("text after the JSON object");
            }
            return object;
        } catch (NumberFormatException beyondMeasure) {
            throw new IOException("not a number: " + beyondMeasure.getMessage(), beyondMeasure);
        }
    }

    private static JsonObject readObject(JsonParser parser) throws IOException {
        JsonObject object = new JsonObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            object.fields.put(name, readValue(parser));
        }
        return object;
    }

    private static @Nullable Object readValue(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readList(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static List<@Nullable Object> readList(JsonParser parser) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(readValue(parser));
        }
        return list;
    }

    /** Adds or replaces a field. */
    public JsonObject put(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    /** Adds the fields that are not there yet. */
    public JsonObject putMissing(JsonObject other) {
        for (Map.Entry<String, @Nullable Object> field : other.fields.entrySet()) {
            if (!fields.containsKey(field.getKey())) {
                fields.put(field.getKey(), field.getValue());
            }
        }
        return this;
    }

    /** The fields, in order. */
    public Map<String, @Nullable Object> fields() {
        return fields;
    }

    /** A string field; empty if absent or null. @throws IOException if it is something else */
    public Optional<String> string(String name) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw new IOException(name + " is not a string: " + value);
    }

    /** A string field that must be there. */
    public String text(String name) throws IOException {
        Optional<String> value = string(name);
        if (value.isEmpty()) {
            throw new IOException(name + " is missing");
        }
        return value.get();
    }

    /** A whole number; empty if absent or null. @throws IOException if it is something else */
    public OptionalLong number(String name) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long || value instanceof Integer) {
            return OptionalLong.of(((Number) value).longValue());
        }
        throw new IOException(name + " is not a whole number: " + value);
    }

    /** A whole number from 0 to the greatest int; the default if absent. */
    public int count(String name, int absent) throws IOException {
        long value = number(name).orElse(absent);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IOException(name + " not in [0, 2147483647]: " + value);
        }
        return (int) value;
    }

    /** Whether the field is true. */
    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /** An object field; empty if absent or null. @throws IOException if it is something else */
    public Optional<JsonObject> object(String name) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonObject object) {
            return Optional.of(object);
        }
        throw new IOException(name + " is not an object");
    }

    /** An array of strings; empty if absent or null. */
    public List<String> strings(String name) throws IOException {
        return list(name, String.class, "strings");
    }

    /** An array of objects; empty if absent or null. */
    public List<JsonObject> objects(String name) throws IOException {
        return list(name, JsonObject.class, "objects");
    }

    /** An array of whole numbers; empty if absent or null. */
    public List<Long> numbers(String name) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (Number number : list(name, Number.class, "whole numbers")) {
            if (!(number instanceof Long || number instanceof Integer)) {
                throw new IOException(name + " is not an array of whole numbers");
            }
            numbers.add(number.longValue());
        }
        return numbers;
    }

    private <T> List<T> list(String name, Class<T> type, String what) throws IOException {
        Object value = fields.get(name);
        List<T> found = new ArrayList<>();
        if (value == null) {
            return found;
        }
        if (!(value instanceof List<?> list)) {
            throw new IOException(name + " is not an array");
        }
        for (Object element : list) {
            if (!type.isInstance(element)) {
                throw new IOException(name + " is not an array of " + what);
            }
            found.add(type.cast(element));
        }
        return found;
    }

    /** A map of strings; empty if absent or null. */
    public Map<String, String> stringMap(String name) throws IOException {
        Map<String, String> map = new LinkedHashMap<>();
        Optional<JsonObject> object = object(name);
        if (object.isPresent()) {
            for (String key : object.get().fields.keySet()) {
                map.put(key, object.get().text(key));
            }
        }
        return map;
    }

    /** An object of these strings. */
    public static JsonObject of(Map<String, String> map) {
        JsonObject object = new JsonObject();
        object.fields.putAll(map);
        return object;
    }

    /** One line of UTF-8 without a line break. Half of a surrogate pair, which UTF-8 cannot hold, becomes a question mark. */
    public byte[] toBytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Indented UTF-8 with a last line break, for people. */
    public byte[] toPrettyBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (Writer writer = new java.io.OutputStreamWriter(bytes, StandardCharsets.UTF_8);
                JsonGenerator generator = FACTORY.createGenerator(writer)) {
            generator.setPrettyPrinter(new DefaultPrettyPrinter()
                    .withArrayIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance)
                    .withObjectIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n")));
            write(generator, this);
            generator.writeRaw('\n');
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(generator, this);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof String text) {
            generator.writeString(text);
        } else if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value instanceof Integer || value instanceof Long) {
            generator.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number) {
            generator.writeNumber(number.toString());
        } else if (value instanceof JsonObject object) {
            generator.writeStartObject();
            for (Map.Entry<String, @Nullable Object> field : object.fields.entrySet()) {
                generator.writeFieldName(field.getKey());
                write(generator, field.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> list) {
            generator.writeStartArray();
            for (Object element : list) {
                write(generator, element);
            }
            generator.writeEndArray();
        } else {
            throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }
}
