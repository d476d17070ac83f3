package dev.tetra.tsm.ports.spi;

import dev.tetra.tsm.ports.PortRequest;
import dev.tetra.tsm.ports.PortUse;
import dev.tetra.tsm.ports.RungAnswer;

/**
 * One way of finding a port. <em>Safe for use by many threads.</em>
 */
public interface PortRung {

    /**
     * The rung's name in a trace, for example {@code env file}: one to three words, no line break.
     */
    String name();

    /**
     * Says which port the request gets here, or why none.
     *
     * <p>Called while the registry is locked: answer at once, and touch neither network nor registry other than through
     * {@code use}. A port that {@code use} says is held must not be found.
     *
     * @param request what is to be started
     * @param use who has which port now
     */
    RungAnswer climb(PortRequest request, PortUse use);
}
