package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.util.Optional;

/** {@code tsm metrics}. */
final class MetricsVerb {
    private MetricsVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        String text = text(console);
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

    /** What the owner says, which knows of itself too; where there is none, what the disk says. */
    private static String text(Console console) throws IOException {
        try {
            Optional<ServiceManager> owner =
                    ServiceManager.connect(console.directory(), console.caller().environment());
            if (owner.isPresent()) {
                try (ServiceManager manager = owner.get()) {
                    return manager.metrics();
                }
            }
        } catch (IOException mute) {
            console.complain(mute.getMessage() + "; what follows is from the disk");
        }
        return console.directory().metrics();
    }
}
