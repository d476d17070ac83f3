package dev.tetra.examples;

import dev.tetra.examples.text.Style.Paint;
import dev.tetra.examples.text.Table;
import dev.tetra.examples.text.Table.Column;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.StartPlan;
import java.util.List;

/** {@code tsm start --dry-run}: what would be done, and why. */
final class PlanText {
    /** What a rung says behind the one that answered. */
    private static final String NOT_REACHED = "not reached";

    private PlanText() {}

    static int print(StartPlan plan, boolean asJson, Console console) {
        if (asJson) {
            console.out().line(json(plan));
        } else {
            text(plan, console);
        }
        if (plan.refusal().isPresent()) {
            console.complain("it would be refused: " + plan.refusal().get());
            return Failure.FAILED;
        }
        return Failure.OK;
    }

    private static void text(StartPlan plan, Console console) {
        Service.Launch launch = plan.launch();
        Table table = new Table(Column.LEFT, Column.CUT_END);
        table.row("name", plan.name());
        table.paint(1, Paint.BOLD);
        table.row("command", words(launch.argv()));
        table.row("directory", plan.spec().cwd().toString());
        table.row("type", type(launch));
        table.row(
                "port",
                launch.ports().isEmpty()
                        ? "none"
                        : Integer.toString(launch.ports().get(0).port()));
        table.row(
                "variables",
                plan.environmentNames().isEmpty() ? "none of its own" : String.join(" ", plan.environmentNames()));
        if (plan.spec().hooks().preStart().isPresent()) {
            table.row("pre-hook", plan.spec().hooks().preStart().get());
        }
        table.appendTo(console.out().text(), console.style(), console.columns());
        console.out().line("");
        ladder(launch.ladder(), console);
    }

    /** The words as a shell would take them. */
    static String words(List<String> argv) {
        StringBuilder text = new StringBuilder();
        for (String word : argv) {
            text.append(text.length() == 0 ? "" : " ").append(quoted(word));
        }
        return text.toString();
    }

    private static String quoted(String word) {
        boolean plain = !word.isEmpty();
        for (int i = 0; i < word.length(); i++) {
            char letter = word.charAt(i);
            plain &= Character.isLetterOrDigit(letter) || "-_./:=+,@%".indexOf(letter) >= 0;
        }
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    static String type(Service.Launch launch) {
        String reached = switch (launch.serviceType()) {
            case PORT -> "reached by its port";
            case SOCKET -> "reached by its socket";
            case PID -> "reached by nothing but its process";
        };
        return launch.processType().text() + ", " + reached;
    }

    /** The walk over the port ladder, one rung a line, as far as it went. */
    static void ladder(List<Service.Rung> rungs, Console console) {
        Table table = new Table(Column.RIGHT, Column.LEFT, Column.LEFT, Column.CUT_END);
        table.header("", "PORT LADDER", "RESULT", "WHY");
        int number = 1;
        for (Service.Rung rung : rungs) {
            if (rung.why().startsWith(NOT_REACHED)) {
                break;
            }
            table.row(Integer.toString(number++), rung.name(), rung.result(), rung.why());
            if (rung.result().equals("found") || rung.result().equals("portless")) {
                table.paint(2, Paint.GREEN);
            } else if (rung.result().equals("refused")) {
                table.paint(2, Paint.RED);
            }
        }
        table.appendTo(console.out().text(), console.style(), console.columns());
    }

    private static String json(StartPlan plan) {
        Service.Launch launch = plan.launch();
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("name", plan.name());
            Json.writeStrings(json, "requested", plan.spec().command());
            Json.writeStrings(json, "argv", launch.argv());
            json.writeStringField("cwd", plan.spec().cwd().toString());
            Json.writeNullable(
                    json,
                    "interpreter",
                    launch.interpreter().isPresent()
                            ? launch.interpreter().get().toString()
                            : null);
            json.writeStringField("process_type", launch.processType().text());
            json.writeStringField("service_type", launch.serviceType().text());
            json.writeArrayFieldStart("ports");
            for (ServicePort port : launch.ports()) {
                json.writeStartObject();
                json.writeNumberField("port", port.port());
                json.writeStringField("type", port.type());
                json.writeStringField("protocol", port.protocol());
                json.writeStringField("relation", port.relation().text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("ladder");
            for (Service.Rung rung : launch.ladder()) {
                json.writeStartObject();
                json.writeStringField("rung", rung.name());
                json.writeStringField("result", rung.result());
                json.writeStringField("why", rung.why());
                json.writeEndObject();
            }
            json.writeEndArray();
            Json.writeStrings(json, "variables", plan.environmentNames());
            Json.writeNullable(json, "refusal", plan.refusal().orElse(null));
            json.writeEndObject();
        });
    }
}
