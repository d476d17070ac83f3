package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Verb;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code tsm enable} and {@code tsm disable}: which services are brought up at boot. */
final class BootVerbs {
    private static final Path ANYWHERE = Path.of("/");

    private BootVerbs() {}

    /** What became of one service; unknown are the names of its variables that boot will not know. */
    private record Outcome(String name, boolean atBoot, boolean changed, List<String> unknown) {
        String text() {
            String text = atBoot ? "starts at boot" : changed ? "no longer starts at boot" : "did not start at boot";
            return text
                    + (atBoot && !changed ? " already" : "")
                    + (unknown.isEmpty()
                            ? ""
                            : ", without " + String.join(", ", unknown) + ", whose values are not known");
        }
    }

    static int run(Verb verb, Arguments arguments, Console console) throws IOException {
        boolean enable = verb.name().equals("enable");
        List<Selector> selectors = Selections.of(verb.name(), arguments);
        List<Outcome> outcomes = enable ? enable(selectors, console) : disable(selectors, console);
        if (arguments.has(Verbs.JSON)) {
            json(outcomes, console);
            return Failure.OK;
        }
        int width = 0;
        for (Outcome outcome : outcomes) {
            width = Math.max(width, outcome.name().length());
        }
        for (Outcome outcome : outcomes) {
            String name = outcome.name();
            console.out().line(name + " ".repeat(width - name.length()) + "  " + outcome.text());
        }
        if (outcomes.isEmpty()) {
            console.out().line(enable ? "there are no services" : "nothing starts at boot");
        } else if (enable && !Files.exists(StartupVerb.place(StartupVerb.isMac(), console.caller()))) {
            console.out().line("tsm startup --write has the system bring it up");
        }
        return Failure.OK;
    }

    private static List<Outcome> enable(List<Selector> selectors, Console console) throws IOException {
        List<Service> present = console.directory().read().services();
        List<Service> chosen = console.directory().read().select(selectors);
        List<Outcome> outcomes = new ArrayList<>();
        if (chosen.isEmpty()) {
            return outcomes;
        }
        FiledSpecs filed = new FiledSpecs(present, console);
        new EnabledFile(console).change(present, specs -> {
            for (Service service : chosen) {
                ServiceSpec spec = filed.spec(service);
                String name = spec.name().orElseThrow();
                boolean changed = !isSame(specs.get(name), spec);
                if (changed) {
                    specs.values().removeIf(other -> isOf(other, service));
                    specs.put(name, spec);
                }
                outcomes.add(new Outcome(name, true, changed, filed.byHand(service, spec)));
            }
        });
        return outcomes;
    }

    /** Whether an entry says the same already, wherever it came from. */
    private static boolean isSame(@Nullable ServiceSpec entry, ServiceSpec spec) {
        return entry != null
                && spec.with()
                        .file(ANYWHERE)
                        .build()
                        .equals(entry.with().file(ANYWHERE).build());
    }

    private static boolean isOf(ServiceSpec entry, Service service) {
        return SpecDiff.counterpart(entry, List.of(service)).isPresent();
    }

    private static List<Outcome> disable(List<Selector> selectors, Console console) throws IOException {
        List<Service> present = console.directory().read().services();
        List<Outcome> outcomes = new ArrayList<>();
        if (!Files.exists(console.directory().enabled())) {
            for (Service service : console.directory().read().select(selectors)) {
                outcomes.add(new Outcome(service.name(), false, false, List.of()));
            }
            return outcomes;
        }
        new EnabledFile(console).change(present, specs -> {
            Map<String, Boolean> meant = new LinkedHashMap<>();
            for (Selector selector : selectors) {
                for (String name : meant(selector, specs, console)) {
                    meant.put(name, specs.containsKey(name));
                }
            }
            for (Map.Entry<String, Boolean> entry : meant.entrySet()) {
                specs.remove(entry.getKey());
                outcomes.add(new Outcome(entry.getKey(), false, entry.getValue(), List.of()));
            }
        });
        return outcomes;
    }

    /** The names of the entries that a selector means; of a service without an entry, its own. One may be deleted by now. */
    private static Set<String> meant(Selector selector, Map<String, ServiceSpec> specs, Console console)
            throws IOException {
        if (selector instanceof Selector.All) {
            return new LinkedHashSet<>(specs.keySet());
        }
        if (specs.containsKey(selector.text())) {
            return Set.of(selector.text());
        }
        Service service = console.directory().read().one(selector);
        Set<String> names = new LinkedHashSet<>();
        for (Map.Entry<String, ServiceSpec> entry : specs.entrySet()) {
            if (isOf(entry.getValue(), service)) {
                names.add(entry.getKey());
            }
        }
        return names.isEmpty() ? Set.of(service.name()) : names;
    }

    private static void json(List<Outcome> outcomes, Console console) {
        List<String> elements = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            elements.add(Json.text(json -> {
                json.writeStartObject();
                json.writeStringField("name", outcome.name());
                json.writeBooleanField("at_boot", outcome.atBoot());
                json.writeBooleanField("changed", outcome.changed());
                Json.writeStrings(json, "set_by_hand", outcome.unknown());
                json.writeEndObject();
            }));
        }
        console.out().line(Json.array(elements));
    }
}
