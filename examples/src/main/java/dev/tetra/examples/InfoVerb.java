package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.text.LogText;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.examples.text.Table;
import dev.tetra.examples.text.Table.Column;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceLogs;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StopPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code tsm info}. */
final class InfoVerb {
    private InfoVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        List<Selector> selectors = Selections.of("info", arguments);
        List<Service> services = console.directory().read().select(selectors);
        List<Observation> seen = console.directory().observe(services);
        Set<String> atBoot = new EnabledFile(console).names();
        if (arguments.has(Verbs.JSON)) {
            List<String> elements = new ArrayList<>();
            for (int i = 0; i < services.size(); i++) {
                Service service = services.get(i);
                elements.add(Json.service(
                        service,
                        seen.get(i),
                        console.directory().logs(service),
                        EnabledFile.contains(atBoot, service)));
            }
            console.out().line(Json.array(elements));
            return Failure.OK;
        }
        if (services.isEmpty()) {
            console.out().line("there are no services");
        }
        for (int i = 0; i < services.size(); i++) {
            if (i > 0) {
                console.out().line("");
            }
            print(services.get(i), seen.get(i), EnabledFile.contains(atBoot, services.get(i)), console);
        }
        return Failure.OK;
    }

    private static void print(Service service, Observation seen, boolean atBoot, Console console) {
        console.out().line(console.style().paint(Paint.BOLD, service.name()));
        Table table = new Table(Column.LEFT, Column.LEFT, Column.CUT_END);
        table.row("", "id", Integer.toString(service.id()));
        table.row("", "status", status(service));
        table.paint(2, Console.paint(service.status()));
        process(table, service, seen);
        LongList.family(table, service);
        command(table, service);
        if (atBoot) {
            table.row("", "at boot", "started by " + console.directory().enabled());
        }
        policies(table, service.spec());
        table.row("", "ports", LongList.ports(service, seen, service.run().isPresent()));
        logs(table, console.directory().logs(service), service.spec().logs());
        table.appendTo(console.out().text(), console.style(), console.columns());
        if (!service.launch().ladder().isEmpty()) {
            console.out().line("");
            PlanText.ladder(service.launch().ladder(), console);
        }
    }

    private static String status(Service service) {
        StringBuilder text = new StringBuilder(service.status().text());
        if (service.run().isPresent() && service.startTime().isPresent()) {
            text.append(" since ")
                    .append(Times.local(service.startTime().get()))
                    .append(" (")
                    .append(Words.seconds(Json.uptimeSeconds(service)))
                    .append(')');
        }
        if (service.reason().isPresent()
                && !service.reason().get().equals(service.status().text())) {
            text.append(", ").append(service.reason().get());
        }
        return text.toString();
    }

    private static void process(Table table, Service service, Observation seen) {
        if (service.run().isPresent()) {
            Service.Run run = service.run().get();
            table.row(
                    "",
                    "process",
                    "pid " + run.process().pid()
                            + (run.wrapper().isPresent()
                                    ? ", wrapper pid " + run.wrapper().get().pid()
                                    : ", its wrapper is gone"));
            table.row("", "children", others(seen.pids(), run.process().pid()));
            table.row("", "memory", Words.bytes(seen.residentBytes()));
            table.row(
                    "",
                    "cpu",
                    Words.cpu(seen.cpu()) + ", " + Words.percent(seen.cpuPercent())
                            + " of one processor since its start");
        }
        if (!service.health().equals(Service.Health.NONE)) {
            table.row("", "health", health(service.health()));
        }
        table.row(
                "",
                "restarts",
                service.restarts()
                        + (service.unstableRestarts() > 0
                                ? ", " + service.unstableRestarts() + " in a row after short runs"
                                : ""));
        if (service.lastExit().isPresent()) {
            table.row(
                    "",
                    "last exit",
                    service.lastExit().get().outcome().describe() + " at "
                            + Times.local(service.lastExit().get().time()));
        }
    }

    private static String others(List<Long> pids, long own) {
        StringBuilder text = new StringBuilder();
        for (long pid : pids) {
            if (pid != own) {
                text.append(text.length() == 0 ? "pid " : ", ").append(pid);
            }
        }
        return text.length() == 0 ? "none" : text.toString();
    }

    private static void command(Table table, Service service) {
        String asked = PlanText.words(service.spec().command());
        String run = PlanText.words(service.launch().argv());
        table.row("", "command", asked);
        if (!asked.equals(run)) {
            table.row("", "run as", run);
        }
        table.row("", "type", PlanText.type(service.launch()));
        if (service.launch().interpreter().isPresent()) {
            table.row("", "interpreter", service.launch().interpreter().get().toString());
        }
        table.row("", "directory", service.spec().cwd().toString());
        if (service.spec().envFile().isPresent()) {
            table.row("", "env file", service.spec().envFile().get().toString());
        }
        if (service.spec().file().isPresent()) {
            table.row("", "from file", service.spec().file().get().toString());
        }
    }

    private static String health(Service.Health health) {
        String text = health.text().isPresent() ? health.text().get() : "";
        if (health.healthy().isEmpty()) {
            return text;
        }
        String word = health.healthy().get()
                ? "healthy"
                : "failed " + health.failures() + (health.failures() == 1 ? " time" : " times in a row");
        return text.isEmpty() ? word : word + ", " + text;
    }

    /** How it is kept running, where that was asked for, and when it is started again in any case. */
    private static void policies(Table table, ServiceSpec spec) {
        table.row("", "restart", restart(spec.restart()));
        StopPolicy stop = spec.stop();
        if (!stop.equals(StopPolicy.DEFAULT)) {
            table.row(
                    "",
                    "stop",
                    stop.signal() + ", KILL after " + Amounts.text(stop.grace())
                            + (stop.reload().isPresent()
                                    ? "; reload by " + stop.reload().get()
                                    : ""));
        }
        if (spec.ready().isPresent()) {
            Readiness ready = spec.ready().get();
            table.row("", "ready", ready.probe().text() + " within " + Amounts.text(ready.timeout()));
        }
        if (spec.liveness().isPresent()) {
            Liveness liveness = spec.liveness().get();
            table.row(
                    "",
                    "liveness",
                    liveness.probe().text() + " every " + Amounts.text(liveness.period()) + " within "
                            + Amounts.text(liveness.timeout()) + ", " + liveness.threshold()
                            + " failures are too many");
        }
        hook(table, "pre-hook", spec.hooks().preStart());
        hook(table, "post-start", spec.hooks().postStart());
        hook(table, "post-stop", spec.hooks().postStop());
    }

    private static String restart(RestartPolicy policy) {
        StringBuilder text = new StringBuilder(policy.mode().text());
        if (!policy.doneCodes().isEmpty()) {
            text.append(", done with exit code ");
            String between = "";
            for (int code : new TreeSet<>(policy.doneCodes())) {
                text.append(between).append(code);
                between = ", ";
            }
        }
        if (policy.mode() == RestartPolicy.Mode.NEVER) {
            return text.toString();
        }
        if (policy.limit() == 0) {
            text.append(", not");
        } else {
            text.append(", at most ").append(policy.limit()).append(policy.limit() == 1 ? " time" : " times in a row");
        }
        text.append(" after runs shorter than ").append(Amounts.text(policy.minUptime()));
        if (!policy.firstDelay().equals(RestartPolicy.DEFAULT.firstDelay())
                || !policy.longestDelay().equals(RestartPolicy.DEFAULT.longestDelay())) {
            text.append(", with pauses of ")
                    .append(Amounts.text(policy.firstDelay()))
                    .append(" to ")
                    .append(Amounts.text(policy.longestDelay()));
        }
        return text.toString();
    }

    private static void hook(Table table, String name, Optional<String> hook) {
        if (hook.isPresent()) {
            table.row("", name, hook.get());
        }
    }

    private static void logs(Table table, ServiceLogs logs, LogPolicy policy) {
        log(table, LogText.name(LogLine.Stream.OUT), logs.out());
        log(table, LogText.name(LogLine.Stream.ERR), logs.err());
        if (logs.wrapperErr().toFile().length() > 0) {
            log(table, LogText.name(LogLine.Stream.WRAPPER), logs.wrapperErr());
        }
        table.row("", "log cuts", cuts(policy));
    }

    private static String cuts(LogPolicy policy) {
        boolean bySize = policy.maxBytes() > 0;
        boolean byAge = !policy.maxAge().isZero();
        if (!bySize && !byAge) {
            return "never";
        }
        return "at " + (bySize ? Amounts.text(policy.maxBytes()) : "")
                + (byAge ? (bySize ? " or " : "") + "the age of " + Amounts.text(policy.maxAge()) : "")
                + ", " + policy.keep() + (policy.keep() == 1 ? " old part" : " old parts") + " kept of each";
    }

    private static void log(Table table, String name, Path file) {
        table.row("", name, Words.bytes(file.toFile().length()) + "  " + file);
    }
}
