package dev.tetra.examples.args;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads ordinary command lines, in microseconds and with no library: full option names, {@code --name value} or
 * {@code --name=value}, no option twice unless it is repeatable. Whatever it is not sure about, it leaves to
 * {@link PicocliReader}; whatever it accepts, that one reads to the same values (docs/adr/0003).
 */
public final class ArgumentReader {
    private ArgumentReader() {}

    /** The command line of that verb; empty if it is not an ordinary one. */
    public static Optional<Arguments> read(Verb verb, List<String> line) {
        Map<String, List<String>> options = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < line.size(); i++) {
            String word = line.get(i);
            if (word.equals("--")) {
                words.addAll(line.subList(i + 1, line.size()));
                break;
            }
            if (!word.startsWith("-")) {
                if (verb.operands().endOptions()) {
                    words.addAll(line.subList(i, line.size()));
                    break;
                }
                words.add(word);
                continue;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            Option option = find(verb, equals < 0 ? word : word.substring(0, equals));
            if (option == null || (options.containsKey(option.key()) && !option.repeatable())) {
                return Optional.empty();
            }
            List<String> values = options.get(option.key());
            if (values == null) {
                values = new ArrayList<>();
                options.put(option.key(), values);
            }
            if (!option.takesValue()) {
                if (equals >= 0) {
                    return Optional.empty();
                }
                continue;
            }
            if (equals < 0 && ++i == line.size()) {
                return Optional.empty();
            }
            String value = equals < 0 ? line.get(i) : word.substring(equals + 1);
            if (value.isEmpty() || value.startsWith("-")) {
                return Optional.empty();
            }
            values.add(value);
        }
        Operands operands = verb.operands();
        return words.size() < operands.least() || words.size() > operands.most()
                ? Optional.empty()
                : Optional.of(new Arguments(options, words));
    }

    private static @Nullable Option find(Verb verb, String name) {
        for (Option option : verb.options()) {
            if (option.names().contains(name)) {
                return option;
            }
        }
        return null;
    }
}
