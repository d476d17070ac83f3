package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.Selector;
import java.util.ArrayList;
import java.util.List;

/** Which services a command line means. */
final class Selections {
    private static final int LONGEST_NUMBER = 18;
    private static final int LAST_PORT = 65535;

    private Selections() {}

    /** The selectors of the words and of {@code --id}, {@code --pid} and {@code --port}; at least one. */
    static List<Selector> of(String verb, Arguments arguments) {
        List<Selector> selectors = new ArrayList<>();
        for (String word : arguments.words()) {
            if (word.isEmpty()) {
                throw new UsageException("an empty word names no service");
            }
            selectors.add(Selector.parse(word));
        }
        for (String id : arguments.values(Verbs.ID)) {
            selectors.add(new Selector.Id(number(Verbs.ID, id)));
        }
        for (String pid : arguments.values(Verbs.PID)) {
            selectors.add(new Selector.Pid(number(Verbs.PID, pid)));
        }
        for (String port : arguments.values(Verbs.EXACT_PORT)) {
            long number = number(Verbs.EXACT_PORT, port);
            if (number < 1 || number > LAST_PORT) {
                throw new UsageException("port not in [1, 65535]: " + port);
            }
            selectors.add(new Selector.Port(number));
        }
        if (selectors.isEmpty()) {
            throw new UsageException(
                    "tsm " + verb + " needs a service: its name, id, pid or port, or '*' for all; tsm list shows them");
        }
        return selectors;
    }

    /** Whether they mean all services, of which there may be none. */
    static boolean includeAll(List<Selector> selectors) {
        for (Selector selector : selectors) {
            if (selector instanceof Selector.All) {
                return true;
            }
        }
        return false;
    }

    private static long number(Option option, String text) {
        boolean digits = !text.isEmpty() && text.length() <= LONGEST_NUMBER;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw new UsageException(option.key() + " takes a number, not " + text);
        }
        return Long.parseLong(text);
    }
}
