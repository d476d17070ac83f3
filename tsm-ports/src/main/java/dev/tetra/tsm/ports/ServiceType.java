package dev.tetra.tsm.ports;

/**
 * What a service is reached by, as {@code service_type} in meta.json says it. <em>Immutable.</em>
 */
public enum ServiceType {
    /** A TCP port. */
    PORT("port"),
    /** Its control socket; it has no port. */
    SOCKET("socket"),
    /** Nothing but its process. */
    PID("pid");

    private final String text;

    ServiceType(String text) {
        this.text = text;
    }

    /** The guide's word: {@code port}, {@code socket} or {@code pid}. */
    public String text() {
        return text;
    }

    /**
     * The type with that {@link #text()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ServiceType parse(String text) {
        for (ServiceType type : values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        throw new IllegalArgumentException("not a service type: " + text + "; one of port, socket, pid");
    }
}
