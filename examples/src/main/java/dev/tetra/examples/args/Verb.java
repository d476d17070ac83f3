package dev.tetra.examples.args;

import java.util.List;

/**
 * What the user can tell the command to do. <em>Immutable.</em>
 *
 * @param name the verb
 * @param aliases other names for it
 * @param summary what it does, in one sentence
 * @param operands the words it takes
 * @param options the options it takes
 * @param examples command lines worth copying
 */
public record Verb(
        String name,
        List<String> aliases,
        String summary,
        Operands operands,
        List<Option> options,
        List<String> examples) {
    public Verb {
        aliases = List.copyOf(aliases);
        options = List.copyOf(options);
        examples = List.copyOf(examples);
    }

    /** Whether that is the verb or another name for it. */
    public boolean isCalled(String word) {
        return name.equals(word) || aliases.contains(word);
    }
}
