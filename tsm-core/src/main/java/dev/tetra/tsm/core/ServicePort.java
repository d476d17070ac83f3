package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.ports.Relation;
import java.util.Optional;

/**
 * One port of a service, as meta.json lists it. <em>Immutable.</em>
 *
 * @param port 1 to 65535
 * @param type {@code tcp} or {@code udp}
 * @param protocol a free label: {@code http}, {@code http+ws}, {@code osc-in}, …
 * @param relation how the service uses the port
 * @param group the multicast group, for {@link Relation#MULTICAST_JOIN} only
 */
public record ServicePort(int port, String type, String protocol, Relation relation, Optional<String> group) {
    public ServicePort {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port not in [1, 65535]: " + port);
        }
        requireNonNull(type, "type");
        requireNonNull(protocol, "protocol");
        requireNonNull(relation, "relation");
        requireNonNull(group, "group");
    }
}
