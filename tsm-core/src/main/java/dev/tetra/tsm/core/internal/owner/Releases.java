package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.ports.PortRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Gives back the ports of services. What cannot be written down, on a full disk for instance, is given back later: a port that
 * nobody has would otherwise be kept until the next owner. <em>Safe for use by many threads.</em>
 */
final class Releases {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final PortRegistry registry;

    /** Whose ports are still to be given back. */
    private final Set<String> owed = ConcurrentHashMap.newKeySet();

    Releases(PortRegistry registry) {
        this.registry = registry;
    }

    /** Gives back all ports of a service or token, soon at the latest. */
    void release(String name) {
        try {
            registry.release(name);
        } catch (IOException unwritten) {
            LOG.log(System.Logger.Level.WARNING, unwritten.getMessage());
            owed.add(name);
        }
    }

    /**
     * Tries again what could not be written.
     *
     * @param active whether a service of that name has its port again
     */
    void again(Predicate<String> active) {
        for (String name : List.copyOf(owed)) {
            owed.remove(name);
            if (!active.test(name)) {
                release(name);
            }
        }
    }
}
