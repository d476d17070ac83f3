package dev.tetra.examples.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;

/** Moments as people read them. */
public final class Moment {
    private Moment() {}

    /** Date and time of day to the millisecond: {@code 2026-11-22 14:30:05.007}. */
    public static String local(Instant time, ZoneId zone) {
        ZonedDateTime local = time.atZone(zone);
        StringBuilder text = new StringBuilder(23).append(local.toLocalDate()).append(' ');
        two(text, local.getHour()).append(':');
        two(text, local.getMinute()).append(':');
        two(text, local.getSecond()).append('.');
        int millis = local.get(ChronoField.MILLI_OF_SECOND);
        return text.append(millis < 100 ? "0" : "")
                .append(millis < 10 ? "0" : "")
                .append(millis)
                .toString();
    }

    /** Time of day to the second, with the date where it is another day than now. */
    public static String near(Instant time, Instant now, ZoneId zone) {
        ZonedDateTime local = time.atZone(zone);
        StringBuilder text = new StringBuilder(19);
        if (!local.toLocalDate().equals(now.atZone(zone).toLocalDate())) {
            text.append(local.toLocalDate()).append(' ');
        }
        two(text, local.getHour()).append(':');
        two(text, local.getMinute()).append(':');
        return two(text, local.getSecond()).toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append(number < 10 ? "0" : "").append(number);
    }
}
