package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code tsm logs}. */
final class LogsVerb {
    private static final int DEFAULT_LINES = 20;
    private static final int MOST_DIGITS = 9;

    private final Console console;
    private final boolean asJson;
    private final boolean onlyOut;
    private final boolean onlyErr;
    private final boolean several;
    private final int width;

    private LogsVerb(Arguments arguments, List<Service> services, Console console) {
        this.console = console;
        this.asJson = arguments.has(Verbs.JSON);
        this.onlyOut = arguments.has(Verbs.OUT);
        this.onlyErr = arguments.has(Verbs.ERR);
        this.several = services.size() > 1;
        int longest = 0;
        for (Service service : services) {
            longest = Math.max(longest, service.name().length());
        }
        this.width = longest;
    }

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        int lines = lines(arguments.value(Verbs.LINES));
        if (arguments.has(Verbs.OUT) && arguments.has(Verbs.ERR)) {
            throw new UsageException("--out and --err exclude each other; without both, both are shown");
        }
        List<Selector> selectors = Selections.of("logs", arguments);
        List<Service> services = console.directory().read().select(selectors);
        LogsVerb verb = new LogsVerb(arguments, services, console);
        if (services.isEmpty()) {
            if (!verb.asJson) {
                console.out().line("there are no services");
            }
        } else if (arguments.has(Verbs.FOLLOW)) {
            verb.follow(services, lines);
        } else {
            for (Service service : services) {
                for (LogLine line : console.directory().logs(service).tail(lines)) {
                    verb.print(line);
                }
            }
        }
        return Failure.OK;
    }

    private static int lines(Optional<String> text) {
        if (text.isEmpty()) {
            return DEFAULT_LINES;
        }
        String digits = text.get();
        boolean number = digits.length() <= MOST_DIGITS;
        for (int i = 0; i < digits.length(); i++) {
            number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!number) {
            throw new UsageException("-n takes a number of lines, not " + digits);
        }
        return Integer.parseInt(digits);
    }

    private void print(LogLine line) {
        boolean isOut = line.stream() == LogLine.Stream.OUT;
        if (isOut ? onlyErr : onlyOut) {
            return;
        }
        if (asJson) {
            console.out().line(json(line));
            return;
        }
        StringBuilder text = console.out().text();
        if (several) {
            text.append(line.service());
            for (int i = line.service().length(); i <= width; i++) {
                text.append(' ');
            }
        }
        Paint paint = isOut ? Paint.DIM : Paint.RED;
        text.append(console.style().paint(paint, line.stream().text() + "|")).append(' ');
        console.out().line(line.text());
    }

    private static String json(LogLine line) {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("service", line.service());
            json.writeStringField("stream", line.stream().text());
            json.writeStringField("text", line.text());
            json.writeEndObject();
        });
    }

    /** Each service is read by a thread of its own; this thread alone writes. Ends by a signal, or when nobody reads. */
    private void follow(List<Service> services, int lines) throws IOException, InterruptedException {
        BlockingQueue<Object> arriving = new LinkedBlockingQueue<>(1024);
        AtomicBoolean ended = new AtomicBoolean();
        List<Thread> readers = new ArrayList<>();
        for (Service service : services) {
            Thread reader = new Thread(() -> read(service, lines, arriving, ended), "logs of " + service.name());
            reader.setDaemon(true);
            readers.add(reader);
            reader.start();
        }
        try {
            while (true) {
                Object next = arriving.take();
                if (next instanceof IOException failed) {
                    throw failed;
                }
                print((LogLine) next);
                if (arriving.isEmpty()) {
                    console.out().flush();
                }
            }
        } finally {
            ended.set(true);
            for (Thread reader : readers) {
                reader.interrupt();
            }
        }
    }

    private void read(Service service, int lines, BlockingQueue<Object> arriving, AtomicBoolean ended) {
        try {
            console.directory().logs(service).follow(lines, line -> put(arriving, line), ended::get);
        } catch (IOException failed) {
            put(arriving, failed);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void put(BlockingQueue<Object> arriving, Object next) {
        try {
            arriving.put(next);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
