package dev.tetra.examples.text;

import dev.tetra.examples.text.Style.Paint;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows with aligned columns, narrowed to the terminal where there is one. <em>For one thread at a time.</em>
 */
public final class Table {
    private static final int GAP = 2;
    private static final int NARROWEST = 6;

    /** How the cells of a column stand, and what may be taken from them when the terminal is too narrow. */
    public enum Column {
        /** On the left, never cut. */
        LEFT,
        /** On the right, never cut: numbers. */
        RIGHT,
        /** On the left, cut at the end: sentences. */
        CUT_END,
        /** On the left, cut in the middle: paths and names. */
        CUT_MIDDLE
    }

    private final Column[] columns;
    private final List<String[]> rows = new ArrayList<>();
    private final List<Paint[]> paints = new ArrayList<>();

    /** A table of these columns. */
    public Table(Column... columns) {
        this.columns = columns.clone();
    }

    /** Adds the titles. */
    public void header(String... cells) {
        row(cells);
        for (int i = 0; i < columns.length; i++) {
            paint(i, Paint.BOLD);
        }
    }

    /** Adds a row of as many cells as there are columns. */
    public void row(String... cells) {
        if (cells.length != columns.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.length + " columns");
        }
        String[] row = new String[cells.length];
        Paint[] paint = new Paint[cells.length];
        for (int i = 0; i < cells.length; i++) {
            row[i] = Width.printable(cells[i]);
            paint[i] = Paint.NONE;
        }
        rows.add(row);
        paints.add(paint);
    }

    /** Colours a cell of the row that was added last. */
    public void paint(int column, Paint paint) {
        paints.get(paints.size() - 1)[column] = paint;
    }

    /**
     * Appends the table's lines.
     *
     * @param terminal the terminal's width; 0 for none, and then nothing is cut
     */
    public void appendTo(StringBuilder text, Style style, int terminal) {
        int[] widths = widths(terminal);
        for (int r = 0; r < rows.size(); r++) {
            appendRow(text, rows.get(r), paints.get(r), widths, style, terminal);
        }
    }

    private void appendRow(StringBuilder text, String[] row, Paint[] paint, int[] widths, Style style, int terminal) {
        int written = 0;
        int start = 0;
        for (int i = 0; i < row.length && (terminal == 0 || start < terminal); i++) {
            String cell = cut(row[i], columns[i], widths[i]);
            int width = Width.of(cell);
            int from = columns[i] == Column.RIGHT ? start + widths[i] - width : start;
            if (terminal > 0 && from + width > terminal) {
                cell = Width.cutEnd(cell, terminal - from);
                width = Width.of(cell);
            }
            if (!cell.isEmpty()) {
                appendSpaces(text, from - written);
                text.append(style.paint(paint[i], cell));
                written = from + width;
            }
            start += widths[i] + GAP;
        }
        text.append('\n');
    }

    private static void appendSpaces(StringBuilder text, int count) {
        for (int i = 0; i < count; i++) {
            text.append(' ');
        }
    }

    private static String cut(String cell, Column column, int width) {
        return switch (column) {
            case CUT_END -> Width.cutEnd(cell, width);
            case CUT_MIDDLE -> Width.cutMiddle(cell, width);
            case LEFT, RIGHT -> cell;
        };
    }

    /** What each column gets: its widest cell, and less for the widest that may be cut until all fit. */
    private int[] widths(int terminal) {
        int[] widths = new int[columns.length];
        int total = GAP * (columns.length - 1);
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], Width.of(row[i]));
            }
        }
        for (int width : widths) {
            total += width;
        }
        while (terminal > 0 && total > terminal) {
            int widest = widestToCut(widths);
            if (widest < 0) {
                break;
            }
            widths[widest]--;
            total--;
        }
        return widths;
    }

    private int widestToCut(int[] widths) {
        int widest = -1;
        for (int i = 0; i < columns.length; i++) {
            boolean cuttable = columns[i] == Column.CUT_END || columns[i] == Column.CUT_MIDDLE;
            if (cuttable && widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }
}
