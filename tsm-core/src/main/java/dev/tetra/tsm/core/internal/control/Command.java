package dev.tetra.tsm.core.internal.control;

import java.util.Locale;
import java.util.Optional;

/** What a control socket understands (guide, "Unix Domain Sockets"). */
public enum Command {
    /** Where the service is in its life. */
    STATUS,
    /** Whether it serves. */
    HEALTH,
    /** Have it read its configuration again. */
    RELOAD,
    /** End it. */
    STOP;

    /** The command that a line says, in letters of any case and with blanks around it. */
    public static Optional<Command> parse(String line) {
        String word = line.strip().toUpperCase(Locale.ROOT);
        for (Command command : values()) {
            if (command.name().equals(word)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }
}
