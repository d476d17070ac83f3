package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.PicocliReader;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.args.Verb;
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
        String footer = "State is in $TETRA_DIR/tsm (~/tetra/tsm). Exit codes: 0 done, 1 failed, 2 no such service, 64 usage.";
        console.out()
                .text()
                .append(PicocliReader.help(
                        "tsm",
                        SUMMARY,
                        Verbs.ALL_VERBS,
                        footer,
                        console.style().isColoured(),
                        console.columns()));
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
                if (only.isPresent() && only.get() != verb) {
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
        String nearest = "";
        int least = Math.max(2, word.length() / 2) + 1;
        for (Verb verb : Verbs.ALL_VERBS) {
            int distance = distance(word, verb.name());
            if (distance < least) {
                least = distance;
                nearest = verb.name();
            }
        }
        String advice = nearest.isEmpty() ? "tsm help lists the verbs" : "did you mean tsm " + nearest + "?";
        return new UsageException("there is no verb " + word + "; " + advice);
    }

    /** How many letters must be changed, added or taken away to make one word of the other (Levenshtein). */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
