package dev.tetra.examples.monit;

/** What can be done to a service. */
enum Deed {
    START("starting", "started"),
    STOP("stopping", "stopped"),
    RESTART("restarting", "restarted"),
    KILL("killing", "killed"),
    DELETE("deleting", "deleted");

    private final String doing;
    private final String done;

    Deed(String doing, String done) {
        this.doing = doing;
        this.done = done;
    }

    /** The word while it is under way. */
    String doing() {
        return doing;
    }

    /** The word when it was done. */
    String done() {
        return done;
    }
}
