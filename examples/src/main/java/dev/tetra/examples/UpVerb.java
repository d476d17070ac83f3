package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Verb;
import dev.tetra.examples.text.LogText;
import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.Wait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code tsm up} and {@code tsm apply}. */
final class UpVerb {
    /** What the owner notes of those that it started. */
    private static final String STARTED = "started";

    private static final String WITH_PARENT = "started again with its parent";

    private UpVerb() {}

    static int run(Verb verb, Arguments arguments, Console console) throws IOException, InterruptedException {
        Wait wait = Times.wait(arguments);
        List<Service> present = console.directory().read().services();
        ServiceFile file = ServiceFiles.read(verb, arguments.words(), Optional.of(present), console);
        List<Service> gone = verb.name().equals("apply") ? ServiceFiles.gone(file, present) : List.of();
        List<Service> kept = new ArrayList<>(present);
        kept.removeAll(gone);
        file.starting(kept); // what is wrong with their order is said before anything is changed
        StartVerb.badPatterns(console);
        List<Change> changes = new ArrayList<>();
        try (ServiceManager manager = BackgroundOwner.connect(console)) {
            if (!gone.isEmpty()) {
                changes.addAll(deleted(gone, manager));
            }
            changes.addAll(manager.apply(ServiceFiles.specs(file, present, console.directory()), wait));
        }
        changes = asTheyAreNow(changes, console);
        if (arguments.has(Verbs.JSON)) {
            ChangeVerbs.json(changes, console);
        } else {
            text(changes, present, wait, console);
        }
        return failures(changes, console);
    }

    /** While later ones were started, earlier ones have become ready, or have ended. */
    private static List<Change> asTheyAreNow(List<Change> changes, Console console) throws IOException {
        Map<String, Service> now = new HashMap<>();
        for (Service service : console.directory().read().services()) {
            now.put(service.name(), service);
        }
        List<Change> fresh = new ArrayList<>();
        for (Change change : changes) {
            Service service = now.get(change.service().name());
            fresh.add(
                    service == null || change.failure().isPresent()
                            ? change
                            : Change.of(service, change.changed(), change.note()));
        }
        return fresh;
    }

    private static List<Change> deleted(List<Service> gone, ServiceManager manager) throws IOException {
        List<Selector> selectors = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Service service : gone) {
            selectors.add(new Selector.Name(service.name()));
            names.add(service.name());
        }
        List<Change> changes = new ArrayList<>();
        for (Change change : manager.delete(selectors)) {
            String note = names.contains(change.service().name())
                    ? "deleted, as it is no longer in the file"
                    : "stopped, as it belongs to one that is no longer in the file";
            changes.add(
                    change.failure().isPresent()
                            ? change
                            : Change.of(change.service(), change.changed(), Optional.of(note)));
        }
        return changes;
    }

    private static void text(List<Change> changes, List<Service> before, Wait wait, Console console) {
        int width = 0;
        for (Change change : changes) {
            width = Math.max(width, change.service().name().length());
        }
        for (Change change : changes) {
            String name = change.service().name();
            console.out().line(name + " ".repeat(width - name.length()) + "  " + what(change, before, wait, console));
        }
    }

    private static String what(Change change, List<Service> before, Wait wait, Console console) {
        if (change.failure().isPresent()) {
            return "failed: " + Console.printable(change.failure().get());
        }
        String note = change.note().orElse(change.changed() ? "changed" : "as it should be");
        if (!note.equals(STARTED) && !note.equals(WITH_PARENT)) {
            return note;
        }
        Service service = change.service();
        return StartVerb.line(service, ran(service, before) ? again(service) : STARTED, wait, console)
                .substring(service.name().length() + 2);
    }

    /** Whether it ran before, and so was stopped on the way. */
    private static boolean ran(Service service, List<Service> before) {
        for (Service one : before) {
            if (one.name().equals(service.name())) {
                return one.status().isActive();
            }
        }
        return false;
    }

    private static String again(Service service) {
        Optional<String> parent = service.family().parent();
        return parent.isPresent() ? "restarted with its parent " + parent.get() : "restarted";
    }

    private static int failures(List<Change> changes, Console console) {
        List<String> names = new ArrayList<>();
        List<String> details = new ArrayList<>();
        for (Change change : changes) {
            if (change.failure().isPresent()) {
                names.add(change.service().name());
                for (String detail : change.details()) {
                    details.add(change.service().name() + " " + LogText.shown(detail));
                }
            }
        }
        if (names.isEmpty()) {
            return Failure.OK;
        }
        console.complain(names.size() + " of " + changes.size() + " failed: " + String.join(", ", names));
        for (String detail : details) {
            console.detail(detail);
        }
        return Failure.FAILED;
    }
}
