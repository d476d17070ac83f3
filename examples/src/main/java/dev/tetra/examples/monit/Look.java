package dev.tetra.examples.monit;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything that was seen at one moment. <em>Immutable.</em>
 *
 * @param directory the runtime directory
 * @param owner the process that watches it, if one does
 * @param rows the services, by id; those that cannot be read last
 * @param problem one sentence when the directory could not be read; the rows are the last that could
 * @param time the time of day here
 * @param seconds when that was, on a clock that only goes forward
 */
record Look(
        String directory,
        OptionalLong owner,
        List<Row> rows,
        Optional<String> problem,
        LocalDateTime time,
        long seconds) {
    Look {
        rows = List.copyOf(rows);
    }

    /** Before the first look. */
    static Look none(String directory) {
        return new Look(directory, OptionalLong.empty(), List.of(), Optional.empty(), LocalDateTime.MIN, 0);
    }

    /** Whether anything was seen yet. */
    boolean isThere() {
        return !time.equals(LocalDateTime.MIN);
    }
}
