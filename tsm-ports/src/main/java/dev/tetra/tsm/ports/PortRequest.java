package dev.tetra.tsm.ports;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be started, as far as its port depends on it. <em>Immutable.</em>
 *
 * @param owner who will claim the port: the service's name on a restart, a token of the caller's choice when the name is
 *     not decided yet (see {@link PortRegistry#rename}); its own claims never stand in its way
 * @param service the base of the service's name, for messages
 * @param command the argument vector as the user gave it, at least one word
 * @param flag what the user wrote after {@code --port}, if anything
 * @param environment the variables that the env file sets, and only these
 * @param envFileName the env file's name for messages; empty if there is no env file
 * @param servesByInterpreter whether the caller knows that the command is a script run by an interpreter that can serve
 *     (python, node, bash, lua, go, java, ruby, php, deno, bun)
 */
public record PortRequest(
        String owner,
        String service,
        List<String> command,
        Optional<PortSpec> flag,
        Map<String, String> environment,
        Optional<String> envFileName,
        boolean servesByInterpreter) {

    public PortRequest {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command has no word");
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * A request with nothing but a command; the owner is the service.
     *
     * @param service the base of the service's name
     * @param command the argument vector, at least one word
     */
    public static PortRequest of(String service, List<String> command) {
        return new PortRequest(service, service, command, Optional.empty(), Map.of(), Optional.empty(), false);
    }

    /** The same with another owner of the claim. */
    public PortRequest withOwner(String newOwner) {
        return new PortRequest(newOwner, service, command, flag, environment, envFileName, servesByInterpreter);
    }

    /** The same with what the user wrote after {@code --port}. */
    public PortRequest withFlag(PortSpec newFlag) {
        return new PortRequest(
                owner, service, command, Optional.of(newFlag), environment, envFileName, servesByInterpreter);
    }

    /** The same with the variables of an env file. */
    public PortRequest withEnvironment(String fileName, Map<String, String> variables) {
        return new PortRequest(owner, service, command, flag, variables, Optional.of(fileName), servesByInterpreter);
    }

    /** The same for a script whose interpreter can serve, or not. */
    public PortRequest withServesByInterpreter(boolean serves) {
        return new PortRequest(owner, service, command, flag, environment, envFileName, serves);
    }
}
