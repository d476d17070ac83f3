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
}
