package dev.tetra.tsm.ports;

import java.util.Optional;

/**
 * Who has which TCP port now. <em>Safe for use by many threads.</em>
 */
public interface PortUse {

    /**
     * Who listens on the TCP port or claims it; empty if it is free.
     *
     * @param port from 1 to 65535
     */
    Optional<PortHolder> holder(int port);

    /**
     * Which service had the port last and may want it again; empty if none. Such a port is free for whoever names it, and
     * passed over, while there are others, by whoever takes any.
     *
     * @param port from 1 to 65535
     */
    default Optional<String> keptFor(int port) {
        return Optional.empty();
    }
}
