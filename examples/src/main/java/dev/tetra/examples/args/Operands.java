package dev.tetra.examples.args;

/**
 * The words of a verb that are not options. <em>Immutable.</em>
 *
 * @param label what such a word is called in the help
 * @param description what the words mean
 * @param least how many there must be
 * @param most how many there may be
 * @param endOptions whether everything after the first of them belongs to them, options included
 */
public record Operands(String label, String description, int least, int most, boolean endOptions) {
    /** No words. */
    public static final Operands NONE = new Operands("", "", 0, 0, false);

    /** Words among the options. */
    public static Operands words(String label, String description, int least, int most) {
        return new Operands(label, description, least, most, false);
    }

    /** A command, which keeps its own options. */
    public static Operands command(String label, String description) {
        return new Operands(label, description, 1, Integer.MAX_VALUE, true);
    }
}
