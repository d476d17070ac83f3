package dev.tetra.examples.monit;

import dev.tetra.tsm.core.Status;

/** How a text looks. */
enum Ink {
    PLAIN,
    BOLD,
    DIM,
    GREEN,
    YELLOW,
    RED;

    /** The colour of a status. */
    static Ink of(Status status) {
        return switch (status) {
            case ONLINE -> GREEN;
            case STARTING, STOPPING, WAITING -> YELLOW;
            case STOPPED -> DIM;
            case CRASHED, ERRORED -> RED;
        };
    }
}
