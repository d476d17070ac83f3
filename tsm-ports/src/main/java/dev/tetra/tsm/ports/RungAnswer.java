package dev.tetra.tsm.ports;

import java.util.List;
import java.util.Optional;

/**
 * What one rung says: a port, no port, "ask the next", or "stop". <em>Immutable.</em>
 */
public sealed interface RungAnswer {

    /** In one clause for the user: where it comes from, or why not. */
    String why();

    /**
     * The service gets this port.
     *
     * @param port from 1 to 65535
     * @param command the argument vector to run, possibly rewritten by a pattern's template
     * @param why where the port comes from
     */
    record Found(int port, List<String> command, String why) implements RungAnswer {
        public Found {
            Ports.check(port);
            command = List.copyOf(command);
        }
    }

    /**
     * The service gets no port.
     *
     * @param type socket or pid
     * @param command the argument vector to run, possibly rewritten by a pattern's template
     * @param why what says so
     */
    record Portless(ServiceType type, List<String> command, String why) implements RungAnswer {
        public Portless {
            if (type == ServiceType.PORT) {
                throw new IllegalArgumentException("a service without a port is of type socket or pid, not port");
            }
            command = List.copyOf(command);
        }
    }

    /**
     * This rung has nothing to say; the next is asked.
     *
     * @param why why not
     */
    record Passed(String why) implements RungAnswer {}

    /**
     * The service must not be started like this.
     *
     * @param why what is wrong, with which value, and what to do
     * @param holder who has the port, if that is the reason
     */
    record Refused(String why, Optional<PortHolder> holder) implements RungAnswer {}
}
