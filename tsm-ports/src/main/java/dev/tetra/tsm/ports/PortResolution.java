package dev.tetra.tsm.ports;

import java.util.List;
import java.util.OptionalInt;

/**
 * What the ladder found, with every step of the way. <em>Immutable.</em>
 *
 * @param answer the answer that counts: {@link RungAnswer.Found}, {@link RungAnswer.Portless} or
 *     {@link RungAnswer.Refused}, never {@link RungAnswer.Passed}
 * @param trace one step for each rung of the ladder, in order; a rung that was not asked has a
 *     {@link RungAnswer.Passed} that begins with {@code not reached}
 */
public record PortResolution(RungAnswer answer, List<Step> trace) {

    /**
     * What one rung answered.
     *
     * @param rung the rung's name
     * @param answer its answer
     */
    public record Step(String rung, RungAnswer answer) {}

    public PortResolution {
        if (answer instanceof RungAnswer.Passed passed) {
            throw new IllegalArgumentException(
                    "a resolution ends with an answer, not with a rung that passed: " + passed.why());
        }
        trace = List.copyOf(trace);
    }

    /** The port; empty if the service has none, or was refused. */
    public OptionalInt port() {
        return answer instanceof RungAnswer.Found found ? OptionalInt.of(found.port()) : OptionalInt.empty();
    }

    /**
     * The argument vector to run.
     *
     * @throws IllegalStateException if the start was refused
     */
    public List<String> command() {
        if (answer instanceof RungAnswer.Found found) {
            return found.command();
        }
        if (answer instanceof RungAnswer.Portless portless) {
            return portless.command();
        }
        throw refused();
    }

    /**
     * What the service is reached by.
     *
     * @throws IllegalStateException if the start was refused
     */
    public ServiceType serviceType() {
        if (answer instanceof RungAnswer.Found) {
            return ServiceType.PORT;
        }
        if (answer instanceof RungAnswer.Portless portless) {
            return portless.type();
        }
        throw refused();
    }

    private IllegalStateException refused() {
        return new IllegalStateException("nothing to run, the start was refused: " + answer.why());
    }
}
