package dev.tetra.tsm.ports;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.List;
import java.util.Optional;

/** The fourth rung: the port that the command's own text names. */
final class CommandRung implements PortRung {

    private final PortPatterns patterns;

    CommandRung(PortPatterns patterns) {
        this.patterns = patterns;
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public RungAnswer climb(PortRequest request, PortUse use) {
        CommandText text = CommandText.of(request);
        if (text.port().isEmpty()) {
            return new RungAnswer.Passed(
                    text.names()
                            ? text.where() + " in the command is not a port (1 to 65535)"
                            : "the command names no port");
        }
        int port = text.port().getAsInt();
        Optional<PortHolder> holder = use.holder(port);
        if (holder.isPresent()) {
            return new RungAnswer.Refused(
                    "port " + port + ", by " + text.where() + " in the command, is "
                            + holder.get().describe() + "; stop it, or name another port in the command",
                    holder);
        }
        List<String> command = text.namesArgument() ? request.command() : Told.command(patterns, request);
        return new RungAnswer.Found(port, command, text.where() + " in the command");
    }
}
