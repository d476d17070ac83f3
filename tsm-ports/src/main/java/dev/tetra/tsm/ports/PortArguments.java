package dev.tetra.tsm.ports;

import java.util.List;
import java.util.Set;

/**
 * The arguments that say "listen here": {@code --port 8080}, {@code -p 80}, {@code --bind 0.0.0.0:8000}, {@code :8080}.
 *
 * <p>The clearest kind decides, wherever it stands: an option named after the port, then an address to listen on, then a
 * short option, because {@code -p} means other things too. An address counts where it can only be our own: behind an
 * option that says so, or as an argument by itself; {@code --redis localhost:6379} and {@code http://h:9999/} are others'.
 */
final class PortArguments {

    private static final Set<String> PORT_OPTIONS = Set.of(
            "--port",
            "-port",
            "--http-port",
            "--http.port",
            "--server-port",
            "--server.port",
            "--listen-port",
            "--web-port",
            "-Dserver.port",
            "-Dquarkus.http.port");

    private static final Set<String> LISTEN_OPTIONS = Set.of(
            "--bind",
            "-bind",
            "--listen",
            "-listen",
            "--addr",
            "-addr",
            "--address",
            "--http",
            "-http",
            "--from",
            "--listen-address",
            "--http-address",
            "--http-addr",
            "--web.listen-address",
            "--dev-addr",
            "--urls");

    private static final Set<String> SHORT_LISTEN_OPTIONS = Set.of("-a", "-b", "-l", "-S");

    /** A short option with fewer digits than this behind it is more often a count. */
    private static final int CLEAR_DIGITS = 4;

    private PortArguments() {}

    /** What the arguments name; {@link CommandText#NOTHING} if they name no port. */
    static CommandText read(List<String> arguments) {
        CommandText found = CommandText.NOTHING;
        for (int i = 0; i < arguments.size() && !found.names(); i++) {
            found = portOption(arguments, i);
        }
        for (int i = 0; i < arguments.size() && !found.names(); i++) {
            found = address(arguments, i);
        }
        for (int i = 0; i < arguments.size() && !found.names(); i++) {
            found = shortOption(arguments, i);
        }
        return found;
    }

    private static CommandText portOption(List<String> arguments, int at) {
        String word = arguments.get(at);
        int equals = word.lastIndexOf('=');
        int begin = word.lastIndexOf('=', equals - 1) + 1;
        if (equals > begin && PORT_OPTIONS.contains(word.substring(begin, equals))) {
            return unlessPlace(word, word.substring(equals + 1));
        }
        if (PORT_OPTIONS.contains(word) && at + 1 < arguments.size()) {
            return unlessPlace(word + " " + arguments.get(at + 1), arguments.get(at + 1));
        }
        return CommandText.NOTHING;
    }

    private static CommandText unlessPlace(String where, String value) {
        return Placeholders.in(List.of(value)) ? CommandText.NOTHING : CommandText.argument(where, value);
    }

    private static CommandText address(List<String> arguments, int at) {
        String word = arguments.get(at);
        String before = at == 0 ? "" : arguments.get(at - 1);
        if (LISTEN_OPTIONS.contains(before)) {
            return anyAddress(before + " " + word, word);
        }
        int equals = word.indexOf('=');
        if (equals > 0 && LISTEN_OPTIONS.contains(word.substring(0, equals))) {
            return anyAddress(word, word.substring(equals + 1));
        }
        Address address = Address.of(word);
        boolean afterOption = before.startsWith("-") && !before.equals("--") && !SHORT_LISTEN_OPTIONS.contains(before);
        if (address.isWildcard() || (address.isLocal() && !afterOption)) {
            return CommandText.argument(word, address.port());
        }
        return CommandText.NOTHING;
    }

    /** Behind an option that says "listen" any host is our own, a scheme is decoration, and a bare number is a port. */
    private static CommandText anyAddress(String where, String value) {
        int scheme = value.indexOf("://");
        String rest = scheme < 0 ? value : value.substring(scheme + 3);
        int path = rest.indexOf('/');
        String hostAndPort = path < 0 ? rest : rest.substring(0, path);
        if (Ports.isNumber(hostAndPort)) {
            return CommandText.argument(where, hostAndPort);
        }
        String port = Address.of(hostAndPort).port();
        return port.isEmpty() ? CommandText.NOTHING : CommandText.argument(where, port);
    }

    private static CommandText shortOption(List<String> arguments, int at) {
        String word = arguments.get(at);
        String value = at + 1 < arguments.size() ? arguments.get(at + 1) : "";
        boolean clear = value.length() >= CLEAR_DIGITS;
        if (Ports.isNumber(value) && (word.equals("-p") || (clear && (word.equals("-P") || word.equals("-l"))))) {
            return CommandText.argument(word + " " + value, value);
        }
        String glued = word.startsWith("-p") ? word.substring(2) : "";
        if (glued.startsWith("=")) {
            glued = glued.substring(1);
        }
        if (glued.length() >= CLEAR_DIGITS && Ports.isNumber(glued)) {
            return CommandText.argument(word, glued);
        }
        return CommandText.NOTHING;
    }

    /**
     * A word cut at its last colon.
     *
     * @param host what stands before the colon
     * @param port the digits behind it; empty if the word is not of this form
     */
    record Address(String host, String port) {

        private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "*", "[::]");

        static Address of(String word) {
            int colon = word.lastIndexOf(':');
            if (colon < 0 || !Ports.isNumber(word.substring(colon + 1))) {
                return new Address("", "");
            }
            return new Address(word.substring(0, colon), word.substring(colon + 1));
        }

        /** Whether one can listen there, but not be reached there. */
        boolean isWildcard() {
            return !port.isEmpty() && WILDCARDS.contains(host);
        }

        /** Whether the host is left out, or this machine itself. */
        boolean isLocal() {
            return !port.isEmpty()
                    && (host.isEmpty()
                            || host.equals("localhost")
                            || host.equals("[::1]")
                            || (host.startsWith("127.") && host.indexOf(':') < 0));
        }
    }
}
