package dev.tetra.examples.monit;

/**
 * How large a terminal is. <em>Immutable.</em>
 *
 * @param rows its lines, at least 1
 * @param columns the characters of each, at least 1
 */
record Size(int rows, int columns) {
    private static final int USUAL_ROWS = 24;
    private static final int USUAL_COLUMNS = 80;

    Size {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("a terminal of " + rows + " rows and " + columns + " columns");
        }
    }

    /** What a terminal says of itself; one that does not know, and says 0, is taken for a usual one. */
    static Size said(int rows, int columns) {
        return new Size(rows > 0 ? rows : USUAL_ROWS, columns > 0 ? columns : USUAL_COLUMNS);
    }
}
