package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * A service that comes first. <em>Immutable.</em>
 *
 * @param service its name, with or without the port suffix
 * @param condition how far it must have come
 */
public record Dependency(String service, Condition condition) {
    public Dependency {
        requireNonNull(service, "service");
        requireNonNull(condition, "condition");
        if (service.isEmpty()) {
            throw new IllegalArgumentException("a dependency without a name");
        }
    }

    /** How far a service must have come. */
    public enum Condition {
        /** Its process was launched. */
        STARTED,
        /** It said or a probe found that it serves. */
        READY,
        /** It ended with exit code 0 or another that means done. */
        COMPLETED;

        private final String text = name().toLowerCase(Locale.ROOT);

        /** The word in files and options. */
        public String text() {
            return text;
        }

        /** The condition of that {@link #text()}. @throws IllegalArgumentException if there is none */
        public static Condition parse(String text) {
            for (Condition condition : values()) {
                if (condition.text.equals(text)) {
                    return condition;
                }
            }
            throw new IllegalArgumentException("not a condition: " + text + "; write started, ready or completed");
        }
    }

    /** {@code NAME} (which means ready where it says when it is, else started) or {@code NAME:CONDITION}. */
    public static Dependency parse(String text) {
        int colon = text.lastIndexOf(':');
        return colon < 0
                ? new Dependency(text, Condition.READY)
                : new Dependency(text.substring(0, colon), Condition.parse(text.substring(colon + 1)));
    }

    /** {@code NAME:CONDITION}, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return service + ":" + condition.text();
    }
}
