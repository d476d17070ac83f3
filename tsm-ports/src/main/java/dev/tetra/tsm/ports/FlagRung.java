package dev.tetra.tsm.ports;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.Optional;
import java.util.OptionalInt;

/** The first rung: what the user wrote after {@code --port}. */
final class FlagRung implements PortRung {

    private final PortPatterns patterns;

    FlagRung(PortPatterns patterns) {
        this.patterns = patterns;
    }

    @Override
    public String name() {
        return "--port";
    }

    @Override
    public RungAnswer climb(PortRequest request, PortUse use) {
        if (request.flag().isEmpty()) {
            return new RungAnswer.Passed("no --port given");
        }
        PortSpec spec = request.flag().get();
        if (spec instanceof PortSpec.Exact exact) {
            return exactly(exact.port(), request, use);
        }
        if (spec instanceof PortSpec.AtLeast atLeast) {
            return upwardFrom(atLeast.port(), request, use);
        }
        return new RungAnswer.Portless(ServiceType.PID, request.command(), "--port none");
    }

    private RungAnswer exactly(int port, PortRequest request, PortUse use) {
        Optional<PortHolder> holder = use.holder(port);
        if (holder.isPresent()) {
            String upward =
                    port < Ports.LAST ? ", or start with --port " + port + "+" : ", or start with another --port";
            return new RungAnswer.Refused(
                    "port " + port + " is " + holder.get().describe() + "; stop it" + upward, holder);
        }
        return Told.found(patterns, request, port, "--port " + port);
    }

    private RungAnswer upwardFrom(int first, PortRequest request, PortUse use) {
        OptionalInt port = Ports.firstFree(first, Ports.LAST, use);
        if (port.isEmpty()) {
            return new RungAnswer.Refused(
                    "no port is free from " + first + " to " + Ports.LAST + "; start with a lower --port N+",
                    Optional.empty());
        }
        return Told.found(patterns, request, port.getAsInt(), "--port " + first + "+, the first free one");
    }
}
