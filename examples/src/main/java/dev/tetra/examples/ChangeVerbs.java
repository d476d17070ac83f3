package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Verb;
import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code tsm stop}, {@code kill}, {@code delete} and {@code restart}. */
final class ChangeVerbs {
    private ChangeVerbs() {}

    static int run(Verb verb, Arguments arguments, Console console) throws IOException, InterruptedException {
        List<Selector> selectors = Selections.of(verb.name(), arguments);
        Duration grace = Times.duration(arguments, Verbs.GRACE, ServiceManager.DEFAULT_GRACE);
        Duration settle = Times.settle(arguments);
        List<Change> changes;
        Optional<ServiceManager> running =
                ServiceManager.connect(console.directory(), console.caller().environment());
        if (running.isEmpty() && nobody(selectors, console)) {
            changes = List.of();
        } else {
            try (ServiceManager manager = running.isPresent() ? running.get() : BackgroundOwner.connect(console)) {
                changes = switch (verb.name()) {
                    case "stop" -> manager.stop(selectors, grace);
                    case "kill" -> manager.kill(selectors);
                    case "delete" -> manager.delete(selectors);
                    default -> manager.restart(selectors, settle);
                };
            }
        }
        if (arguments.has(Verbs.JSON)) {
            json(changes, console);
        } else {
            text(verb, changes, settle, Selections.includeAll(selectors), console);
        }
        return failures(changes, console);
    }

    /** Nobody is there to change, or the selectors are wrong: then no owner need be brought up to say so. */
    private static boolean nobody(List<Selector> selectors, Console console) throws IOException {
        Inventory inventory = console.directory().read();
        return inventory.select(selectors).isEmpty();
    }

    private static void text(Verb verb, List<Change> changes, Duration settle, boolean all, Console console) {
        int width = 0;
        int shown = 0;
        for (Change change : changes) {
            width = Math.max(width, change.service().name().length());
        }
        for (Change change : changes) {
            if (change.failure().isPresent() || (all && !change.changed())) {
                continue;
            }
            shown++;
            console.out().line(line(verb, change, settle, width, console));
        }
        if (shown == 0 && all && failed(changes) == 0) {
            console.out().line(changes.isEmpty() ? "there are no services" : "no service runs");
        }
    }

    private static String line(Verb verb, Change change, Duration settle, int width, Console console) {
        StringBuilder name = new StringBuilder(change.service().name());
        while (name.length() < width) {
            name.append(' ');
        }
        if (verb.name().equals("restart") && change.changed()) {
            String rest = StartVerb.line(change.service(), "restarted", settle, console)
                    .substring(change.service().name().length());
            return name + rest;
        }
        String done = !change.changed() ? "did not run" : done(verb);
        return name + "  " + done
                + (change.note().isPresent() ? "  " + change.note().get() : "");
    }

    private static String done(Verb verb) {
        return switch (verb.name()) {
            case "stop" -> "stopped";
            case "kill" -> "killed";
            default -> "deleted";
        };
    }

    private static int failures(List<Change> changes, Console console) {
        for (Change change : changes) {
            if (change.failure().isPresent()) {
                console.complain(
                        change.service().name() + ": " + change.failure().get());
                for (String detail : change.details()) {
                    console.detail(detail);
                }
            }
        }
        return failed(changes) > 0 ? Failure.FAILED : Failure.OK;
    }

    private static int failed(List<Change> changes) {
        int failed = 0;
        for (Change change : changes) {
            failed += change.failure().isPresent() ? 1 : 0;
        }
        return failed;
    }

    private static void json(List<Change> changes, Console console) {
        List<String> elements = new ArrayList<>();
        for (Change change : changes) {
            String about = Json.text(json -> {
                json.writeStartObject();
                json.writeBooleanField("changed", change.changed());
                Json.writeNullable(json, "note", change.note().orElse(null));
                Json.writeNullable(json, "failure", change.failure().orElse(null));
                json.writeArrayFieldStart("details");
                for (String detail : change.details()) {
                    json.writeString(detail);
                }
                json.writeEndArray();
                json.writeEndObject();
            });
            elements.add(Json.splice("{\"service\":" + Json.service(change.service()) + "}", about));
        }
        console.out().line(Json.array(elements));
    }
}
