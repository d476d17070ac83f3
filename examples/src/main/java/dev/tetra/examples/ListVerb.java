package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.examples.text.Table;
import dev.tetra.examples.text.Table.Column;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.Relation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code tsm list}. */
final class ListVerb {
    private ListVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        boolean all = arguments.has(Verbs.ALL);
        boolean detailed = arguments.has(Verbs.LONG);
        boolean ports = arguments.has(Verbs.PORTS);
        if (detailed && ports) {
            throw new UsageException("-l and -p are two views; choose one");
        }
        Inventory inventory = console.directory().read();
        List<Service> shown = new ArrayList<>();
        for (Service service : inventory.services()) {
            if (all || service.status().isActive()) {
                shown.add(service);
            }
        }
        if (arguments.has(Verbs.JSON)) {
            json(shown, inventory.unreadable(), detailed, console);
            return Failure.OK;
        }
        if (shown.isEmpty()) {
            console.out().line(nothing(inventory));
        } else if (ports) {
            ports(shown, console);
        } else if (detailed) {
            LongList.print(shown, console);
        } else {
            table(shown, all, console);
        }
        if (!all) {
            crashes(inventory.services(), console);
        }
        unsupervised(inventory.services(), console);
        for (Inventory.Unreadable broken : inventory.unreadable()) {
            console.complain(
                    "service " + broken.name() + " cannot be read: " + broken.why() + " (" + broken.file() + ")");
        }
        return Failure.OK;
    }

    /** What ended against its will is said also where only what runs is shown. */
    private static void crashes(List<Service> services, Console console) {
        for (Service service : services) {
            if (service.status() == Status.CRASHED || service.status() == Status.ERRORED) {
                console.out()
                        .line(console.style()
                                        .paint(
                                                Console.paint(service.status()),
                                                service.status().text())
                                + ": " + service.name() + "  " + ending(service) + "; tsm logs " + service.name());
            }
        }
    }

    /** Where nobody supervises, whoever looks at what runs, or should, is told. */
    private static void unsupervised(List<Service> services, Console console) throws IOException {
        int running = 0;
        int down = 0;
        for (Service service : services) {
            if (service.run().isPresent()) {
                running++;
            } else if (isMissed(service)) {
                down++;
            }
        }
        if (running + down > 0 && OwnerProcess.of(console.directory()).isEmpty()) {
            String what = down == 0
                    ? "what runs is not watched"
                    : count(down) + (down == 1 ? " that should run does" : " that should run do") + " not";
            console.out()
                    .line(console.style()
                            .paint(
                                    Paint.YELLOW,
                                    "nobody supervises: " + what + "; tsm owner start brings an owner up"));
        }
    }

    /** Whether an owner would start it again, if there were one. What was lost, as at a reboot, it would leave alone. */
    private static boolean isMissed(Service service) {
        return service.status().isActive()
                || (service.status() == Status.CRASHED
                        && service.spec().restart().mode() != RestartPolicy.Mode.NEVER
                        && service.lastExit().isPresent()
                        && !(service.lastExit().get().outcome() instanceof Exit.Lost));
    }

    private static String count(int services) {
        return services + (services == 1 ? " service" : " services");
    }

    private static String nothing(Inventory inventory) {
        int others = inventory.services().size();
        return others == 0
                ? "no services; start one with: tsm start COMMAND"
                : "no service runs; tsm list -a shows " + others + " that ended";
    }

    private static void table(List<Service> services, boolean all, Console console) {
        boolean restarted = false;
        boolean ended = false;
        for (Service service : services) {
            restarted |= service.restarts() > 0;
            ended |= all && !service.status().isRunning();
        }
        List<Column> columns = new ArrayList<>(List.of(
                Column.RIGHT, Column.CUT_MIDDLE, Column.LEFT, Column.RIGHT, Column.RIGHT, Column.RIGHT, Column.LEFT));
        List<String> titles = new ArrayList<>(List.of("ID", "NAME", "STATUS", "PID", "PORT", "UPTIME", "TYPE"));
        if (restarted) {
            columns.add(Column.RIGHT);
            titles.add("RESTARTS");
        }
        if (ended) {
            columns.add(Column.CUT_END);
            titles.add("ENDED");
        }
        Table table = new Table(columns.toArray(new Column[0]));
        table.header(titles.toArray(new String[0]));
        String[] cells = new String[columns.size()];
        for (Service service : services) {
            cells[0] = Integer.toString(service.id());
            cells[1] = service.name();
            cells[2] = service.status().text();
            cells[3] = service.pid().isPresent() ? Long.toString(service.pid().getAsLong()) : "-";
            cells[4] = port(service);
            cells[5] = service.run().isPresent() ? Words.seconds(Json.uptimeSeconds(service)) : "-";
            cells[6] = service.launch().processType().text();
            int next = 7;
            if (restarted) {
                cells[next++] = Integer.toString(service.restarts());
            }
            if (ended) {
                cells[next] = service.status().isRunning() ? "" : ending(service);
            }
            table.row(cells);
            table.paint(2, Console.paint(service.status()));
        }
        table.appendTo(console.out().text(), console.style(), console.columns());
    }

    private static String port(Service service) {
        if (service.port().isPresent()) {
            return Integer.toString(service.port().getAsInt());
        }
        return switch (service.launch().serviceType()) {
            case SOCKET -> "socket";
            default -> "-";
        };
    }

    /** How a service that does not run ended. */
    static String ending(Service service) {
        if (service.lastExit().isEmpty()) {
            return service.reason().orElse("never ran");
        }
        return service.lastExit().get().outcome().describe() + ", "
                + Times.ago(service.lastExit().get().time());
    }

    private static void ports(List<Service> services, Console console) {
        Table table = new Table(Column.RIGHT, Column.CUT_MIDDLE, Column.LEFT, Column.CUT_END);
        table.header("ID", "NAME", "STATUS", "PORTS");
        for (Service service : services) {
            table.row(
                    Integer.toString(service.id()),
                    service.name(),
                    service.status().text(),
                    service.launch().ports().isEmpty()
                            ? "-"
                            : ports(service.launch().ports()));
            table.paint(2, Console.paint(service.status()));
        }
        table.appendTo(console.out().text(), console.style(), console.columns());
        console.out().line("");
        console.out().line(console.style().paint(Paint.DIM, "● bind  ⊙ shared or multicast  → send-to"));
    }

    /** Ports as the guide's symbols say how they are used. */
    static String ports(List<ServicePort> ports) {
        StringBuilder text = new StringBuilder();
        for (ServicePort port : ports) {
            text.append(text.length() == 0 ? "" : "  ")
                    .append(symbol(port.relation()))
                    .append(' ')
                    .append(port.port())
                    .append('/')
                    .append(port.type());
            if (port.group().isPresent()) {
                text.append(" (").append(port.group().get()).append(')');
            } else if (!port.protocol().equals("primary")) {
                text.append(" (").append(port.protocol()).append(')');
            }
        }
        return text.toString();
    }

    private static String symbol(Relation relation) {
        return switch (relation) {
            case BIND -> "●";
            case BIND_SHARED, MULTICAST_JOIN -> "⊙";
            case SEND_TO -> "→";
        };
    }

    private static void json(
            List<Service> services, List<Inventory.Unreadable> unreadable, boolean observed, Console console) {
        List<String> elements = new ArrayList<>();
        List<Observation> seen = observed ? console.directory().observe(services) : List.of();
        for (int i = 0; i < services.size(); i++) {
            elements.add(observed ? Json.service(services.get(i), seen.get(i)) : Json.service(services.get(i)));
        }
        for (Inventory.Unreadable broken : unreadable) {
            elements.add(Json.unreadable(broken));
        }
        console.out().line(Json.array(elements));
    }
}
