package dev.tetra.examples.monit;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Does what the user asks for, each on a thread of its own: a stop that waits for its grace time holds up nobody. What is
 * under way when the view is closed goes on in the owner. <em>Safe for use by many threads.</em>
 */
final class Deeds {
    private final Supervision supervision;
    private final BiConsumer<Request, Message> sink;

    /** @param sink takes what came of each request, on any thread */
    Deeds(Supervision supervision, BiConsumer<Request, Message> sink) {
        this.supervision = supervision;
        this.sink = sink;
    }

    /** Begins to do that. */
    void begin(Request request) {
        Thread thread = new Thread(
                () -> sink.accept(request, result(request)),
                "tsm-monit-" + request.deed().doing());
        thread.setDaemon(true);
        thread.start();
    }

    private Message result(Request request) {
        try {
            return done(request);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return new Message(request.name() + ": interrupted", true);
        } catch (Exception | LinkageError failed) {
            return new Message(supervision.sentence(failed), true);
        }
    }

    private Message done(Request request) throws IOException, InterruptedException {
        Optional<Service> service = meant(request);
        if (service.isEmpty()) {
            return new Message(request.name() + " is gone", true);
        }
        if (request.deed() == Deed.START && service.get().status().isActive()) {
            return new Message(request.name() + " runs already", true);
        }
        // By its id, since a name that is gone by now might fit another.
        List<Selector> selectors = List.of(new Selector.Id(service.get().id()));
        try (ServiceManager manager = supervision.connect()) {
            List<Change> changes = switch (request.deed()) {
                case START, RESTART -> manager.restart(selectors, ServiceManager.DEFAULT_SETTLE);
                case STOP -> manager.stop(selectors);
                case KILL -> manager.kill(selectors);
                case DELETE -> manager.delete(selectors);
            };
            return message(request, changes.get(0));
        }
    }

    /** The service that the user saw when asking, and no other of that name. */
    private Optional<Service> meant(Request request) throws IOException {
        for (Service service : supervision.directory().read().services()) {
            if (service.name().equals(request.name()) && service.token().equals(request.token())) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }

    private static Message message(Request request, Change change) {
        if (change.failure().isPresent()) {
            return new Message(request.name() + ": " + change.failure().get(), true);
        }
        String done = change.changed() ? request.deed().done() : "did not run";
        return new Message(
                request.name() + " " + done
                        + (change.note().isPresent() ? "  " + change.note().get() : ""),
                false);
    }
}
