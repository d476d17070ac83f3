package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a verb did to one service. <em>Immutable.</em>
 *
 * @param service the service afterwards; for a delete, as it was last
 * @param changed whether anything was done; false, for example, for the stop of a service that does not run
 * @param note one clause for people about how it went, such as {@code killed after 5 s}
 * @param failure why it could not be done
 * @param details further lines about the failure, such as what a process wrote; often none
 */
public record Change(
        Service service, boolean changed, Optional<String> note, Optional<String> failure, List<String> details) {
    public Change {
        requireNonNull(service, "service");
        requireNonNull(note, "note");
        requireNonNull(failure, "failure");
        details = List.copyOf(details);
    }

    /** It was done, or there was nothing to do. */
    public static Change of(Service service, boolean changed, Optional<String> note) {
        return new Change(service, changed, note, Optional.empty(), List.of());
    }

    /** It could not be done. */
    public static Change failed(Service service, String failure, List<String> details) {
        return new Change(service, false, Optional.empty(), Optional.of(failure), details);
    }
}
