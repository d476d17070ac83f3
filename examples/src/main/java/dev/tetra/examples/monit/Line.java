package dev.tetra.examples.monit;

import dev.tetra.examples.text.Width;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of the screen. <em>Immutable.</em>
 *
 * @param spans its parts, from left to right, without control characters
 * @param chosen whether it stands out as the one that the keys mean
 */
record Line(List<Span> spans, boolean chosen) {
    /** A line with nothing on it. */
    static final Line EMPTY = new Line(List.of(), false);

    Line {
        spans = List.copyOf(spans);
    }

    /** A text that looks the same all over. */
    record Span(String text, Ink ink) {}

    /** The characters. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Span span : spans) {
            text.append(span.text());
        }
        return text.toString();
    }

    /** A line of one part, cut to that many columns. */
    static Line of(String text, Ink ink, int columns) {
        return new Builder(columns).add(text, ink).build();
    }

    /** Collects a line that is never wider than told; what does not fit is cut. <em>For one thread at a time.</em> */
    static final class Builder {
        private final int columns;
        private final List<Span> spans = new ArrayList<>();
        private int width;

        Builder(int columns) {
            this.columns = columns;
        }

        /** The columns that are left. */
        int room() {
            return columns - width;
        }

        /** Adds a text, made harmless, or the part of it that fits. */
        Builder add(String text, Ink ink) {
            String fitting = Width.cutEnd(Harmless.text(text), room());
            if (!fitting.isEmpty()) {
                spans.add(new Span(fitting, ink));
                width += Width.of(fitting);
            }
            return this;
        }

        /** Adds blanks up to that column, if it is not there yet. */
        Builder padTo(int column) {
            int blanks = Math.min(column, columns) - width;
            return blanks > 0 ? add(" ".repeat(blanks), Ink.PLAIN) : this;
        }

        Line build() {
            return new Line(spans, false);
        }

        /** The line as the chosen one, as wide as the screen. */
        Line buildChosen() {
            padTo(columns);
            return new Line(spans, true);
        }
    }
}
