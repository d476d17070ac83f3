package dev.tetra.examples.text;

import java.time.Duration;

/** Durations and sizes as people say them. */
public final class Words {
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3600;
    private static final int SECONDS_PER_DAY = 86_400;

    private Words() {}

    /** How long something takes or took, in its two largest units: {@code 12s}, {@code 5m 3s}, {@code 2d 4h}. */
    public static String seconds(long seconds) {
        if (seconds < SECONDS_PER_MINUTE) {
            return Math.max(0, seconds) + "s";
        }
        if (seconds < SECONDS_PER_HOUR) {
            return seconds / SECONDS_PER_MINUTE + "m " + seconds % SECONDS_PER_MINUTE + "s";
        }
        if (seconds < SECONDS_PER_DAY) {
            return seconds / SECONDS_PER_HOUR + "h " + seconds % SECONDS_PER_HOUR / SECONDS_PER_MINUTE + "m";
        }
        return seconds / SECONDS_PER_DAY + "d " + seconds % SECONDS_PER_DAY / SECONDS_PER_HOUR + "h";
    }

    /** The text without what would steer a terminal: control characters are shown as marks. */
    public static String printable(String text) {
        return Width.printable(text);
    }

    /** Processor time: {@code 0.31s} below a minute, else as {@link #seconds}. */
    public static String cpu(Duration duration) {
        long hundredths = duration.toMillis() / 10;
        if (hundredths >= SECONDS_PER_MINUTE * 100L) {
            return seconds(duration.toSeconds());
        }
        long rest = hundredths % 100;
        return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest + "s";
    }

    /** A share of a processor with one digit after the point: {@code 3.1%}; 200% is two processors. */
    public static String percent(double percent) {
        long tenths = Math.round(percent * 10);
        return tenths / 10 + "." + tenths % 10 + "%";
    }

    /** A size in powers of 1000: {@code 512 B}, {@code 23.4 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        String units = "kMGTPE";
        int unit = 0;
        long tenths = bytes / 100;
        while (tenths >= 10_000 && unit < units.length() - 1) {
            tenths /= 1000;
            unit++;
        }
        return tenths / 10 + "." + tenths % 10 + " " + units.charAt(unit) + "B";
    }
}
