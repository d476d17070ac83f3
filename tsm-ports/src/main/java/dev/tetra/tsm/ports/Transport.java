package dev.tetra.tsm.ports;

/**
 * The transport protocol that a port number belongs to. <em>Immutable.</em>
 */
public enum Transport {
    /** Streams. */
    TCP("tcp"),
    /** Datagrams. */
    UDP("udp");

    private final String text;

    Transport(String text) {
        this.text = text;
    }

    /** {@code tcp} or {@code udp}, as in meta.json. */
    public String text() {
        return text;
    }

    /**
     * The transport of this text.
     *
     * @throws IllegalArgumentException if it is neither {@code tcp} nor {@code udp}
     */
    public static Transport parse(String text) {
        for (Transport transport : values()) {
            if (transport.text.equals(text)) {
                return transport;
            }
        }
        throw new IllegalArgumentException("not a transport: " + text + "; write tcp or udp");
    }
}
