package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code tsm tree}: services below those that they belong to. */
final class TreeVerb {
    private TreeVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        List<Service> services = console.directory().read().services();
        if (arguments.has(Verbs.JSON)) {
            List<String> elements = new ArrayList<>();
            for (Service service : services) {
                elements.add(Json.service(service));
            }
            console.out().line(Json.array(elements));
            return Failure.OK;
        }
        if (services.isEmpty()) {
            console.out().line("no services; start one with: tsm start COMMAND");
        }
        Set<String> names = new HashSet<>();
        for (Service service : services) {
            names.add(service.name());
        }
        for (Service service : services) {
            Optional<String> parent = service.family().parent();
            if (parent.isEmpty() || !names.contains(parent.get())) {
                String orphan = parent.isPresent() ? "(orphan of " + parent.get() + ") " : "";
                console.out().line(orphan + line(service, console));
                children(service, "", services, console);
            }
        }
        return Failure.OK;
    }

    private static void children(Service parent, String indent, List<Service> services, Console console) {
        List<Service> children = new ArrayList<>();
        for (Service service : services) {
            if (service.family().parent().equals(Optional.of(parent.name()))) {
                children.add(service);
            }
        }
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            Service child = children.get(i);
            console.out().line(indent + (last ? "└── " : "├── ") + line(child, console));
            children(child, indent + (last ? "    " : "│   "), services, console);
        }
    }

    private static String line(Service service, Console console) {
        StringBuilder line = new StringBuilder(service.name())
                .append(" [")
                .append(service.id())
                .append(']');
        if (service.family().commType().isPresent()) {
            line.append(" (").append(service.family().commType().get()).append(')');
        }
        if (service.port().isPresent()) {
            line.append(" :").append(service.port().getAsInt());
        }
        line.append(' ')
                .append(console.style()
                        .paint(
                                Console.paint(service.status()),
                                "● " + service.status().text()));
        if (service.run().isPresent()) {
            line.append(" (").append(Words.seconds(Json.uptimeSeconds(service))).append(')');
        }
        return line.toString();
    }
}
