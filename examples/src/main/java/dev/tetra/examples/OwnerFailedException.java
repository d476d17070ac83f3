package dev.tetra.examples;

import java.io.IOException;
import java.util.List;

/** A background owner was started and does not serve. */
final class OwnerFailedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient List<String> details;

    OwnerFailedException(String message, List<String> details) {
        super(message);
        this.details = List.copyOf(details);
    }

    /** The last lines it wrote. */
    List<String> details() {
        return details == null ? List.of() : details;
    }
}
