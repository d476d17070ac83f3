package dev.tetra.examples;

import dev.tetra.tsm.core.LogSpan;
import dev.tetra.tsm.core.MergedLogs;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code tsm logs -f}: ends by a signal, when nobody reads, or when there is nobody left to follow. */
final class LogsFollow {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Console console;
    private final LogPrinter printer;
    private final boolean all;
    private final LogSpan span;
    private long lastLook = System.nanoTime();

    LogsFollow(Console console, LogPrinter printer, List<Selector> selectors, LogSpan span) {
        this.console = console;
        this.printer = printer;
        this.all = Selections.includeAll(selectors);
        this.span = span;
        if (all) {
            printer.tellApart();
        }
    }

    int run(List<Service> services) throws IOException, InterruptedException {
        boolean any = !services.isEmpty();
        if (!any) {
            console.complain("there are no services yet; the first that is made is followed");
            console.flush();
        }
        try (MergedLogs logs = new MergedLogs(console.directory(), printer)) {
            for (Service service : services) {
                printer.admit(service.name(), logs.add(service.name(), span));
            }
            while (true) {
                List<String> gone = logs.poll(PATIENCE);
                if (all) {
                    takeIn(logs);
                }
                tell(gone, logs);
                console.flush();
                any |= !logs.services().isEmpty() || !gone.isEmpty();
                if (any && logs.services().isEmpty()) {
                    return Failure.OK;
                }
            }
        }
    }

    private void tell(List<String> gone, MergedLogs logs) {
        boolean last = logs.services().isEmpty();
        for (int i = 0; i < gone.size(); i++) {
            console.complain(gone.get(i) + " was deleted"
                    + (last && i == gone.size() - 1 ? "; there is nothing left to follow" : ""));
        }
    }

    /** Services that were made since: all they wrote is new. */
    private void takeIn(MergedLogs logs) throws IOException {
        long now = System.nanoTime();
        if (now - lastLook < PATIENCE.toNanos() && !logs.services().isEmpty()) {
            return;
        }
        lastLook = now;
        String[] names = console.directory().processes().toFile().list();
        boolean unknown = false;
        if (names != null) {
            for (String name : names) {
                unknown |= !name.startsWith(".") && !logs.isFollowed(name);
            }
        }
        if (!unknown) {
            return;
        }
        List<Service> fresh = new ArrayList<>();
        for (Service service : console.directory().read().services()) {
            if (!logs.isFollowed(service.name())) {
                fresh.add(service);
            }
        }
        printer.expect(fresh);
        for (Service service : fresh) {
            logs.add(service.name(), LogSpan.ALL);
        }
    }
}
