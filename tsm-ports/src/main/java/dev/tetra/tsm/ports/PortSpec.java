package dev.tetra.tsm.ports;

/**
 * What a user writes after {@code --port}: {@code 8080}, {@code 8000+} or {@code none}. <em>Immutable.</em>
 *
 * <p>{@code toString()} prints what {@link #parse} reads.
 */
public sealed interface PortSpec {

    /**
     * This port and no other, written {@code 8080}.
     *
     * @param port from 1 to 65535
     */
    record Exact(int port) implements PortSpec {
        public Exact {
            Ports.check(port);
        }

        @Override
        public String toString() {
            return Integer.toString(port);
        }
    }

    /**
     * The first free port from this one upward to 65535, written {@code 8000+}.
     *
     * @param port from 1 to 65535
     */
    record AtLeast(int port) implements PortSpec {
        public AtLeast {
            Ports.check(port);
        }

        @Override
        public String toString() {
            return port + "+";
        }
    }

    /** No port at all, whatever the command looks like; written {@code none}. */
    record None() implements PortSpec {
        @Override
        public String toString() {
            return "none";
        }
    }

    /**
     * Reads a port as a user writes it.
     *
     * @param text a number from 1 to 65535, the same followed by {@code +}, or {@code none}; nothing around it
     * @throws IllegalArgumentException in one sentence fit for the user, if it is none of these
     */
    static PortSpec parse(String text) {
        if (text.equals("none")) {
            return new None();
        }
        boolean upward = text.endsWith("+");
        String digits = upward ? text.substring(0, text.length() - 1) : text;
        if (!Ports.isNumber(digits)) {
            throw new IllegalArgumentException(
                    "not a port: " + text + "; write a number, a number followed by + (8000+), or none");
        }
        int port = Ports.valueOf(digits).orElseThrow(() -> Ports.notInRange(digits));
        return upward ? new AtLeast(port) : new Exact(port);
    }
}
