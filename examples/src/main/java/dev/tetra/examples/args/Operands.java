package dev.tetra.examples.args;

/**
 * The words of a verb that are not options. <em>Immutable.</em>
 *
 * @param label what the help shows for all of them: {@code [FILE] [SERVICE…]}; empty if there are none
 * @param description what the words mean
 * @param least how many there must be
 * @param most how many there may be
 * @param endOptions whether everything after the first of them belongs to them, options included
 * @param few what to say to somebody who gave too few; empty if there may be none
 * @param surplus what to do instead with a word too many, as a command that ends before it; empty if nothing comes to mind
 */
public record Operands(
        String label, String description, int least, int most, boolean endOptions, String few, String surplus) {
    /** No words. */
    public static final Operands NONE = new Operands("", "", 0, 0, false, "", "");

    /** No words; whoever gives one wants that command. */
    public static Operands none(String instead) {
        return new Operands("", "", 0, 0, false, "", instead);
    }

    /** Words among the options, as many as one likes, or none. */
    public static Operands any(String label, String description) {
        return new Operands(label, description, 0, Integer.MAX_VALUE, false, "", "");
    }

    /** One word among the options, or none. */
    public static Operands optional(String label, String description) {
        return new Operands(label, description, 0, 1, false, "", "");
    }

    /** Words among the options, so many of them. */
    public static Operands words(String label, String description, int least, int most, String few) {
        return new Operands(label, description, least, most, false, few, "");
    }

    /** A command, which keeps its own options. */
    public static Operands command(String label, String description, String few) {
        return new Operands(label, description, 1, Integer.MAX_VALUE, true, few, "");
    }
}
