package dev.tetra.tsm.ports;

/**
 * The ports that may be handed out, both ends included. <em>Immutable.</em>
 *
 * @param first from 1 to 65535
 * @param last from {@code first} to 65535
 */
public record PortRange(int first, int last) {

    /** The guide's range, 8000-8999. */
    public static final PortRange DEFAULT = new PortRange(8000, 8999);

    public PortRange {
        Ports.check(first);
        Ports.check(last);
        if (last < first) {
            throw new IllegalArgumentException("range ends before it begins: " + first + "-" + last);
        }
    }

    /** Whether the port is in the range. */
    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
