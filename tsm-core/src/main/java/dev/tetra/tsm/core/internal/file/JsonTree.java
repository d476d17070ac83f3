package dev.tetra.tsm.core.internal.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.internal.file.Node.Entry;
import dev.tetra.tsm.core.internal.file.Node.Mapping;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import dev.tetra.tsm.core.internal.file.Node.Scalar;
import dev.tetra.tsm.core.internal.file.Node.Sequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The value that a JSON text is (RFC 8259). */
final class JsonTree {
    private final Problems problems;
    private final JsonParser parser;

    private JsonTree(Problems problems, JsonParser parser) {
        this.problems = problems;
        this.parser = parser;
    }

    /**
     * The only value of the text.
     *
     * @throws ServiceException with line and column, if it is not well formed
     */
    static Node read(String text, Problems problems) {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            JsonTree tree = new JsonTree(problems, parser);
            Node root = tree.node(0);
            if (parser.nextToken() != null) {
                throw problems.fatal(tree.mark(), "more text after the end of the value");
            }
            return root;
        } catch (JsonProcessingException wrong) {
            JsonLocation place = wrong.getLocation();
            throw problems.fatal(
                    place == null ? Mark.BEGIN : mark(place), "not JSON: " + brief(wrong.getOriginalMessage()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Without the library's own account of the place. */
    private static String brief(String message) {
        int place = message.indexOf(" (start marker at");
        return place < 0 ? message : message.substring(0, place);
    }

    private Node node(int depth) throws IOException {
        Mark mark = mark();
        if (depth > Node.MAX_DEPTH) {
            throw problems.fatal(mark, "more than " + Node.MAX_DEPTH + " levels deep");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            List<Entry> entries = new ArrayList<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Scalar key = new Scalar(mark(), parser.currentName(), Scalar.Type.TEXT);
                parser.nextToken();
                entries.add(new Entry(key, node(depth + 1)));
            }
            return new Mapping(mark, entries);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Node> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(node(depth + 1));
            }
            return new Sequence(mark, items);
        }
        return new Scalar(mark, parser.getText(), type(token));
    }

    private static Scalar.Type type(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> Scalar.Type.TEXT;
            case VALUE_TRUE, VALUE_FALSE -> Scalar.Type.BOOLEAN;
            case VALUE_NULL -> Scalar.Type.NOTHING;
            default -> Scalar.Type.NUMBER;
        };
    }

    private Mark mark() {
        return mark(parser.currentTokenLocation());
    }

    private static Mark mark(JsonLocation place) {
        return new Mark(Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr()));
    }
}
