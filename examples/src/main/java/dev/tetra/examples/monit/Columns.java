package dev.tetra.examples.monit;

import dev.tetra.examples.text.Width;
import dev.tetra.examples.text.Words;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of the table that fit the screen. Amounts have a fixed width, so that the table stands still while they change.
 * <em>Immutable.</em>
 */
final class Columns {
    private static final int GAP = 2;
    private static final int NAME_ENOUGH = 12;
    private static final int LEAST_NOTE = 12;

    /** In the order of the screen. */
    private enum Column {
        ID("ID", Order.ID, 2, true),
        NAME("NAME", Order.NAME, 4, false),
        STATUS("STATUS", Order.STATUS, 8, false),
        PID("PID", Order.PID, 7, true),
        PORT("PORT", Order.PORT, 5, true),
        CPU("CPU", Order.CPU, 5, true),
        MEMORY("MEMORY", Order.MEMORY, 8, true),
        UPTIME("UPTIME", Order.UPTIME, 7, true),
        RESTARTS("RST", Order.RESTARTS, 4, true);

        private final String title;
        private final Order order;
        private final int least;
        private final boolean right;

        Column(String title, Order order, int least, boolean right) {
            this.title = title;
            this.order = order;
            this.least = least;
            this.right = right;
        }

        String cell(Row row) {
            return switch (this) {
                case ID -> row.id().isPresent() ? Integer.toString(row.id().getAsInt()) : "-";
                case NAME -> Harmless.text(row.name());
                case STATUS -> row.statusText();
                case PID -> row.pid().isPresent() ? Long.toString(row.pid().getAsLong()) : "-";
                case PORT -> row.port();
                case CPU -> row.cpu().isPresent() ? row.cpu().getAsInt() + "%" : "-";
                case MEMORY ->
                    row.memory().isPresent() ? Words.bytes(row.memory().getAsLong()) : "-";
                case UPTIME ->
                    row.uptime().isPresent() ? Words.seconds(row.uptime().getAsLong()) : "-";
                case RESTARTS -> Integer.toString(row.restarts());
            };
        }
    }

    /** Which columns a narrow screen has first; name and status are always there. */
    private static final List<Column> BY_NEED =
            List.of(Column.CPU, Column.ID, Column.PORT, Column.MEMORY, Column.UPTIME, Column.PID, Column.RESTARTS);

    private final Map<Column, Integer> widths = new EnumMap<>(Column.class);
    private final Order order;
    private final int terminal;
    private final boolean notes;

    private Columns(List<Row> rows, Order order, int terminal) {
        this.order = order;
        this.terminal = terminal;
        int wanted = widest(Column.NAME, rows);
        int name = Math.min(wanted, NAME_ENOUGH);
        int status = widest(Column.STATUS, rows);
        int used = name + GAP + status;
        widths.put(Column.STATUS, status);
        for (Column column : BY_NEED) {
            int width = widest(column, rows);
            if (used + GAP + width <= terminal) {
                used += GAP + width;
                widths.put(column, width);
            }
        }
        int free = Math.max(0, terminal - used);
        int more = Math.min(wanted - name, free);
        this.notes = free - more >= GAP + LEAST_NOTE;
        widths.put(Column.NAME, name + more);
    }

    /** The columns for these rows. */
    static Columns of(List<Row> rows, Order order, int terminal) {
        return new Columns(rows, order, terminal);
    }

    private static int widest(Column column, List<Row> rows) {
        int widest = Math.max(column.least, column.title.length() + 1);
        for (Row row : rows) {
            widest = Math.max(widest, Width.of(column.cell(row)));
        }
        return widest;
    }

    /** Whether there is room for what is to be said of each service. */
    boolean hasNotes() {
        return notes;
    }

    /** The titles; the one that the table is sorted by says so. */
    Line titles() {
        Line.Builder line = new Line.Builder(terminal);
        for (Column column : shown()) {
            String arrow = column.order != order ? "" : order.isDown() ? "▾" : "▴";
            cell(line, column, column.title + arrow, arrow.isEmpty() ? Ink.DIM : Ink.BOLD);
        }
        return notes ? line.add("NOTE", Ink.DIM).build() : line.build();
    }

    /** The line of a service. */
    Line line(Row row, boolean chosen) {
        Line.Builder line = new Line.Builder(terminal);
        for (Column column : shown()) {
            String cell = column.cell(row);
            Ink ink = column == Column.STATUS ? row.statusInk() : ink(column, row);
            cell(
                    line,
                    column,
                    column == Column.NAME ? Width.cutMiddle(cell, widths.getOrDefault(column, 0)) : cell,
                    ink);
        }
        if (notes) {
            line.add(row.note(), row.isActive() ? Ink.PLAIN : Ink.DIM);
        }
        return chosen ? line.buildChosen() : line.build();
    }

    private static Ink ink(Column column, Row row) {
        boolean lively = row.isActive() || column == Column.NAME;
        return lively ? Ink.PLAIN : Ink.DIM;
    }

    private List<Column> shown() {
        List<Column> shown = new ArrayList<>();
        for (Column column : Column.values()) {
            if (widths.containsKey(column)) {
                shown.add(column);
            }
        }
        return shown;
    }

    private void cell(Line.Builder line, Column column, String text, Ink ink) {
        int width = widths.getOrDefault(column, 0);
        int start = terminal - line.room();
        line.padTo(column.right ? start + width - Width.of(text) : start)
                .add(text, ink)
                .padTo(start + width + GAP);
    }
}
