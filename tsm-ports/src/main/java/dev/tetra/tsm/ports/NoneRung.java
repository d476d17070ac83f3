package dev.tetra.tsm.ports;

import dev.tetra.tsm.ports.spi.PortRung;

/** The sixth rung: no port; the service is reached by its process. */
final class NoneRung implements PortRung {

    @Override
    public String name() {
        return "none";
    }

    @Override
    public RungAnswer climb(PortRequest request, PortUse use) {
        return new RungAnswer.Portless(ServiceType.PID, request.command(), "no rung found a port");
    }
}
