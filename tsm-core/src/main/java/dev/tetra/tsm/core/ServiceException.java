package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;

/**
 * The supervisor said no, in one sentence made for the person who asked. Nothing was changed, unless {@link Reason} says
 * otherwise. Failures of the disk or the socket are {@link java.io.IOException}s instead.
 */
public final class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why, for programs. */
    public enum Reason {
        /** No service fits the selector. */
        NOT_FOUND,
        /** More than one service fits a selector that means one. */
        AMBIGUOUS,
        /** The spec, the name or the selector is not well formed. */
        INVALID,
        /** A service of that name runs already. */
        NAME_TAKEN,
        /** The port is held by someone else, or none is free. */
        PORT_TAKEN,
        /** A file that the spec names (environment file, hook, command, directory) is missing or cannot be read. */
        MISSING_FILE,
        /** The process was launched and ended within its settling time, or its hook failed; it left nothing behind. */
        START_FAILED,
        /** The service does not run, and what was asked needs its process. */
        NOT_RUNNING,
        /** Processes of the service are still there after KILL. */
        STOP_FAILED,
        /** Nobody listens at the service's control socket. */
        NO_SOCKET,
        /** Whoever listens at the service's control socket gave no answer, or none that ends. */
        NO_ANSWER,
        /** The service's meta.json cannot be read. */
        UNREADABLE;

        private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The word in JSON: {@code not-found}, {@code port-taken}, … */
        public String text() {
            return text;
        }

        /**
         * The reason with that {@link #text()}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Reason parse(String text) {
            for (Reason reason : values()) {
                if (reason.text.equals(text)) {
                    return reason;
                }
            }
            throw new IllegalArgumentException("not a reason: " + text);
        }
    }

    private final Reason reason;
    private final transient List<String> details;

    /**
     * @param reason why, for programs
     * @param message one sentence: what, with which value, who holds it, what to do next
     */
    public ServiceException(Reason reason, String message) {
        this(reason, message, List.of());
    }

    /**
     * @param reason why, for programs
     * @param message one sentence: what, with which value, who holds it, what to do next
     * @param details further lines worth showing below it, such as the end of a log
     */
    public ServiceException(Reason reason, String message, List<String> details) {
        super(requireNonNull(message, "message"));
        this.reason = requireNonNull(reason, "reason");
        this.details = List.copyOf(details);
    }

    /** Why, for programs. */
    public Reason reason() {
        return reason;
    }

    /** The message with its details, as a log wants it; the message alone is one sentence. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return super.toString() + (details().isEmpty() ? "" : "\n  " + String.join("\n  ", details()));
    }

    /** Lines worth showing below the message, such as the end of a log; often none. */
    public List<String> details() {
        return details == null ? List.of() : details;
    }
}
