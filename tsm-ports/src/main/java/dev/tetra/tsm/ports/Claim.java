package dev.tetra.tsm.ports;

import java.util.List;
import java.util.Optional;

/**
 * One port that one service says is its own. <em>Immutable.</em>
 *
 * @param service who claims: a service's name, or the token of a start that has no name yet; not blank, no control
 *     characters
 * @param port from 1 to 65535
 * @param transport tcp or udp
 * @param protocol a free label such as {@code http+ws} or {@code osc-in}; not blank, no control characters
 * @param relation how the service relates to the port
 * @param group the multicast group's address, if it joined one
 */
public record Claim(
        String service, int port, Transport transport, String protocol, Relation relation, Optional<String> group) {

    /** The label of the port that the ladder found: the one a service is named after. */
    public static final String PRIMARY = "primary";

    private static final String NO_GROUP = "-";

    public Claim {
        checkText("service", service);
        Ports.check(port);
        checkText("protocol", protocol);
        if (group.isPresent()) {
            checkText("group", group.get());
            if (group.get().equals(NO_GROUP)) {
                throw new IllegalArgumentException("group is no address: -");
            }
        }
    }

    /** The exclusive claim of a TCP port under the label {@link #PRIMARY}. */
    public static Claim primary(String service, int port) {
        return new Claim(service, port, Transport.TCP, PRIMARY, Relation.BIND, Optional.empty());
    }

    Claim withService(String newService) {
        return new Claim(newService, port, transport, protocol, relation, group);
    }

    boolean samePort(Claim other) {
        return port == other.port && transport == other.transport;
    }

    boolean conflictsWith(Claim other) {
        return samePort(other) && relation.conflictsWith(other.relation);
    }

    /** One line of the registry's file, without its end: six fields, tabs between them. */
    String line() {
        return port + "\t" + transport.text() + "\t" + relation.text() + "\t" + protocol + "\t" + group.orElse(NO_GROUP)
                + "\t" + service;
    }

    /**
     * Reads what {@link #line} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Claim ofLine(String line) {
        List<String> fields = Words.fields(line, '\t');
        if (fields.size() != 6) {
            throw new IllegalArgumentException("a claim has 6 fields, this line has " + fields.size());
        }
        int port = Ports.valueOf(fields.get(0)).orElseThrow(() -> Ports.notInRange(fields.get(0)));
        Optional<String> group = fields.get(4).equals(NO_GROUP) ? Optional.empty() : Optional.of(fields.get(4));
        return new Claim(
                fields.get(5),
                port,
                Transport.parse(fields.get(1)),
                fields.get(3),
                Relation.parse(fields.get(2)),
                group);
    }

    private static void checkText(String field, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(field + " of a claim is blank");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException(
                        field + " of a claim has a control character at index " + i + ": " + Words.printable(text));
            }
        }
    }
}
