package dev.tetra.examples.args;

/** The command line cannot be understood; the message says in one sentence what is wrong with it. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message one sentence for the person who typed it */
    public UsageException(String message) {
        super(message);
    }
}
