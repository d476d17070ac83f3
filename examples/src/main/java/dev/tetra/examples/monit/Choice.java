package dev.tetra.examples.monit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which services are listed, in which order, and which of them is meant. The chosen one stays chosen by its name, wherever it
 * goes; when it is gone, whoever has its place is. <em>Immutable.</em>
 *
 * @param order how they are sorted
 * @param filter what their names contain, in any case; empty for all
 * @param name the chosen one; empty while none is listed
 * @param index its place among the listed; 0 while none is
 */
record Choice(Order order, String filter, Optional<String> name, int index) {
    /** All, by id, and the first. */
    static final Choice FIRST = new Choice(Order.ID, "", Optional.empty(), 0);

    /** Of these, the services that are listed, in order. */
    List<Row> listed(List<Row> rows) {
        String wanted = filter.toLowerCase(Locale.ROOT);
        List<Row> listed = new ArrayList<>();
        for (Row row : rows) {
            if (row.name().toLowerCase(Locale.ROOT).contains(wanted)) {
                listed.add(row);
            }
        }
        listed.sort(order.comparator());
        return listed;
    }

    /** The chosen one of these. */
    Optional<Row> row(List<Row> rows) {
        for (Row row : rows) {
            if (name.isPresent() && row.name().equals(name.get())) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    /** The choice when these are the services. */
    Choice among(List<Row> rows) {
        List<Row> listed = listed(rows);
        for (int i = 0; i < listed.size(); i++) {
            if (name.isPresent() && listed.get(i).name().equals(name.get())) {
                return new Choice(order, filter, name, i);
            }
        }
        return at(index, listed);
    }

    /** That many places further down, or up, as far as there are services. */
    Choice moved(int places, List<Row> rows) {
        return at(index + places, listed(rows));
    }

    /** The first, or the last. */
    Choice end(boolean last, List<Row> rows) {
        return at(last ? Integer.MAX_VALUE : 0, listed(rows));
    }

    /** Sorted by the next column. */
    Choice reordered(List<Row> rows) {
        return new Choice(order.next(), filter, name, index).among(rows);
    }

    /** Only the services whose names contain that. */
    Choice filtered(String text, List<Row> rows) {
        return new Choice(order, text, name, index).among(rows);
    }

    private Choice at(int place, List<Row> listed) {
        int there = Math.max(0, Math.min(place, listed.size() - 1));
        return new Choice(
                order,
                filter,
                listed.isEmpty()
                        ? Optional.empty()
                        : Optional.of(listed.get(there).name()),
                there);
    }
}
