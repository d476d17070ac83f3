package dev.tetra.tsm.core.internal.events;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.internal.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An event as one line of JSON (docs/schema/event.schema.json). */
public final class EventJson {
    /** No line is longer, its newline included; what an event has beyond that is left out. */
    public static final int LONGEST_LINE = 64 * 1024;

    private static final int MOST_DETAILS = 40;
    private static final int LONGEST_DETAIL = 400;
    private static final int LONGEST_TEXT = 2000;
    private static final int HIGHEST_CODE = 255;

    private EventJson() {}

    /** The event as JSON. */
    public static JsonObject toJson(ServiceEvent event) {
        return new JsonObject()
                .put("time_ms", event.time().toEpochMilli())
                .put("service", event.service())
                .put("id", event.id())
                .put("kind", event.kind().text())
                .put("cause", event.cause().text())
                .put("pid", event.pid().orElse(null))
                .put("exit", event.exit().isPresent() ? exit(event.exit().get()) : null)
                .put("text", event.text())
                .put("details", event.details());
    }

    private static JsonObject exit(Exit.Outcome outcome) {
        JsonObject json = new JsonObject();
        if (outcome instanceof Exit.Exited exited) {
            return json.put("code", exited.code());
        }
        if (outcome instanceof Exit.Signalled signalled) {
            return json.put("signal", signalled.signal());
        }
        return json.put("lost", true);
    }

    /** The event as a line with its newline, at most {@link #LONGEST_LINE} bytes. */
    public static byte[] line(ServiceEvent event) {
        byte[] json = characters(event) < LONGEST_LINE ? toJson(event).toBytes() : null;
        if (json == null || json.length >= LONGEST_LINE) {
            json = toJson(cut(event, MOST_DETAILS)).toBytes();
        }
        if (json.length >= LONGEST_LINE) {
            json = toJson(cut(event, 0)).toBytes();
        }
        byte[] line = new byte[json.length + 1];
        System.arraycopy(json, 0, line, 0, json.length);
        line[json.length] = '\n';
        return line;
    }

    /** Counted first: nobody's text is made a line only to find out that it is too long for one. */
    private static long characters(ServiceEvent event) {
        long sum = (long) event.service().length() + event.text().length();
        for (String detail : event.details()) {
            sum += detail.length();
        }
        return sum;
    }

    private static ServiceEvent cut(ServiceEvent event, int most) {
        List<String> all = event.details();
        List<String> last = new ArrayList<>();
        for (String detail : all.subList(Math.max(0, all.size() - most), all.size())) {
            last.add(cut(detail, LONGEST_DETAIL));
        }
        return new ServiceEvent(
                event.time(),
                cut(event.service(), LONGEST_DETAIL),
                event.id(),
                event.kind(),
                event.cause(),
                event.pid(),
                event.exit(),
                cut(event.text(), LONGEST_TEXT),
                last);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }

    /** The event that a line says. @throws IOException with what is wrong if it does not say one */
    public static ServiceEvent parse(byte[] line) throws IOException {
        JsonObject json = JsonObject.parse(line);
        OptionalLong time = json.number("time_ms");
        if (time.isEmpty()) {
            throw new IOException("time_ms is missing");
        }
        OptionalLong pid = json.number("pid");
        Optional<JsonObject> exit = json.object("exit");
        try {
            return new ServiceEvent(
                    Instant.ofEpochMilli(time.getAsLong()),
                    json.text("service"),
                    json.count("id", 0),
                    ServiceEvent.Kind.parse(json.text("kind")),
                    ServiceEvent.Cause.parse(json.text("cause")),
                    pid.isPresent() ? Optional.of(pid.getAsLong()) : Optional.empty(),
                    exit.isPresent() ? Optional.of(readExit(exit.get())) : Optional.empty(),
                    json.text("text"),
                    json.strings("details"));
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private static Exit.Outcome readExit(JsonObject exit) throws IOException {
        if (exit.number("code").isPresent()) {
            int code = exit.count("code", 0);
            if (code > HIGHEST_CODE) {
                throw new IOException("exit code not in [0, 255]: " + code);
            }
            return new Exit.Exited(code);
        }
        if (exit.number("signal").isPresent()) {
            return new Exit.Signalled(new UnixSignal(exit.count("signal", 0)).number());
        }
        return new Exit.Lost();
    }
}
