package dev.tetra.tsm.ports;

import java.util.List;
import java.util.Optional;

/** How a program is told a port that was decided elsewhere than in its own command line. */
final class Told {

    private Told() {}

    /**
     * The port, with the command as its pattern's template rewrites it, so that a program which does not look at PORT
     * listens there too.
     */
    static RungAnswer found(PortPatterns patterns, PortRequest request, int port, String why) {
        CommandText text = CommandText.of(request);
        boolean differs = text.names() && (text.port().isEmpty() || text.port().getAsInt() != port);
        String warning = differs ? "; the command's own " + text.where() + " stays as it is" : "";
        List<String> command = text.namesArgument() ? request.command() : command(patterns, request);
        return new RungAnswer.Found(port, command, why + warning);
    }

    /** The command as the first matching pattern rewrites it; unchanged where it has a place for the port itself. */
    static List<String> command(PortPatterns patterns, PortRequest request) {
        List<String> command = request.command();
        if (Placeholders.in(command)) {
            return command;
        }
        Optional<PortPattern> pattern = patterns.match(command);
        if (pattern.isEmpty() || pattern.get().port() == 0 || isBeyondReach(pattern.get(), command)) {
            return command;
        }
        return pattern.get().rewrite(command);
    }

    /** Whether the template would add words behind the script of {@code sh -c}, where the program never sees them. */
    static boolean isBeyondReach(PortPattern pattern, List<String> command) {
        return pattern.tellsPort() && pattern.keepsCommand() && ShellScript.indexIn(command) >= 0;
    }
}
