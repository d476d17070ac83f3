package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.args.Verb;
import dev.tetra.examples.text.LogText;
import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code tsm stop}, {@code kill}, {@code delete}, {@code restart}, {@code signal} and {@code reload}. */
final class ChangeVerbs {
    private ChangeVerbs() {}

    static int run(Verb verb, Arguments arguments, Console console) throws IOException, InterruptedException {
        Optional<UnixSignal> signal = verb.name().equals("signal") ? Optional.of(signal(arguments)) : Optional.empty();
        Arguments services = signal.isPresent() ? arguments.withoutLastWord() : arguments;
        List<Selector> selectors = Selections.of(verb.name(), services);
        Wait wait = Times.wait(arguments);
        Duration grace = Times.duration(arguments, Verbs.GRACE, ServiceManager.DEFAULT_GRACE);
        List<Change> changes;
        Optional<ServiceManager> running =
                ServiceManager.connect(console.directory(), console.caller().environment());
        if (running.isEmpty() && nobody(selectors, console)) {
            changes = List.of();
        } else {
            try (ServiceManager manager = running.isPresent() ? running.get() : BackgroundOwner.connect(console)) {
                changes = switch (verb.name()) {
                    case "stop" ->
                        // Each as it was told at its start, unless the line says otherwise.
                        arguments.has(Verbs.GRACE) ? manager.stop(selectors, grace) : manager.stop(selectors);
                    case "signal" -> manager.signal(selectors, signal.orElse(UnixSignal.TERM));
                    case "reload" -> manager.reload(selectors);
                    case "kill" -> manager.kill(selectors);
                    case "delete" -> manager.delete(selectors);
                    default -> manager.restart(selectors, wait);
                };
            }
        }
        if (arguments.has(Verbs.JSON)) {
            json(changes, console);
        } else {
            text(verb, changes, wait, Selections.includeAll(selectors), console);
        }
        if (verb.name().equals("delete") && Files.exists(console.directory().enabled())) {
            stillAtBoot(changes, console);
        }
        int left = Selections.includeAll(selectors) ? leftAlone(changes, console) : 0;
        return left > 0 ? Math.max(Failure.FAILED, failures(changes, console)) : failures(changes, console);
    }

    /** Whoever means all services is told of those that cannot be read: they may well run. @return how many there are */
    private static int leftAlone(List<Change> changes, Console console) throws IOException {
        Set<String> names = new HashSet<>();
        for (Change change : changes) {
            names.add(change.service().name());
        }
        String[] directories = console.directory().processes().toFile().list();
        boolean others = false;
        for (String name : directories == null ? new String[0] : directories) {
            others |= name.charAt(0) != '.' && !names.contains(name);
        }
        // Mostly there are none, and nothing has to be read.
        List<Inventory.Unreadable> unreadable =
                others ? console.directory().read().unreadable() : List.of();
        for (Inventory.Unreadable broken : unreadable) {
            console.complain("service " + broken.name() + " was left alone, as it cannot be read: " + broken.why()
                    + " (" + broken.file() + ")");
        }
        return unreadable.size();
    }

    /** Whoever deletes a service may have forgotten that it starts at boot. */
    private static void stillAtBoot(List<Change> changes, Console console) {
        Set<String> names = new EnabledFile(console).names();
        for (Change change : changes) {
            if (change.failure().isEmpty() && EnabledFile.contains(names, change.service())) {
                String name = change.service().name();
                console.complain(name + " still starts at boot; tsm disable "
                        + (names.contains(name) ? name : change.service().baseName()) + " ends that");
            }
        }
    }

    private static UnixSignal signal(Arguments arguments) {
        List<String> words = arguments.words();
        String last = words.get(words.size() - 1);
        boolean alone = words.size() == 1
                && !arguments.has(Verbs.ID)
                && !arguments.has(Verbs.PID)
                && !arguments.has(Verbs.EXACT_PORT);
        try {
            UnixSignal signal = UnixSignal.parse(last);
            if (alone) {
                throw new UsageException("signal which service? tsm signal SERVICE " + last);
            }
            return signal;
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(
                    alone
                            ? "which signal? For example: tsm signal " + last + " HUP"
                            : "tsm signal SERVICE SIGNAL: " + wrong.getMessage());
        }
    }

    /** Nobody is there to change, or the selectors are wrong: then no owner need be brought up to say so. */
    private static boolean nobody(List<Selector> selectors, Console console) throws IOException {
        Inventory inventory = console.directory().read();
        return inventory.select(selectors).isEmpty();
    }

    static void text(Verb verb, List<Change> changes, Wait wait, boolean all, Console console) {
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
            console.out().line(line(verb, change, wait, width, console));
        }
        if (shown == 0 && all && failed(changes) == 0) {
            console.out().line(changes.isEmpty() ? "there are no services" : "no service runs");
        }
    }

    private static String line(Verb verb, Change change, Wait wait, int width, Console console) {
        StringBuilder name = new StringBuilder(change.service().name());
        while (name.length() < width) {
            name.append(' ');
        }
        if (verb.name().equals("restart") && change.changed()) {
            String rest = StartVerb.line(change.service(), "restarted", wait, console)
                    .substring(change.service().name().length());
            return name + rest;
        }
        if (!change.changed()) {
            return name + "  did not run";
        }
        return name + "  " + done(verb)
                + (change.note().isPresent() ? "  " + change.note().get() : "");
    }

    private static String done(Verb verb) {
        return switch (verb.name()) {
            case "stop" -> "stopped";
            case "kill" -> "killed";
            case "signal" -> "signalled";
            case "reload" -> "reloaded";
            default -> "deleted";
        };
    }

    static int failures(List<Change> changes, Console console) {
        for (Change change : changes) {
            if (change.failure().isPresent()) {
                console.complain(
                        change.service().name() + ": " + change.failure().get());
                for (String detail : change.details()) {
                    console.detail(LogText.shown(detail));
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

    static void json(List<Change> changes, Console console) {
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
