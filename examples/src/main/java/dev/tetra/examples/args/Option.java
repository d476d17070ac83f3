package dev.tetra.examples.args;

import java.util.List;

/**
 * One option of a verb. <em>Immutable.</em>
 *
 * @param names what the user writes, the short name before the long one
 * @param label what its value is called in the help; empty for a flag, which has none
 * @param description what it does, in one or two clauses
 * @param repeatable whether it may be given more than once
 */
public record Option(List<String> names, String label, String description, boolean repeatable) {
    public Option {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("an option without a name: " + description);
        }
    }

    /** An option without a value. */
    public static Option flag(String description, String... names) {
        return new Option(List.of(names), "", description, false);
    }

    /** An option with a value. */
    public static Option value(String label, String description, String... names) {
        return new Option(List.of(names), label, description, false);
    }

    /** The same, allowed any number of times. */
    public Option repeated() {
        return new Option(names, label, description, true);
    }

    /** The name that it is known by: the long one. */
    public String key() {
        return names.get(names.size() - 1);
    }

    /** Whether a value belongs to it. */
    public boolean takesValue() {
        return !label.isEmpty();
    }
}
