package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

/**
 * Words that mean services: {@code <name|id|pid|port|*>}. {@link Inventory#select} applies them. <em>Immutable.</em>
 */
public sealed interface Selector {
    /** What the user typed, for messages. */
    String text();

    /** Every service. */
    record All() implements Selector {
        @Override
        public String text() {
            return "*";
        }
    }

    /** A name; the full one, or without its port suffix, or the beginning of one: the first of these that fits. */
    record Name(String text) implements Selector {
        public Name {
            requireNonNull(text, "text");
        }
    }

    /** A number that is an id, a process id or a port, whichever fits. */
    @SuppressWarnings("AvoidCommonTypeNames") // Always written Selector.Number.
    record Number(long value) implements Selector {
        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    /** Exactly this {@code tsm_id}. */
    record Id(long value) implements Selector {
        @Override
        public String text() {
            return "--id " + value;
        }
    }

    /** Exactly this process id. */
    record Pid(long value) implements Selector {
        @Override
        public String text() {
            return "--pid " + value;
        }
    }

    /** Exactly this port, of any of the service's ports. */
    record Port(long value) implements Selector {
        @Override
        public String text() {
            return "--port " + value;
        }
    }

    /** {@code *} is all, digits are a number, everything else a name. */
    static Selector parse(String text) {
        if (text.equals("*")) {
            return new All();
        }
        if (text.isEmpty() || text.length() > 18) {
            return new Name(text);
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return new Name(text);
            }
        }
        return new Number(Long.parseLong(text));
    }
}
