package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Verb;
import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import dev.tetra.tsm.core.Wait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** {@code tsm down}: stops what a file names, last first. */
final class DownVerb {
    private DownVerb() {}

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        boolean delete = arguments.has(Verbs.FORGET);
        ServiceFile file = ServiceFiles.read(Verbs.DOWN, arguments.words(), Optional.empty(), console);
        List<Service> present = console.directory().read().services();
        List<String> order = new ArrayList<>();
        List<Selector> selectors = new ArrayList<>();
        for (ServiceSpec spec : stopping(file, present)) {
            Optional<Service> found = SpecDiff.counterpart(spec, present);
            if (found.isPresent()) {
                order.add(found.get().name());
                selectors.add(new Selector.Name(found.get().name()));
            }
        }
        List<Change> changes = new ArrayList<>();
        if (!selectors.isEmpty()) {
            try (ServiceManager manager = BackgroundOwner.connect(console)) {
                changes.addAll(delete ? manager.delete(selectors) : manager.stop(selectors));
            }
            // What belongs to one of them and is not in the file is stopped first of all.
            changes.sort((left, right) -> order.indexOf(left.service().name())
                    - order.indexOf(right.service().name()));
        }
        Verb verb = delete ? Verbs.DELETE : Verbs.STOP;
        if (arguments.has(Verbs.JSON)) {
            ChangeVerbs.json(changes, console);
        } else if (changes.isEmpty()) {
            console.out().line("no service of " + file.path() + " is there");
        } else {
            ChangeVerbs.text(verb, changes, Wait.NOT, false, console);
        }
        return ChangeVerbs.failures(changes, console);
    }

    /** The reverse of the order of their starts; a file whose order cannot be followed any more is no reason not to stop. */
    private static List<ServiceSpec> stopping(ServiceFile file, List<Service> present) {
        List<ServiceSpec> specs;
        try {
            specs = new ArrayList<>(file.starting(present));
        } catch (ServiceException unordered) {
            specs = new ArrayList<>(file.services());
        }
        Collections.reverse(specs);
        return specs;
    }
}
