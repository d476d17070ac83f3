package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Moment;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceJson;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** {@code tsm events}. */
final class EventsVerb {
    private static final int DEFAULT_EVENTS = 20;
    private static final int MOST_DIGITS = 9;
    private static final int CAUSE_WIDTH = 8;
    private static final int KIND_WIDTH = 12;

    private final Console console;
    private final boolean asJson;
    private final ZoneId zone = ZoneId.systemDefault();
    private int width;

    private EventsVerb(Arguments arguments, Console console) {
        this.console = console;
        this.asJson = arguments.has(Verbs.JSON);
    }

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        boolean all = arguments.words().isEmpty()
                && !arguments.has(Verbs.ID)
                && !arguments.has(Verbs.PID)
                && !arguments.has(Verbs.EXACT_PORT);
        Optional<Instant> since = since(arguments);
        boolean usual = arguments.value(Verbs.LINES).isEmpty() && since.isEmpty();
        int last = count(arguments.value(Verbs.LINES), since.isPresent() ? Integer.MAX_VALUE : DEFAULT_EVENTS);
        Set<String> names = all ? Set.of() : new EventNames(console).select(Selections.of("events", arguments));
        Predicate<ServiceEvent> wanted = event -> (all || names.contains(event.service()))
                && (since.isEmpty() || !event.time().isBefore(since.get()));
        EventsVerb verb = new EventsVerb(arguments, console);
        for (String name : names) {
            verb.width = Math.max(verb.width, name.length());
        }
        if (arguments.has(Verbs.FOLLOW)) {
            // Ends by a signal, or when nobody reads.
            console.directory().followEvents(last, wanted, verb::printAtOnce, () -> false);
            return Failure.OK;
        }
        List<ServiceEvent> events = console.directory().events(usual ? last + 1 : last, wanted);
        if (usual && events.size() > last) {
            events = events.subList(1, events.size());
            if (!verb.asJson) {
                console.out()
                        .line(console.style()
                                .paint(
                                        Paint.DIM,
                                        "the last " + last + " events; -n 100 or --since 1d shows earlier ones"));
            }
        }
        for (ServiceEvent event : events) {
            verb.width = Math.max(verb.width, event.service().length());
        }
        for (ServiceEvent event : events) {
            verb.print(event);
        }
        if (events.isEmpty() && !verb.asJson) {
            console.out().line("nothing happened" + (since.isPresent() ? " since then" : " yet"));
        }
        return Failure.OK;
    }

    private static Optional<Instant> since(Arguments arguments) {
        Optional<String> text = arguments.value(Verbs.SINCE);
        return text.isPresent()
                ? Optional.of(SinceTime.parse(text.get(), ZonedDateTime.now(ZoneId.systemDefault())))
                : Optional.empty();
    }

    private static int count(Optional<String> text, int otherwise) {
        if (text.isEmpty()) {
            return otherwise;
        }
        String digits = text.get();
        boolean number = !digits.isEmpty() && digits.length() <= MOST_DIGITS;
        for (int i = 0; i < digits.length(); i++) {
            number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!number) {
            throw new UsageException("-n takes a number of events, not " + digits);
        }
        return Integer.parseInt(digits);
    }

    private void printAtOnce(ServiceEvent event) {
        width = Math.max(width, event.service().length());
        print(event);
        console.out().flush();
    }

    private void print(ServiceEvent event) {
        if (asJson) {
            console.out().line(ServiceJson.toJson(event));
            return;
        }
        StringBuilder line = new StringBuilder(120);
        line.append(console.style().paint(Paint.DIM, Moment.local(event.time(), zone)))
                .append("  ")
                .append(padded(Words.printable(event.service()), width))
                .append("  ")
                .append(console.style().paint(paint(event), padded(event.kind().text(), KIND_WIDTH)))
                .append("  ")
                .append(console.style().paint(Paint.DIM, padded(event.cause().text(), CAUSE_WIDTH)))
                .append("  ")
                .append(Words.printable(event.text()));
        if (event.pid().isPresent()) {
            line.append(console.style().paint(Paint.DIM, "  (pid " + event.pid().get() + ")"));
        }
        console.out().line(line.toString());
    }

    private static String padded(String text, int width) {
        StringBuilder padded = new StringBuilder(text);
        while (padded.length() < width) {
            padded.append(' ');
        }
        return padded.toString();
    }

    /** Red is what went wrong, yellow what wants a look. */
    private static Paint paint(ServiceEvent event) {
        return switch (event.kind()) {
            case ONLINE -> Paint.GREEN;
            case ERRORED, START_FAILED -> Paint.RED;
            case EXITED -> isClean(event.exit()) ? Paint.NONE : Paint.RED;
            case WAITING, SWEPT, HEALTH -> Paint.YELLOW;
            default -> Paint.NONE;
        };
    }

    private static boolean isClean(Optional<Exit.Outcome> exit) {
        return exit.isPresent() && exit.get().isClean();
    }
}
