package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.internal.file.Node.Entry;
import dev.tetra.tsm.core.internal.file.Node.Mapping;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import dev.tetra.tsm.core.internal.file.Node.Scalar;
import dev.tetra.tsm.core.internal.file.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The value that a YAML text is, from the library's events: nothing is constructed, no tag is obeyed. Aliases stand for what
 * they name, and {@code <<} takes over the keys of another map; what they come to is bounded. Scalars are told apart as in the
 * core schema of YAML 1.2.2, section 10.3.
 */
final class YamlTree {
    /** The most characters and values of a text with each alias written out. */
    static final int LIMIT = 4 << 20;

    private static final String MERGE = "<<";

    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private long size;

    private record Anchored(Node node, long size) {}

    private YamlTree(String text, Problems problems) {
        this.problems = problems;
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(text.length() + 1).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * The only document of the text.
     *
     * @throws ServiceException with line and column, if there is none or it is not well formed
     */
    static Node read(String text, Problems problems) {
        try {
            return new YamlTree(text, problems).document();
        } catch (MarkedYamlEngineException wrong) {
            Mark mark = wrong.getProblemMark().map(YamlTree::mark).orElse(Mark.BEGIN);
            throw problems.fatal(mark, "not YAML: " + explained(wrong));
        } catch (ReaderException wrong) {
            int offset =
                    text.offsetByCodePoints(0, Math.min(wrong.getPosition(), text.codePointCount(0, text.length())));
            throw problems.fatal(
                    Mark.at(text, offset),
                    "not YAML: a character that it cannot have (code " + wrong.getCodePoint()
                            + "); in double quotes write it as an escape");
        } catch (YamlEngineException wrong) {
            throw problems.fatal(Mark.BEGIN, "not YAML: " + wrong.getMessage());
        }
    }

    private static String explained(MarkedYamlEngineException wrong) {
        String problem = String.valueOf(wrong.getProblem());
        if (problem.contains("TAB")) {
            return "a TAB where blanks are wanted; indent with blanks";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "a key cannot stand here; look at the indentation, and put a value with ': ' in it into quotes";
        }
        if (problem.startsWith("expected <block end>")) {
            return "this does not go on with what is above it; look at the indentation";
        }
        if (problem.contains("cannot start any token")) {
            return "a value cannot begin with this character; put it into quotes";
        }
        String context = wrong.getContext() == null ? "" : " " + wrong.getContext();
        return problem.replace("<stream end>", "the end of the file") + context;
    }

    private Node document() {
        Event event = events.next();
        while (event instanceof StreamStartEvent || event instanceof DocumentStartEvent) {
            event = events.next();
        }
        if (!(event instanceof NodeEvent)) {
            throw problems.fatal(Mark.BEGIN, "nothing is in it; write services: and below it one name for each");
        }
        Node root = node(event, 0);
        event = events.next();
        while (event instanceof DocumentEndEvent) {
            event = events.next();
        }
        if (event instanceof DocumentStartEvent) {
            throw problems.fatal(mark(event), "a second document; put all services into the first");
        }
        return root;
    }

    private Node node(Event event, int depth) {
        Mark mark = mark(event);
        if (depth > Node.MAX_DEPTH) {
            throw problems.fatal(mark, "more than " + Node.MAX_DEPTH + " levels deep");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias, mark);
        }
        long before = size;
        count(1, mark);
        Node node;
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), mark);
            count(scalar.getValue().length(), mark);
            node = new Scalar(mark, scalar.getValue(), type(scalar));
        } else {
            refuseTag(((CollectionStartEvent) event).getTag(), mark);
            node = event instanceof MappingStartEvent ? mapping(mark, depth) : sequence(mark, depth);
        }
        Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
        if (anchor.isPresent()) {
            anchors.put(anchor.get().getValue(), new Anchored(node, size - before));
        }
        return node;
    }

    private Node aliased(AliasEvent alias, Mark mark) {
        String name = alias.getAlias().getValue();
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            throw problems.fatal(mark, "no anchor &" + name + " ends before this alias");
        }
        count(anchored.size(), mark);
        return anchored.node();
    }

    private void count(long more, Mark mark) {
        size += more;
        if (size > LIMIT) {
            throw problems.fatal(mark, "its aliases written out, the file comes to more than 4 MiB");
        }
    }

    private void refuseTag(Optional<String> tag, Mark mark) {
        if (tag.isPresent()) {
            throw problems.fatal(mark, "a tag (" + tag.get() + "), which no value here needs; leave it out");
        }
    }

    private Sequence sequence(Mark mark, int depth) {
        List<Node> items = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return new Sequence(mark, items);
    }

    private Mapping mapping(Mark mark, int depth) {
        List<Entry> own = new ArrayList<>();
        List<Mapping> merged = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            if (!(node(event, depth + 1) instanceof Scalar key)) {
                throw problems.fatal(mark(event), "a list or a map as a key; a key is text");
            }
            Node value = node(events.next(), depth + 1);
            boolean merges = key.text().equals(MERGE) && event instanceof ScalarEvent scalar && scalar.isPlain();
            if (merges) {
                addMerged(key.mark(), value, merged);
            } else {
                own.add(new Entry(key, value));
            }
        }
        return merged.isEmpty() ? new Mapping(mark, own) : merged(mark, own, merged);
    }

    private void addMerged(Mark mark, Node value, List<Mapping> merged) {
        for (Node one : value instanceof Sequence several ? several.items() : List.of(value)) {
            if (!(one instanceof Mapping map)) {
                throw problems.fatal(mark, "<< takes over the keys of a map, and this is " + one.kind());
            }
            merged.add(map);
        }
    }

    /** The map's own keys, then those of the merged maps that are not there yet. */
    private static Mapping merged(Mark mark, List<Entry> own, List<Mapping> merged) {
        List<Entry> entries = new ArrayList<>(own);
        Set<String> known = new HashSet<>();
        for (Entry entry : own) {
            known.add(entry.key().text());
        }
        for (Mapping map : merged) {
            for (Entry entry : map.entries()) {
                if (known.add(entry.key().text())) {
                    entries.add(entry);
                }
            }
        }
        return new Mapping(mark, entries);
    }

    private static Scalar.Type type(ScalarEvent scalar) {
        return scalar.isPlain() ? plainType(scalar.getValue()) : Scalar.Type.TEXT;
    }

    /** What a plain scalar of that text is in the core schema. */
    static Scalar.Type plainType(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> Scalar.Type.NOTHING;
            case "true", "True", "TRUE", "false", "False", "FALSE" -> Scalar.Type.BOOLEAN;
            default -> isNumber(text) ? Scalar.Type.NUMBER : Scalar.Type.TEXT;
        };
    }

    private static boolean isNumber(String text) {
        String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (digits.startsWith("0x") || digits.startsWith("0o")) {
            return digits.length() == text.length() && digits.length() > 2;
        }
        boolean digit = false;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            digit |= isDigit;
            boolean afterE = i > 0 && (digits.charAt(i - 1) == 'e' || digits.charAt(i - 1) == 'E');
            if (!isDigit && c != '.' && !((c == 'e' || c == 'E') && digit) && !((c == '-' || c == '+') && afterE)) {
                return false;
            }
        }
        return digit || digits.equals(".inf") || digits.equals(".nan");
    }

    private static Mark mark(Event event) {
        return event.getStartMark().map(YamlTree::mark).orElse(Mark.BEGIN);
    }

    private static Mark mark(org.snakeyaml.engine.v2.exceptions.Mark mark) {
        return new Mark(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
