package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.LogText;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.LogLine.Stream;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.Status;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Prints the lines of services, each with where it comes from. <em>For one thread at a time.</em> */
final class LogPrinter implements Consumer<LogLine> {
    private static final Paint[] PALETTE = {Paint.CYAN, Paint.MAGENTA, Paint.BLUE, Paint.GREEN, Paint.YELLOW};

    private final Console console;
    private final boolean asJson;
    private final boolean onlyOut;
    private final boolean onlyErr;
    private final Map<String, Paint> paints = new HashMap<>();
    private final Set<String> failed = new HashSet<>();
    private boolean several;
    private int width;

    LogPrinter(Arguments arguments, Console console) {
        if (arguments.has(Verbs.OUT) && arguments.has(Verbs.ERR)) {
            throw new UsageException("--out and --err exclude each other; without both, both are shown");
        }
        this.console = console;
        this.asJson = arguments.has(Verbs.JSON);
        this.onlyOut = arguments.has(Verbs.OUT);
        this.onlyErr = arguments.has(Verbs.ERR);
    }

    /** Lines of these services will come, perhaps beside those of others. */
    void expect(List<Service> services) {
        several |= services.size() > 1;
        for (Service service : services) {
            width = Math.max(width, service.name().length());
            if (!paints.containsKey(service.name())) {
                paints.put(service.name(), PALETTE[paints.size() % PALETTE.length]);
            }
            if (service.status() == Status.ERRORED) {
                failed.add(service.name());
            }
        }
    }

    /** From now on each line says whose it is. */
    void tellApart() {
        several = true;
    }

    @Override
    public void accept(LogLine line) {
        boolean isOut = line.stream() == Stream.OUT;
        if ((isOut ? onlyErr : onlyOut) || (LogText.isNoise(line) && !failed.contains(line.service()))) {
            return;
        }
        if (asJson) {
            console.out().line(json(line));
            return;
        }
        StringBuilder text = console.out().text();
        if (several) {
            Paint own = paints.getOrDefault(line.service(), Paint.NONE);
            text.append(console.style().paint(own, line.service()));
            for (int i = line.service().length(); i <= width; i++) {
                text.append(' ');
            }
        }
        Paint paint = isOut ? Paint.DIM : Paint.RED;
        text.append(console.style().paint(paint, LogText.mark(line.stream()))).append(' ');
        console.out().line(line.text());
    }

    private static String json(LogLine line) {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("service", line.service());
            json.writeStringField("stream", line.stream().text());
            if (line.time().isPresent()) {
                json.writeNumberField("time", line.time().get().getEpochSecond());
            }
            json.writeStringField("text", line.text());
            json.writeEndObject();
        });
    }

    /** Says that lines of before the time asked for may be among those shown. */
    void admit(String service, Set<Stream> unsure) {
        for (Stream stream : unsure) {
            boolean shown = stream == Stream.OUT ? !onlyErr : !onlyOut;
            if (shown) {
                console.complain("no owner was there to note when " + service + " wrote its first lines shown here ("
                        + stream.text() + "); some may be older than --since says");
            }
        }
    }
}
