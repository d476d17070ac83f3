package dev.tetra.tsm.ports;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.Optional;
import java.util.OptionalInt;

/** The fifth rung: the first free port of the range, for a command that can take one. */
final class AllocateRung implements PortRung {

    private final PortRange range;
    private final AllocationPolicy policy;

    AllocateRung(PortRange range, AllocationPolicy policy) {
        this.range = range;
        this.policy = policy;
    }

    @Override
    public String name() {
        return "allocate";
    }

    @Override
    public RungAnswer climb(PortRequest request, PortUse use) {
        boolean place = Placeholders.in(request.command());
        if (!place && !request.servesByInterpreter() && policy != AllocationPolicy.ALWAYS) {
            return new RungAnswer.Passed(
                    "nothing says that the command takes a port: no $PORT or {port} in it, no script of a known interpreter");
        }
        OptionalInt port = Ports.firstFree(range.first(), range.last(), use);
        if (port.isEmpty()) {
            return new RungAnswer.Refused(
                    "no port of " + range + " is free for " + request.service()
                            + "; stop a service, or start with --port N or --port none",
                    Optional.empty());
        }
        return new RungAnswer.Found(port.getAsInt(), request.command(), "the first free port of " + range);
    }
}
