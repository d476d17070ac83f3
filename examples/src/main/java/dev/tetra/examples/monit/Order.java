package dev.tetra.examples.monit;

import java.util.Comparator;
import java.util.List;

/** The column by which the services are sorted: words and ids upwards, amounts downwards, equal ones by name. */
enum Order {
    ID,
    NAME,
    STATUS,
    PID,
    PORT,
    CPU,
    MEMORY,
    UPTIME,
    RESTARTS;

    private static final Comparator<Row> BY_NAME = Comparator.comparing(Row::name);

    /** The next column; the first one after the last. */
    Order next() {
        List<Order> all = List.of(values());
        return all.get((all.indexOf(this) + 1) % all.size());
    }

    /** Whether the largest come first. */
    boolean isDown() {
        return this == CPU || this == MEMORY || this == UPTIME || this == RESTARTS;
    }

    /** That order; services that have nothing in the column come last. */
    Comparator<Row> comparator() {
        Comparator<Row> first = switch (this) {
            case ID -> Comparator.comparingInt(row -> row.id().orElse(Integer.MAX_VALUE));
            case NAME -> BY_NAME;
            case STATUS -> Comparator.comparing(Row::statusText);
            case PID -> Comparator.comparingLong(row -> row.pid().orElse(Long.MAX_VALUE));
            case PORT -> Comparator.comparingInt(row -> number(row.port()));
            case CPU -> Comparator.comparingInt(row -> -row.cpu().orElse(-1));
            case MEMORY -> Comparator.comparingLong(row -> -row.memory().orElse(-1));
            case UPTIME -> Comparator.comparingLong(row -> -row.uptime().orElse(-1));
            case RESTARTS -> Comparator.comparingInt(row -> -row.restarts());
        };
        return first.thenComparing(BY_NAME);
    }

    private static int number(String port) {
        boolean digits = !port.isEmpty() && Character.isDigit(port.charAt(0));
        return digits ? Integer.parseInt(port) : Integer.MAX_VALUE;
    }
}
