package dev.tetra.tsm.ports;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who has a port now, as far as it can be seen. <em>Immutable.</em>
 *
 * @param port from 1 to 65535
 * @param service the service that claims it in the registry, if one does
 * @param pid the process that has it open, if it can be seen
 * @param command that process's command line, if it can be seen
 */
public record PortHolder(int port, Optional<String> service, OptionalLong pid, Optional<String> command) {

    private static final int LONGEST_COMMAND = 80;

    public PortHolder {
        Ports.check(port);
    }

    /** A service that claims the port in the registry; nobody need listen on it. */
    public static PortHolder service(int port, String service) {
        return new PortHolder(port, Optional.of(service), OptionalLong.empty(), Optional.empty());
    }

    /** A process that has the port open. */
    public static PortHolder process(int port, long pid, String command) {
        return new PortHolder(
                port,
                Optional.empty(),
                OptionalLong.of(pid),
                command.isBlank() ? Optional.empty() : Optional.of(command));
    }

    /** Somebody who cannot be seen from here. */
    public static PortHolder unseen(int port) {
        return new PortHolder(port, Optional.empty(), OptionalLong.empty(), Optional.empty());
    }

    /**
     * The holder in words that follow "port 8080 is": {@code held by pid 4711 (nginx: master)},
     * {@code claimed by service web-8000}, or {@code in use, by a process this user may not see}.
     */
    public String describe() {
        String process = pid.isPresent() ? "held by pid " + pid.getAsLong() + commandInBrackets() : "";
        if (service.isEmpty()) {
            return process.isEmpty() ? "in use, by a process this user may not see" : process;
        }
        String claim = "claimed by service " + service.get();
        return process.isEmpty() ? claim : claim + " and " + process;
    }

    private String commandInBrackets() {
        if (command.isEmpty()) {
            return "";
        }
        String text = Words.printable(command.get());
        return " (" + (text.length() <= LONGEST_COMMAND ? text : text.substring(0, LONGEST_COMMAND - 1) + "…") + ")";
    }
}
