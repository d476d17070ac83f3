package dev.tetra.examples;

import dev.tetra.examples.text.Style;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.examples.text.Table;
import dev.tetra.examples.text.Table.Column;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.ports.Listener;
import java.util.List;

/** {@code tsm list -l}: a block of lines for each service. */
final class LongList {
    private LongList() {}

    static void print(List<Service> services, Console console) {
        List<Observation> seen = console.directory().observe(services);
        for (int i = 0; i < services.size(); i++) {
            if (i > 0) {
                console.out().line("");
            }
            block(services.get(i), seen.get(i), console);
        }
    }

    private static void block(Service service, Observation seen, Console console) {
        Style style = console.style();
        boolean runs = service.run().isPresent();
        console.out()
                .line("[" + service.id() + "] " + style.paint(Paint.BOLD, service.name()) + "  "
                        + style.paint(
                                Console.paint(service.status()),
                                service.status().text())
                        + (runs ? "  " + Words.seconds(Json.uptimeSeconds(service)) : "  " + ListVerb.ending(service)));
        Table table = new Table(Column.LEFT, Column.LEFT, Column.CUT_END);
        if (runs) {
            table.row(
                    "",
                    "process",
                    "pid " + service.pid().orElse(0) + "  "
                            + service.launch().processType().text() + "  memory "
                            + Words.bytes(seen.residentBytes()) + "  cpu " + Words.cpu(seen.cpu()) + " ("
                            + Words.percent(seen.cpuPercent()) + ")  restarts "
                            + service.restarts());
        }
        table.row("", "ports", ports(service, seen, runs));
        family(table, service);
        table.row("", "directory", service.spec().cwd().toString());
        table.row("", "command", PlanText.words(service.launch().argv()));
        table.appendTo(console.out().text(), style, console.columns());
    }

    /** Whom it belongs to, who belongs to it, and whom it waits for. */
    static void family(Table table, Service service) {
        Service.Family family = service.family();
        if (family.parent().isPresent()) {
            table.row(
                    "",
                    "parent",
                    family.parent().get()
                            + (family.commType().isPresent()
                                    ? " (" + family.commType().get() + ")"
                                    : ""));
        }
        if (!family.children().isEmpty()) {
            table.row("", "services", String.join(", ", family.children()));
        }
        if (!service.spec().dependsOn().isEmpty()) {
            StringBuilder first = new StringBuilder();
            for (Dependency dependency : service.spec().dependsOn()) {
                first.append(first.length() == 0 ? "" : ", ").append(dependency);
            }
            table.row("", "depends on", first.toString());
        }
    }

    /** The declared ports and whether they are open, then the open ones that nobody declared. */
    static String ports(Service service, Observation seen, boolean runs) {
        StringBuilder text = new StringBuilder();
        for (ServicePort port : service.launch().ports()) {
            text.append(text.length() == 0 ? "" : "  ").append(ListVerb.ports(List.of(port)));
            if (runs) {
                text.append(isOpen(port, seen) ? " listening" : " not listening");
            }
        }
        for (Listener listener : seen.listeners()) {
            if (!isDeclared(listener, service)) {
                text.append(text.length() == 0 ? "" : "  ")
                        .append(listener.port())
                        .append('/')
                        .append(listener.transport().text())
                        .append(" open, not declared");
            }
        }
        return text.length() == 0 ? "none" : text.toString();
    }

    private static boolean isOpen(ServicePort port, Observation seen) {
        for (Listener listener : seen.listeners()) {
            if (listener.port() == port.port() && listener.transport().text().equals(port.type())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDeclared(Listener listener, Service service) {
        for (ServicePort port : service.launch().ports()) {
            if (listener.port() == port.port() && listener.transport().text().equals(port.type())) {
                return true;
            }
        }
        return false;
    }
}
