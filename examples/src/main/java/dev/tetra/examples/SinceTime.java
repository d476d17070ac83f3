package dev.tetra.examples;

import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.Amounts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

/** The moment that {@code --since} means. */
final class SinceTime {
    private SinceTime() {}

    /**
     * Reads {@code 10m} (so long ago), {@code 14:30} or {@code 14:30:05} (the last time it was that late), {@code
     * 2026-11-22}, {@code 2026-11-22T10:00} with seconds or without, here or with an offset ({@code Z}, {@code +01:00}).
     *
     * @param now the moment, and where {@code here} is
     * @throws UsageException if it is none of these
     */
    static Instant parse(String text, ZonedDateTime now) {
        String trimmed = text.trim();
        try {
            return moment(trimmed, now);
        } catch (DateTimeException | IllegalArgumentException none) {
            throw new UsageException("--since takes 10m, 2h (ago), 14:30, 2026-11-22 or 2026-11-22T10:00, not " + text);
        }
    }

    private static Instant moment(String text, ZonedDateTime now) {
        int colon = text.indexOf(':');
        int dash = text.indexOf('-');
        if (colon < 0 && dash < 0) {
            return now.toInstant().minus(Amounts.duration(text));
        }
        if (dash < 0 || (colon >= 0 && colon < dash)) {
            ZonedDateTime today = now.with(LocalTime.parse(padded(text)));
            return (today.isAfter(now) ? today.minusDays(1) : today).toInstant();
        }
        if (colon < 0) {
            return LocalDate.parse(text).atStartOfDay(now.getZone()).toInstant();
        }
        String whole = text.replace(' ', 'T');
        try {
            return LocalDateTime.parse(whole).atZone(now.getZone()).toInstant();
        } catch (DateTimeException withAnOffset) {
            return OffsetDateTime.parse(whole).toInstant();
        }
    }

    /** {@code 9:05} is {@code 09:05}. */
    private static String padded(String text) {
        return text.indexOf(':') == 1 ? "0" + text : text;
    }
}
