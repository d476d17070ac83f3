package dev.tetra.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceJson;
import dev.tetra.tsm.core.ServiceLogs;
import dev.tetra.tsm.ports.Listener;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the verbs print for programs; docs/JSON.md describes it. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Writes one JSON value; the text goes to memory, so that nothing can fail. */
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /** The value as text, on one line. */
    static String text(Writer writer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            writer.write(json);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return text.toString();
    }

    /** The error object that every verb prints when it fails. */
    static String error(Failure failure) {
        return text(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("reason", failure.reason());
            json.writeStringField("message", failure.message());
            writeStrings(json, "details", failure.details());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** Whether the text is one JSON value. */
    static boolean isValue(String text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() == null) {
                return false;
            }
            json.skipChildren();
            return json.nextToken() == null;
        } catch (IOException other) {
            return false;
        }
    }

    /** Whether the text is a JSON object that says {@code "ok":false}. */
    static boolean saysNotOk(String text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            boolean notOk = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean ok = json.currentName().equals("ok");
                notOk |= json.nextToken() == JsonToken.VALUE_FALSE && ok;
                json.skipChildren();
            }
            return notOk;
        } catch (IOException other) {
            return false;
        }
    }

    /** A service as in its meta.json, and how long it runs. */
    static String service(Service service) {
        return splice(ServiceJson.toJson(service), "{\"uptime_s\":" + uptime(service) + "}");
    }

    private static String uptime(Service service) {
        return service.run().isPresent() && service.startTime().isPresent()
                ? Long.toString(uptimeSeconds(service))
                : "null";
    }

    /** For how many seconds the service runs, if it does. */
    static long uptimeSeconds(Service service) {
        return service.startTime().isPresent()
                ? Math.max(
                        0,
                        Instant.now().getEpochSecond()
                                - service.startTime().get().getEpochSecond())
                : 0;
    }

    /** The same, with what its processes use and have open. */
    static String service(Service service, Observation seen) {
        return splice(service(service), text(json -> {
            json.writeStartObject();
            json.writeNumberField("memory_bytes", seen.residentBytes());
            json.writeNumberField("cpu_ms", seen.cpu().toMillis());
            json.writeNumberField("cpu_permille", Math.round(10 * seen.cpuPercent()));
            json.writeArrayFieldStart("pids");
            for (long pid : seen.pids()) {
                json.writeNumber(pid);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("listening");
            for (Listener listener : seen.listeners()) {
                write(json, listener);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    /** The same, with its log files and whether it starts at boot. */
    static String service(Service service, Observation seen, ServiceLogs logs, boolean atBoot) {
        return splice(service(service, seen), text(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("logs");
            writeLog(json, "out", logs.out());
            writeLog(json, "err", logs.err());
            writeLog(json, "wrapper", logs.wrapperErr());
            json.writeEndArray();
            json.writeBooleanField("at_boot", atBoot);
            json.writeEndObject();
        }));
    }

    private static void writeLog(JsonGenerator json, String stream, Path file) throws IOException {
        json.writeStartObject();
        json.writeStringField("stream", stream);
        json.writeStringField("file", file.toString());
        json.writeNumberField("bytes", file.toFile().length());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Listener listener) throws IOException {
        json.writeStartObject();
        json.writeNumberField("port", listener.port());
        json.writeStringField("type", listener.transport().text());
        json.writeStringField("address", listener.address());
        if (listener.pid().isPresent()) {
            json.writeNumberField("pid", listener.pid().getAsLong());
        }
        json.writeEndObject();
    }

    /** A service directory that cannot be understood, among the services. */
    static String unreadable(Inventory.Unreadable broken) {
        return text(json -> {
            json.writeStartObject();
            json.writeStringField("name", broken.name());
            json.writeStringField("status", "unreadable");
            json.writeStringField("file", broken.file().toString());
            json.writeStringField("error", broken.why());
            json.writeEndObject();
        });
    }

    /** An array, one element a line. */
    static String array(List<String> elements) {
        return elements.isEmpty() ? "[]" : "[\n" + String.join(",\n", elements) + "\n]";
    }

    /** Two objects as one. */
    static String splice(String object, String more) {
        if (more.length() <= 2) {
            return object;
        }
        String separator = object.length() <= 2 ? "" : ",";
        return object.substring(0, object.length() - 1) + separator + more.substring(1);
    }

    static void writeStrings(JsonGenerator json, String field, List<String> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    static void writeNullable(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value == null) {
            json.writeNullField(field);
        } else {
            json.writeStringField(field, value);
        }
    }
}
