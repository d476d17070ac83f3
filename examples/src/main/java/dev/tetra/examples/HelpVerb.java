package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Nearest;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.PicocliReader;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.args.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code tsm help}, and {@code --help} everywhere. */
final class HelpVerb {
    private static final String SUMMARY = "Keeps services running and tells the truth about them.";

    private HelpVerb() {}

    static int run(Arguments arguments, Console console) {
        if (arguments.words().isEmpty()) {
            return all(console, arguments.has(Verbs.JSON));
        }
        Verb verb = Verbs.find(arguments.words().get(0));
        if (verb == null) {
            throw unknown(arguments.words().get(0));
        }
        return arguments.has(Verbs.JSON) ? json(console, Optional.of(verb)) : one(verb, console);
    }

    /** The help of the whole command. */
    static int all(Console console, boolean asJson) {
        if (asJson) {
            return json(console, Optional.empty());
        }
        String footer =
                "State is in $TETRA_DIR/tsm (~/tetra/tsm). Exit codes: 0 done, 1 failed, 2 no such service, 64 usage.";
        console.out()
                .text()
                .append(PicocliReader.help(
                        "tsm", SUMMARY, Verbs.ALL_VERBS, footer, console.style().isColoured(), console.columns()));
        return Failure.OK;
    }

    /** The help of one verb. */
    static int one(Verb verb, Console console) {
        console.out()
                .text()
                .append(PicocliReader.help("tsm", verb, console.style().isColoured(), console.columns()));
        return Failure.OK;
    }

    private static int json(Console console, Optional<Verb> only) {
        console.out().line(Json.text(json -> {
            json.writeStartArray();
            for (Verb verb : Verbs.ALL_VERBS) {
                if (only.isPresent() && !only.get().equals(verb)) {
                    continue;
                }
                json.writeStartObject();
                json.writeStringField("verb", verb.name());
                Json.writeStrings(json, "aliases", verb.aliases());
                json.writeStringField("summary", verb.summary());
                Json.writeNullable(
                        json,
                        "operands",
                        verb.operands().most() == 0 ? null : verb.operands().label());
                json.writeArrayFieldStart("options");
                for (Option option : verb.options()) {
                    json.writeStartObject();
                    Json.writeStrings(json, "names", option.names());
                    Json.writeNullable(json, "value", option.takesValue() ? option.label() : null);
                    json.writeBooleanField("repeatable", option.repeatable());
                    json.writeStringField("description", option.description());
                    json.writeEndObject();
                }
                json.writeEndArray();
                Json.writeStrings(json, "examples", verb.examples());
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
        return Failure.OK;
    }

    /** What to say to a verb that there is none of: the nearest one that there is. */
    static UsageException unknown(String word) {
        List<String> names = new ArrayList<>();
        for (Verb verb : Verbs.ALL_VERBS) {
            names.add(verb.name());
        }
        Optional<String> nearest = Nearest.of(word, names);
        String advice = nearest.isPresent() ? "did you mean tsm " + nearest.get() + "?" : "tsm help lists the verbs";
        return new UsageException("there is no verb " + word + "; " + advice);
    }
}
