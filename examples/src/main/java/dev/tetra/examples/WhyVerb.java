package dev.tetra.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tetra.examples.args.Arguments;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceJson;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code tsm why}. */
final class WhyVerb {
    /** More than a story needs: some hundred runs. */
    private static final int EVENTS = 1000;

    private static final int LINES = 10;

    private WhyVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        List<Selector> selectors = Selections.of("why", arguments);
        EventNames names = new EventNames(console);
        Set<String> meant = names.select(selectors);
        boolean isWatched = OwnerProcess.of(console.directory()).isPresent();
        boolean asJson = arguments.has(Verbs.JSON);
        List<String> elements = new ArrayList<>();
        for (String name : meant) {
            refuseUnreadable(name, names.inventory());
            Instant now = Instant.now();
            Why why = Why.of(new Why.Known(
                    name,
                    service(name, names.inventory()),
                    ofThisLife(
                            console.directory().events(EVENTS, name),
                            service(name, names.inventory()).isPresent()),
                    lines(service(name, names.inventory()), console),
                    isWatched,
                    now));
            if (asJson) {
                elements.add(json(why, isWatched));
                continue;
            }
            if (!elements.isEmpty()) {
                console.out().line("");
            }
            elements.add(name);
            for (String line : WhyText.lines(why, console.style(), now, ZoneId.systemDefault())) {
                console.out().line(line);
            }
        }
        if (asJson) {
            console.out().line(Json.array(elements));
        } else if (meant.isEmpty()) {
            console.out().line("there are no services, and no event tells of one");
        }
        return Failure.OK;
    }

    /** The events of the service that has the name, or had it last; those of others that had it before are not its own. */
    static List<ServiceEvent> ofThisLife(List<ServiceEvent> all, boolean isThere) {
        int end = all.size() - 1;
        // The deletion of one that is gone is the end of its own life.
        int last = isThere ? end : end - 1;
        for (int i = last; i >= 0; i--) {
            if (all.get(i).kind() == ServiceEvent.Kind.DELETED) {
                return all.subList(i + 1, all.size());
            }
        }
        return all;
    }

    private static void refuseUnreadable(String name, Inventory inventory) {
        for (Inventory.Unreadable broken : inventory.unreadable()) {
            if (broken.name().equals(name)) {
                throw new ServiceException(
                        ServiceException.Reason.UNREADABLE,
                        "service " + name + " cannot be read: " + broken.why() + " (" + broken.file() + "); tsm events "
                                + name + " shows what happened to it");
            }
        }
    }

    private static Optional<Service> service(String name, Inventory inventory) {
        for (Service service : inventory.services()) {
            if (service.name().equals(name)) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }

    /** The ends of what it wrote, as an event would hold them. */
    private static List<String> lines(Optional<Service> service, Console console) throws IOException {
        List<String> lines = new ArrayList<>();
        if (service.isPresent()) {
            for (LogLine line : console.directory().logs(service.get()).tail(LINES / 2)) {
                lines.add(line.stream().file() + ": " + line.text());
            }
        }
        return lines;
    }

    private static String json(Why why, boolean isWatched) {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("service", why.service());
            Json.writeNullable(
                    json,
                    "status",
                    why.status().isPresent() ? why.status().get().text() : null);
            if (why.since().isPresent()) {
                json.writeNumberField("since", why.since().get().getEpochSecond());
            } else {
                json.writeNullField("since");
            }
            json.writeStringField("now", why.now());
            Json.writeNullable(
                    json, "cause", why.cause().isPresent() ? why.cause().get().text() : null);
            json.writeBooleanField("watched", isWatched);
            json.writeNumberField("restarts", why.restarts());
            json.writeNumberField("unstable_restarts", why.unstableRestarts());
            events(json, "ends", why.ends());
            events(json, "starts", why.starts());
            Json.writeStrings(json, "variables", why.variables());
            Json.writeStrings(json, "wrote", why.wrote());
            json.writeStringField("next", why.next());
            Json.writeNullable(json, "advice", why.advice().orElse(null));
            json.writeEndObject();
        });
    }

    private static void events(JsonGenerator json, String field, List<ServiceEvent> events) throws IOException {
        json.writeArrayFieldStart(field);
        for (ServiceEvent event : events) {
            json.writeRawValue(ServiceJson.toJson(event));
        }
        json.writeEndArray();
    }
}
