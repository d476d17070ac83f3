package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code tsm send}. */
final class SendVerb {
    /** Longer than a stop with the usual grace time. */
    private static final Duration PATIENCE = ServiceManager.DEFAULT_GRACE.multipliedBy(2);

    private SendVerb() {}

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        List<String> words = arguments.words();
        String line = String.join(" ", words.subList(1, words.size()));
        if (words.get(0).isEmpty()) {
            throw new UsageException("an empty word names no service");
        }
        Duration timeout = Times.duration(arguments, Verbs.TIMEOUT, PATIENCE);
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new UsageException("tsm send says one line; a line break is in what shall be said");
        }
        Service service = console.directory().read().one(Selector.parse(words.get(0)));
        String answer = send(service, line, timeout, console);
        boolean quote = arguments.has(Verbs.JSON) && !Json.isValue(answer);
        console.out().line(quote ? Json.text(json -> json.writeString(answer)) : answer);
        return Json.saysNotOk(answer) ? Failure.FAILED : Failure.OK;
    }

    /** Where nobody listens because nobody supervises, an owner is brought up to answer. */
    private static String send(Service service, String line, Duration timeout, Console console)
            throws IOException, InterruptedException {
        try {
            return console.directory().send(service, line, timeout);
        } catch (ServiceException refused) {
            if (refused.reason() != Reason.NO_SOCKET || !service.status().isActive() || isOwned(console)) {
                throw refused;
            }
        }
        BackgroundOwner.connect(console).close();
        return console.directory().send(service, line, timeout);
    }

    private static boolean isOwned(Console console) throws IOException {
        Optional<ServiceManager> running =
                ServiceManager.connect(console.directory(), console.caller().environment());
        if (running.isPresent()) {
            running.get().close();
        }
        return running.isPresent();
    }
}
