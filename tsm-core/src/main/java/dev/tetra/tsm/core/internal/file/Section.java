package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.internal.ServiceNames;
import dev.tetra.tsm.core.internal.file.Node.Entry;
import dev.tetra.tsm.core.internal.file.Node.Mapping;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import dev.tetra.tsm.core.internal.file.Node.Scalar;
import dev.tetra.tsm.core.internal.file.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A map of a service file whose keys are known; what is wrong with it goes to {@link Problems}. */
final class Section {
    private final Problems problems;
    private final Mark mark;
    private final String title;
    private final List<String> keys;
    private final Map<String, Node> values = new HashMap<>();
    private boolean hasUnknown;

    private Section(Problems problems, Mark mark, String title, List<String> keys) {
        this.problems = problems;
        this.mark = mark;
        this.title = title;
        this.keys = keys;
    }

    /**
     * The map as a section; empty if it is something else, which is a problem.
     *
     * @param title what messages call it: {@code service web}, {@code restart of service web}
     * @param keys all that it may have
     */
    static Optional<Section> of(Node node, String title, List<String> keys, Problems problems) {
        if (!(node instanceof Mapping map)) {
            problems.add(node.mark(), title + " is " + node.kind() + "; write a map: " + String.join(", ", keys));
            return Optional.empty();
        }
        Section section = new Section(problems, node.mark(), title, keys);
        for (Entry entry : map.entries()) {
            section.enter(entry);
        }
        return Optional.of(section);
    }

    private void enter(Entry entry) {
        String key = entry.key().text();
        if (!keys.contains(key)) {
            hasUnknown = true;
            problems.add(entry.key().mark(), "unknown key " + key + " of " + title + "; " + meant(key));
        } else if (values.putIfAbsent(key, entry.value()) != null) {
            problems.add(entry.key().mark(), key + " of " + title + " is there twice");
        }
    }

    private String meant(String key) {
        List<String> nearest = ServiceNames.nearest(key.replace('-', '_'), keys);
        if (!nearest.isEmpty()) {
            return nearest.get(0) + "?";
        }
        return keys.size() == 1 ? "put it below " + keys.get(0) : "there are " + String.join(", ", keys);
    }

    /** Says that a key is missing, unless an unknown one may be meant for it. */
    void missing(String what) {
        if (!hasUnknown) {
            problems.add(mark, title + what);
        }
    }

    /** What messages call a key. */
    String title(String key) {
        return key + " of " + title;
    }

    boolean has(String key) {
        return node(key) != null;
    }

    @Nullable Node node(String key) {
        if (!keys.contains(key)) {
            throw new IllegalStateException("no key of " + title + ": " + key);
        }
        return values.get(key);
    }

    /** The map below a key; empty if there is none, or none that is a map. */
    Optional<Section> section(String key, List<String> known) {
        Node node = node(key);
        return node == null ? Optional.empty() : of(node, title(key), known, problems);
    }

    /** What the reading makes of the key's text; empty if there is none, or none that it accepts. */
    <T> Optional<T> read(String key, Function<String, T> reading) {
        Node node = node(key);
        return node == null ? Optional.empty() : read(node, title(key), reading);
    }

    /** What the key's text makes of a value; the same value if there is none, or none that is accepted. */
    <T> T with(String key, T before, BiFunction<T, String, T> change) {
        return read(key, text -> change.apply(before, text)).orElse(before);
    }

    /** What the key's whole number makes of a value; the same value if there is none, or none that is accepted. */
    <T> T withNumber(String key, T before, BiFunction<T, Integer, T> change) {
        Node node = node(key);
        return node == null
                ? before
                : number(node, title(key), count -> change.apply(before, count)).orElse(before);
    }

    <T> Optional<T> number(Node node, String what, Function<Integer, T> reading) {
        if (!(node instanceof Scalar scalar) || scalar.type() != Scalar.Type.NUMBER) {
            problems.add(node.mark(), what + " is " + node.kind() + "; write a whole number");
            return Optional.empty();
        }
        int number;
        try {
            number = Integer.parseInt(scalar.text());
        } catch (NumberFormatException wrong) {
            problems.add(
                    node.mark(),
                    what + ": not a whole number of up to 2147483647, written in digits: " + scalar.text());
            return Optional.empty();
        }
        return attempt(scalar, what, number, reading);
    }

    /** What the reading makes of a scalar's text. */
    <T> Optional<T> read(Node node, String what, Function<String, T> reading) {
        if (!(node instanceof Scalar scalar)) {
            problems.add(node.mark(), what + " is " + node.kind() + "; write one value");
            return Optional.empty();
        }
        if (scalar.type() == Scalar.Type.NOTHING) {
            problems.add(node.mark(), what + " has no value; give one, or leave the key out");
            return Optional.empty();
        }
        if (scalar.text().indexOf('\0') >= 0) {
            problems.add(node.mark(), what + " has a NUL character in it; leave it out");
            return Optional.empty();
        }
        return attempt(scalar, what, scalar.text(), reading);
    }

    private <S, T> Optional<T> attempt(Scalar scalar, String what, S from, Function<S, T> reading) {
        try {
            return Optional.of(reading.apply(from));
        } catch (IllegalArgumentException | ServiceException wrong) {
            problems.add(scalar.mark(), what + ": " + wrong.getMessage());
            return Optional.empty();
        }
    }

    /** The texts of a list, or those that the reading makes of one text. */
    List<String> words(Node node, String what, Function<String, List<String>> split) {
        if (node instanceof Scalar) {
            return read(node, what, split).orElse(List.of());
        }
        if (!(node instanceof Sequence list)) {
            problems.add(node.mark(), what + " is " + node.kind() + "; write a list of words, or one line");
            return List.of();
        }
        List<String> words = new ArrayList<>();
        for (Node item : list.items()) {
            read(item, "a word of " + what, Function.identity()).ifPresent(words::add);
        }
        return words;
    }

    /** The entries of a map with free keys, each key once; none if the key is not there or no map. */
    List<Entry> entries(String key) {
        Node node = node(key);
        return node == null ? List.of() : entries(node, title(key), problems);
    }

    /** The entries of a map with free keys, each key once; none if it is no map, which is a problem. */
    static List<Entry> entries(Node node, String what, Problems problems) {
        if (!(node instanceof Mapping map)) {
            problems.add(node.mark(), what + " is " + node.kind() + "; write a map");
            return List.of();
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Entry entry : map.entries()) {
            if (entries.putIfAbsent(entry.key().text(), entry) != null) {
                problems.add(entry.key().mark(), entry.key().text() + " of " + what + " is there twice");
            }
        }
        return List.copyOf(entries.values());
    }
}
