package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.LogSpan;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code tsm logs}. */
final class LogsVerb {
    private static final int DEFAULT_LINES = 20;
    private static final int MOST_DIGITS = 9;

    /** A first word that is no service. */
    private static final String CLEAN = "clean";

    private LogsVerb() {}

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        if (!arguments.words().isEmpty() && arguments.words().get(0).equals(CLEAN)) {
            return LogsClean.run(arguments, console);
        }
        LogSpan span = span(arguments);
        LogPrinter printer = new LogPrinter(arguments, console);
        List<Selector> selectors = Selections.of("logs", arguments);
        List<Service> services = console.directory().read().select(selectors);
        printer.expect(services);
        if (arguments.has(Verbs.FOLLOW) && (!services.isEmpty() || Selections.includeAll(selectors))) {
            return new LogsFollow(console, printer, selectors, span).run(services);
        }
        if (services.isEmpty()) {
            if (!arguments.has(Verbs.JSON)) {
                console.out().line("there are no services");
            }
        } else {
            for (Service service : services) {
                Set<LogLine.Stream> unsure = console.directory().logs(service).read(span, printer);
                printer.admit(service.name(), unsure);
            }
        }
        return Failure.OK;
    }

    private static LogSpan span(Arguments arguments) {
        Optional<String> lines = arguments.value(Verbs.LINES);
        Optional<String> since = arguments.value(Verbs.SINCE);
        if (since.isEmpty()) {
            return LogSpan.last(lines.isEmpty() ? DEFAULT_LINES : lines(lines.get()));
        }
        LogSpan span = LogSpan.since(SinceTime.parse(since.get(), ZonedDateTime.now(ZoneId.systemDefault())));
        return lines.isEmpty() ? span : span.atMost(lines(lines.get()));
    }

    private static int lines(String digits) {
        boolean number = !digits.isEmpty() && digits.length() <= MOST_DIGITS;
        for (int i = 0; i < digits.length(); i++) {
            number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!number) {
            throw new UsageException("-n takes a number of lines, not " + digits);
        }
        return Integer.parseInt(digits);
    }
}
