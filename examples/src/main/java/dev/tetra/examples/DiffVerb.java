package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.tsm.core.EnvFile;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code tsm diff}: what {@code tsm up} would do. Reads the disk; no owner is asked or brought up. */
final class DiffVerb {
    private DiffVerb() {}

    private enum Action {
        START("would be started"),
        REPLACE("would be replaced"),
        CHANGE("would be changed while it runs"),
        RESTART("would be restarted"),
        KEEP("as it should be"),
        DONE("done; up runs it again"),
        FAIL("would fail"),
        GONE("no longer in the file; tsm apply would stop and delete it");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        /** Whether {@code tsm up} would do something, or try to. */
        boolean isOfUp() {
            return this != KEEP && this != DONE && this != GONE;
        }
    }

    /**
     * What would become of one service.
     *
     * @param why it would fail, or with whom it would be restarted
     */
    private record Line(String name, Action action, List<SpecDiff.Difference> differences, Optional<String> why) {
        String text() {
            StringBuilder text = new StringBuilder(action.text);
            if (action == Action.RESTART && why.isPresent()) {
                text.append(' ').append(why.get());
            }
            String between = ": ";
            for (SpecDiff.Difference difference : differences) {
                text.append(between).append(difference);
                between = "; ";
            }
            return action == Action.FAIL && why.isPresent()
                    ? text + ": " + Console.printable(why.get())
                    : text.toString();
        }
    }

    static int run(Arguments arguments, Console console) throws IOException {
        List<Service> present = console.directory().read().services();
        ServiceFile file = ServiceFiles.read(Verbs.DIFF, arguments.words(), Optional.of(present), console);
        List<Line> lines = new ArrayList<>();
        for (ServiceSpec spec : file.starting(present)) {
            lines.add(line(spec, present, console));
        }
        withParents(lines, present);
        if (ServiceFiles.chosen(arguments.words()).isEmpty()) {
            for (Service service : ServiceFiles.gone(file, present)) {
                lines.add(new Line(service.name(), Action.GONE, List.of(), Optional.empty()));
            }
        }
        if (arguments.has(Verbs.JSON)) {
            json(lines, console);
        } else {
            text(lines, console);
        }
        boolean any = false;
        for (Line line : lines) {
            any |= line.action().isOfUp();
        }
        return any ? Failure.FAILED : Failure.OK;
    }

    private static Line line(ServiceSpec spec, List<Service> present, Console console) {
        String name = spec.name().orElseThrow();
        try {
            Optional<Service> found = SpecDiff.counterpart(spec, present);
            Optional<Path> envFile = spec.envFile();
            Map<String, String> variables = envFile.isPresent()
                    ? EnvFile.read(envFile.get(), console.caller().environment())
                            .variables()
                    : Map.of();
            if (found.isEmpty()) {
                return new Line(name, Action.START, List.of(), Optional.empty());
            }
            SpecDiff diff = SpecDiff.between(found.get(), spec, variables);
            return new Line(found.get().name(), action(found.get(), diff), diff.differences(), Optional.empty());
        } catch (ServiceException refused) {
            return new Line(name, Action.FAIL, List.of(), Optional.of(String.valueOf(refused.getMessage())));
        }
    }

    private static Action action(Service service, SpecDiff diff) {
        if (!service.status().isActive()) {
            return diff.isEmpty() && service.isDone() ? Action.DONE : Action.START;
        }
        return diff.isEmpty() ? Action.KEEP : diff.isOfTheProcess() ? Action.REPLACE : Action.CHANGE;
    }

    /** Who runs and belongs to a service that is replaced is stopped before it and started after it, in the file or not. */
    private static void withParents(List<Line> lines, List<Service> present) {
        List<String> stopped = new ArrayList<>();
        for (Line line : lines) {
            if (line.action() == Action.REPLACE) {
                stopped.add(line.name());
            }
        }
        for (int i = 0; i < stopped.size(); i++) {
            for (Service service : present) {
                boolean child = service.family().parent().equals(Optional.of(stopped.get(i)));
                if (child && service.status().isActive() && !stopped.contains(service.name())) {
                    stopped.add(service.name());
                    restarted(service.name(), stopped.get(i), lines);
                }
            }
        }
    }

    private static void restarted(String name, String parent, List<Line> lines) {
        Optional<String> why = Optional.of("with its parent " + parent);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.name().equals(name)) {
                lines.set(
                        i,
                        line.action() == Action.FAIL ? line : new Line(name, Action.RESTART, line.differences(), why));
                return;
            }
        }
        lines.add(new Line(name, Action.RESTART, List.of(), why));
    }

    private static void text(List<Line> lines, Console console) {
        int width = 0;
        for (Line line : lines) {
            width = Math.max(width, line.name().length());
        }
        for (Line line : lines) {
            console.out().line(line.name() + " ".repeat(width - line.name().length()) + "  " + line.text());
        }
    }

    private static void json(List<Line> lines, Console console) {
        List<String> elements = new ArrayList<>();
        for (Line line : lines) {
            elements.add(Json.text(json -> {
                json.writeStartObject();
                json.writeStringField("name", line.name());
                json.writeStringField("action", line.action().name().toLowerCase(java.util.Locale.ROOT));
                json.writeArrayFieldStart("differences");
                for (SpecDiff.Difference difference : line.differences()) {
                    json.writeStartObject();
                    json.writeStringField("key", difference.key());
                    json.writeStringField("what", difference.what());
                    json.writeEndObject();
                }
                json.writeEndArray();
                Json.writeNullable(json, "why", line.why().orElse(null));
                json.writeEndObject();
            }));
        }
        console.out().line(Json.array(elements));
    }
}
