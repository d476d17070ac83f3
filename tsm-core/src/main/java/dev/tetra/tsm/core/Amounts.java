package dev.tetra.tsm.core;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Times and sizes as people write them: {@code 300ms}, {@code 2s}, {@code 1.5h}, {@code 10MB}. */
public final class Amounts {
    /** No time is longer: a year. */
    public static final Duration LONGEST = Duration.ofDays(365);

    private static final String[] TIME_UNITS = {"ms", "s", "m", "min", "h", "d"};
    private static final long[] TIME_MILLIS = {1, 1000, 60_000, 60_000, 3_600_000, 86_400_000};
    private static final String[] SIZE_UNITS = {"", "B", "K", "KB", "KIB", "M", "MB", "MIB", "G", "GB", "GIB"};
    private static final int[] SIZE_SHIFT = {0, 0, 10, 10, 10, 20, 20, 20, 30, 30, 30};

    private Amounts() {}

    /**
     * A time with its unit, {@code ms s m min h d}; to the millisecond, up to {@link #LONGEST}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Duration duration(String text) {
        for (int i = 0; i < TIME_UNITS.length; i++) {
            BigDecimal amount = amount(text, TIME_UNITS[i]);
            if (amount != null) {
                BigDecimal millis = amount.multiply(BigDecimal.valueOf(TIME_MILLIS[i]));
                if (millis.compareTo(BigDecimal.valueOf(LONGEST.toMillis())) <= 0) {
                    return Duration.ofMillis(millis.longValue());
                }
            }
        }
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        throw new IllegalArgumentException("not a time: " + text + "; write 500ms, 2s, 5m, 1h or 7d, a year at most");
    }

    /**
     * A size in bytes, with {@code K}, {@code M} or {@code G} for powers of 1024, {@code B} after it or not.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static long bytes(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        for (int i = 0; i < SIZE_UNITS.length; i++) {
            BigDecimal amount = amount(upper, SIZE_UNITS[i]);
            if (amount != null) {
                BigDecimal bytes = amount.multiply(BigDecimal.valueOf(1L << SIZE_SHIFT[i]));
                if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                    return bytes.longValue();
                }
            }
        }
        throw new IllegalArgumentException("not a size: " + text + "; write 500K, 10MB or 1G");
    }

    private static @org.jspecify.annotations.Nullable BigDecimal amount(String text, String unit) {
        int digits = text.length() - unit.length();
        if (digits < 1 || digits > 18 || !text.endsWith(unit)) {
            return null;
        }
        boolean point = false;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (c == '.' && !point && i > 0 && i < digits - 1) {
                point = true;
            } else if (c < '0' || c > '9') {
                return null;
            }
        }
        return new BigDecimal(text.substring(0, digits));
    }

    /** A time in its largest whole unit, as {@link #duration} reads it. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        for (int i = TIME_UNITS.length - 1; i > 0; i--) {
            if (millis != 0 && millis % TIME_MILLIS[i] == 0 && !TIME_UNITS[i].equals("min")) {
                return millis / TIME_MILLIS[i] + TIME_UNITS[i];
            }
        }
        return millis + "ms";
    }

    /** A size in its largest whole unit, as {@link #bytes} reads it. */
    public static String text(long bytes) {
        String[] units = {"G", "M", "K"};
        for (int i = 0; i < units.length; i++) {
            int shift = 30 - 10 * i;
            if (bytes != 0 && (bytes & ((1L << shift) - 1)) == 0) {
                return (bytes >> shift) + units[i];
            }
        }
        return bytes + "B";
    }
}
