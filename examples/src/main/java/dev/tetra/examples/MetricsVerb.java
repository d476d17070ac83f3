package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import java.io.IOException;

/** {@code tsm metrics}. */
final class MetricsVerb {
    private MetricsVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        String text = console.directory().metrics();
        if (arguments.has(Verbs.JSON)) {
            console.out().line(Json.text(json -> {
                json.writeStartObject();
                json.writeStringField("content_type", "text/plain; version=0.0.4");
                json.writeStringField("text", text);
                json.writeEndObject();
            }));
        } else {
            console.out().text().append(text);
        }
        return Failure.OK;
    }
}
