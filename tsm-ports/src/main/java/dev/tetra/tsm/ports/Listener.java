package dev.tetra.tsm.ports;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One open port: a listening TCP socket, or a bound UDP socket. <em>Immutable.</em>
 *
 * @param port from 1 to 65535
 * @param transport tcp or udp
 * @param address the local address as text, for example {@code 0.0.0.0}, {@code 127.0.0.1}, {@code ::}
 * @param pid the process that has it open, if it can be seen; of several, the one with the lowest pid
 * @param command that process's command line, if it can be seen
 */
public record Listener(int port, Transport transport, String address, OptionalLong pid, Optional<String> command) {
    public Listener {
        Ports.check(port);
    }
}
