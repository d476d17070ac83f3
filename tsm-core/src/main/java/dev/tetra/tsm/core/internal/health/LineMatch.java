package dev.tetra.tsm.core.internal.health;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a pattern in lines, with a bound: a pattern that backtracks without end is given up after a number of steps, which,
 * unlike a time, is the same on a machine that is busy. <em>For one thread at a time.</em>
 */
final class LineMatch {
    /** Some 20 ms; a line of 64 KiB that is searched straight on takes 64 thousand. */
    private static final int STEPS = 4_000_000;

    private final Pattern pattern;
    private long stepsTaken;
    private long givenUp;

    LineMatch(String regex) {
        this.pattern = Pattern.compile(regex);
    }

    /** Whether the line has a match; false also when it could not be found within the bound. */
    boolean isIn(String line) {
        Steps text = new Steps(line, new int[] {STEPS});
        try {
            Matcher matcher = pattern.matcher(text);
            return matcher.find();
        } catch (TooMany | StackOverflowError beyondMeasure) {
            givenUp++;
            return false;
        } finally {
            stepsTaken += STEPS - Math.max(0, text.left[0]);
        }
    }

    /** How many steps all lines took. */
    long stepsTaken() {
        return stepsTaken;
    }

    /** How many lines were given up. */
    long givenUp() {
        return givenUp;
    }

    private static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final TooMany INSTANCE = new TooMany();

        private TooMany() {
            super("too many steps", null, false, false);
        }
    }

    /** A text that counts how often it is looked at. */
    private record Steps(String text, int[] left) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw TooMany.INSTANCE;
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Steps(text.substring(start, end), left);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
