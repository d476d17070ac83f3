package dev.tetra.tsm.ports;

/**
 * How a service relates to a port; the guide's four relations. <em>Immutable.</em>
 */
public enum Relation {
    /** It has the port for itself. */
    BIND("bind"),
    /** It has the port together with others that share it (SO_REUSEADDR, SO_REUSEPORT). */
    BIND_SHARED("bind-shared"),
    /** It joined a multicast group on the port. */
    MULTICAST_JOIN("multicast-join"),
    /** It only sends there, and binds nothing. */
    SEND_TO("send-to");

    private final String text;

    Relation(String text) {
        this.text = text;
    }

    /** The guide's text: {@code bind}, {@code bind-shared}, {@code multicast-join} or {@code send-to}. */
    public String text() {
        return text;
    }

    /**
     * The relation of this text.
     *
     * @throws IllegalArgumentException if it is none of the four
     */
    public static Relation parse(String text) {
        for (Relation relation : values()) {
            if (relation.text.equals(text)) {
                return relation;
            }
        }
        throw new IllegalArgumentException(
                "not a relation: " + text + "; write bind, bind-shared, multicast-join or send-to");
    }

    /** Whether two services cannot have these relations to one port and transport at the same time. */
    boolean conflictsWith(Relation other) {
        return this != SEND_TO && other != SEND_TO && (this == BIND || other == BIND);
    }
}
