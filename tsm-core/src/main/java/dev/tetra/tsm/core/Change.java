package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What a verb did to one service. <em>Immutable.</em>
 *
 * @param service the service afterwards; for a delete, as it was last
 * @param changed whether anything was done; false, for example, for the stop of a service that does not run
 * @param note one clause for people about how it went, such as {@code killed after 5 s}
 * @param failure why it could not be done
 */
public record Change(Service service, boolean changed, Optional<String> note, Optional<String> failure) {
    public Change {
        requireNonNull(service, "service");
        requireNonNull(note, "note");
        requireNonNull(failure, "failure");
    }
}
