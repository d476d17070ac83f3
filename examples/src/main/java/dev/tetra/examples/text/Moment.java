package dev.tetra.examples.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;

/** Moments as people write and read them. */
public final class Moment {
    private static final int LONGEST = 40;

    private Moment() {}

    /**
     * Reads a moment that is past: how long ago ({@code 90s 10m 2h 7d}), a time of day ({@code 14:30}, {@code 14:30:05}; of
     * yesterday where today's is still to come), a date ({@code 2026-11-22}), both ({@code 2026-11-22T14:30}, with a blank or
     * a {@code T}), or with an offset ({@code 2026-11-22T14:30:00Z}).
     *
     * @throws IllegalArgumentException in one sentence if it is none of these
     */
    public static Instant parse(String text, Instant now, ZoneId zone) {
        IllegalArgumentException wrong = new IllegalArgumentException(
                "not a moment: " + text + "; write 10m, 2h, 7d, 14:30, 2026-11-22 or 2026-11-22T14:30");
        if (text.isEmpty() || text.length() > LONGEST) {
            throw wrong;
        }
        try {
            char last = text.charAt(text.length() - 1);
            if (text.indexOf(':') < 0 && text.indexOf('-') < 0) {
                return now.minus(ago(text));
            }
            if (text.indexOf('-') < 0) {
                ZonedDateTime here = now.atZone(zone);
                Instant today = here.with(LocalTime.parse(text)).toInstant();
                return today.isAfter(now)
                        ? here.minusDays(1).with(LocalTime.parse(text)).toInstant()
                        : today;
            }
            String whole = text.replace(' ', 'T');
            int time = whole.indexOf('T');
            if (time < 0) {
                return LocalDate.parse(whole).atStartOfDay(zone).toInstant();
            }
            boolean offset = last == 'Z' || whole.indexOf('+', time) >= 0 || whole.indexOf('-', time) >= 0;
            return offset
                    ? ZonedDateTime.parse(whole).toInstant()
                    : LocalDateTime.parse(whole).atZone(zone).toInstant();
        } catch (DateTimeException | IllegalArgumentException unread) {
            wrong.addSuppressed(unread);
            throw wrong;
        }
    }

    private static Duration ago(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > 9) {
            throw new IllegalArgumentException(text);
        }
        long number = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m", "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> throw new IllegalArgumentException(text);
        };
    }

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
