package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What runs around a service, in its directory and with its variables. Each is a file, the name of a file in the hooks
 * directory, or {@code sh:TEXT} or {@code bash:TEXT}. <em>Immutable.</em>
 *
 * @param preStart before its process; the variables that it exports reach the service, and its failure fails the start
 * @param postStart after its process is ready
 * @param postStop after its process is gone, however it ended
 */
public record Hooks(Optional<String> preStart, Optional<String> postStart, Optional<String> postStop) {
    /** None. */
    public static final Hooks NONE = new Hooks(Optional.empty(), Optional.empty(), Optional.empty());

    public Hooks {
        requireNonNull(preStart, "preStart");
        requireNonNull(postStart, "postStart");
        requireNonNull(postStop, "postStop");
    }
}
