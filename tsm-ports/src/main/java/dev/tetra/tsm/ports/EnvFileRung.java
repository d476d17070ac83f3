package dev.tetra.tsm.ports;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.Optional;
import java.util.OptionalInt;

/** The second rung: the variable PORT of the env file. */
final class EnvFileRung implements PortRung {

    private static final String VARIABLE = "PORT";

    private final PortPatterns patterns;

    EnvFileRung(PortPatterns patterns) {
        this.patterns = patterns;
    }

    @Override
    public String name() {
        return "env file";
    }

    @Override
    public RungAnswer climb(PortRequest request, PortUse use) {
        String value = request.environment().get(VARIABLE);
        if (value == null) {
            return new RungAnswer.Passed(
                    request.envFileName().isPresent()
                            ? "no PORT in " + request.envFileName().get()
                            : "no env file");
        }
        String file = request.envFileName().orElse("the env file");
        String setting = "PORT=" + Words.printable(value) + " in " + file;
        OptionalInt port = Ports.valueOf(value.strip());
        if (port.isEmpty()) {
            return new RungAnswer.Refused(
                    setting + " is not a port; write a number from 1 to 65535, or take the line out", Optional.empty());
        }
        Optional<PortHolder> holder = use.holder(port.getAsInt());
        if (holder.isPresent()) {
            return new RungAnswer.Refused(
                    "port " + port.getAsInt() + ", by " + setting + ", is "
                            + holder.get().describe() + "; stop it, change " + file + ", or start with --port N",
                    holder);
        }
        return Told.found(patterns, request, port.getAsInt(), setting);
    }
}
