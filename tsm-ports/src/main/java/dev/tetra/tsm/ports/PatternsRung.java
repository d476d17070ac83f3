package dev.tetra.tsm.ports;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The third rung: what a known program listens on by itself.
 *
 * <p>It comes before the command's own text, but must not contradict it: where the command names a port, this rung
 * passes, so that no second port is appended. Only a pattern of the user's own whose template does not mention
 * <code>{port}</code> stands against the text: it appends nothing, and its author knows the program.
 */
final class PatternsRung implements PortRung {

    private final PortPatterns patterns;
    private final PortRange range;

    PatternsRung(PortPatterns patterns, PortRange range) {
        this.patterns = patterns;
        this.range = range;
    }

    @Override
    public String name() {
        return "patterns";
    }

    @Override
    public RungAnswer climb(PortRequest request, PortUse use) {
        Optional<PortPattern> match = patterns.match(request.command());
        if (match.isEmpty()) {
            return new RungAnswer.Passed("no pattern matches");
        }
        PortPattern pattern = match.get();
        String label = "pattern " + pattern.name();
        CommandText text = CommandText.of(request);
        if (text.names() && (pattern.tellsPort() || !patterns.isOwn(pattern))) {
            return new RungAnswer.Passed(label + " matches, but the command has its own " + text.where());
        }
        if (Told.isBeyondReach(pattern, request.command())) {
            return new RungAnswer.Passed(
                    label + " matches, but cannot add a port to the script of a shell; write $PORT in it");
        }
        if (pattern.port() == 0) {
            return new RungAnswer.Portless(
                    ServiceType.SOCKET, pattern.rewrite(request.command()), label + ", a service with a socket");
        }
        List<String> command =
                Placeholders.in(request.command()) ? request.command() : pattern.rewrite(request.command());
        return found(pattern.port(), command, label, use);
    }

    private RungAnswer found(int port, List<String> command, String label, PortUse use) {
        Optional<PortHolder> holder = use.holder(port);
        Optional<String> kept = use.keptFor(port);
        if (holder.isEmpty() && kept.isEmpty()) {
            return new RungAnswer.Found(port, command, label + ", default port " + port);
        }
        String busy = label + ", default port " + port + " is "
                + (holder.isPresent() ? holder.get().describe() : "that of " + kept.get() + ", which does not run now");
        OptionalInt next = Ports.firstFree(range.first(), range.last(), use);
        if (next.isEmpty()) {
            return new RungAnswer.Refused(
                    busy + ", and no port of " + range + " is free; stop a service, or start with --port N", holder);
        }
        return new RungAnswer.Found(next.getAsInt(), command, busy + "; the first free port of " + range);
    }
}
