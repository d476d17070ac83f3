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
        KEEP("as it should be"),
        FAIL("would fail"),
        GONE("no longer in the file; tsm apply would stop and delete it");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        /** Whether {@code tsm up} would do something, or try to. */
        boolean isOfUp() {
            return this != KEEP && this != GONE;
        }
    }

    /** What would become of one service. */
    private record Line(String name, Action action, List<SpecDiff.Difference> differences, Optional<String> why) {
        String text() {
            StringBuilder text = new StringBuilder(action.text);
            String between = ": ";
            for (SpecDiff.Difference difference : differences) {
                text.append(between).append(difference);
                between = "; ";
            }
            return why.isPresent() ? text + ": " + Console.printable(why.get()) : text.toString();
        }
    }

    static int run(Arguments arguments, Console console) throws IOException {
        ServiceFile file = ServiceFiles.read(Verbs.DIFF, arguments.words(), console);
        List<Service> present = console.directory().read().services();
        List<Line> lines = new ArrayList<>();
        for (ServiceSpec spec : file.starting(present)) {
            lines.add(line(spec, present, console));
        }
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
            if (found.isEmpty() || !found.get().status().isActive()) {
                return new Line(
                        found.isPresent() ? found.get().name() : name, Action.START, List.of(), Optional.empty());
            }
            SpecDiff diff = SpecDiff.between(found.get(), spec, variables);
            Action action = diff.isEmpty() ? Action.KEEP : diff.isOfTheProcess() ? Action.REPLACE : Action.CHANGE;
            return new Line(found.get().name(), action, diff.differences(), Optional.empty());
        } catch (ServiceException refused) {
            return new Line(name, Action.FAIL, List.of(), Optional.of(String.valueOf(refused.getMessage())));
        }
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
