package dev.tetra.examples.args;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command line that was understood. <em>Immutable.</em>
 *
 * @param options the values of each option that was given, by {@link Option#key()}; none for a flag
 * @param words the words that are not options
 */
public record Arguments(Map<String, List<String>> options, List<String> words) {
    public Arguments {
        options = Map.copyOf(options);
        words = List.copyOf(words);
    }

    /** Whether the option was given. */
    public boolean has(Option option) {
        return options.containsKey(option.key());
    }

    /** The option's value, if it was given. */
    public Optional<String> value(Option option) {
        List<String> values = values(option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** The option's values, in the order given. */
    public List<String> values(Option option) {
        return options.getOrDefault(option.key(), List.of());
    }

    /** The same without the last of the words. */
    public Arguments withoutLastWord() {
        return new Arguments(options, words.subList(0, words.size() - 1));
    }
}
