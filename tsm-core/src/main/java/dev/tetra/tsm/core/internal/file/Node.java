package dev.tetra.tsm.core.internal.file;

import java.util.List;

/** One value of a YAML or JSON file, with the place where it begins. <em>Immutable.</em> */
sealed interface Node {
    /** How deep values may lie in each other; no service file needs ten. */
    int MAX_DEPTH = 32;

    /** Where it begins. */
    Mark mark();

    /** What it is, for a message. */
    String kind();

    /**
     * A place in a text.
     *
     * @param line from 1 on
     * @param column from 1 on
     */
    record Mark(int line, int column) implements Comparable<Mark> {
        static final Mark BEGIN = new Mark(1, 1);

        /** What is wrong with the file as a whole. */
        static final Mark NOWHERE = new Mark(0, 0);

        /** The place of an offset in a text. */
        static Mark at(String text, int offset) {
            int line = 1;
            int begin = 0;
            for (int i = 0; i < offset; i++) {
                if (text.charAt(i) == '\n') {
                    line++;
                    begin = i + 1;
                }
            }
            return new Mark(line, text.codePointCount(begin, offset) + 1);
        }

        @Override
        public int compareTo(Mark other) {
            return line == other.line ? Integer.compare(column, other.column) : Integer.compare(line, other.line);
        }

        @Override
        public String toString() {
            return line + ":" + column;
        }
    }

    /**
     * Text, a number, a truth value or nothing.
     *
     * @param text as it is written, without quotes and escapes
     */
    record Scalar(Mark mark, String text, Type type) implements Node {
        enum Type {
            TEXT("text"),
            NUMBER("a number"),
            BOOLEAN("true or false"),
            NOTHING("nothing");

            private final String noun;

            Type(String noun) {
                this.noun = noun;
            }
        }

        @Override
        public String kind() {
            return type.noun;
        }
    }

    /** A list. */
    record Sequence(Mark mark, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A map in the order of the file; what is there twice is still there twice. */
    record Mapping(Mark mark, List<Entry> entries) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a map";
        }
    }

    /** A key and its value. */
    record Entry(Scalar key, Node value) {}
}
