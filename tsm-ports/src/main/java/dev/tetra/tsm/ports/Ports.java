package dev.tetra.tsm.ports;

import java.util.OptionalInt;

/** The numbers that are ports, and the search for a free one. */
final class Ports {

    static final int FIRST = 1;
    static final int LAST = 65535;

    private Ports() {}

    static int check(int port) {
        if (port < FIRST || port > LAST) {
            throw notInRange(Integer.toString(port));
        }
        return port;
    }

    static IllegalArgumentException notInRange(String number) {
        return new IllegalArgumentException("port not in [1, 65535]: " + number);
    }

    /** Whether the text is ASCII digits and nothing else. */
    static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The port that the text is, digits only; empty if it is no number or out of range, however long it is. */
    static OptionalInt valueOf(String text) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            port = isDigit(c) ? port * 10 + (c - '0') : LAST + 1;
            if (port > LAST) {
                return OptionalInt.empty();
            }
        }
        return port < FIRST ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** The first port that nobody has or may want again; where there is none, the first that nobody has. */
    static OptionalInt firstFree(int first, int last, PortUse use) {
        OptionalInt kept = OptionalInt.empty();
        for (int port = first; port <= last; port++) {
            boolean isKept = use.keptFor(port).isPresent();
            if ((!isKept || kept.isEmpty()) && use.holder(port).isEmpty()) {
                if (!isKept) {
                    return OptionalInt.of(port);
                }
                kept = OptionalInt.of(port);
            }
        }
        return kept;
    }
}
