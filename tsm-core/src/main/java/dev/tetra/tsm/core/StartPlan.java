package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a start would do, found out without doing it. <em>Immutable.</em>
 *
 * @param name the full name it would get
 * @param spec what was asked for
 * @param launch the words, the type and the ports it would get, with the walk over the port ladder
 * @param environmentNames the names of the variables that the environment file and the spec set, sorted
 * @param refusal why it would be refused, when it would
 */
public record StartPlan(
        String name, ServiceSpec spec, Service.Launch launch, List<String> environmentNames, Optional<String> refusal) {
    public StartPlan {
        requireNonNull(name, "name");
        requireNonNull(spec, "spec");
        requireNonNull(launch, "launch");
        environmentNames = List.copyOf(environmentNames);
        requireNonNull(refusal, "refusal");
    }
}
