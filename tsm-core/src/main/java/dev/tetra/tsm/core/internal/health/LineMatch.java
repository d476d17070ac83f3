package dev.tetra.tsm.core.internal.health;

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
        Budget budget = new Budget();
        try {
            return pattern.matcher(new Counted(line, budget)).find();
        } catch (TooMany | StackOverflowError beyondMeasure) {
            givenUp++;
            return false;
        } finally {
            stepsTaken += STEPS - Math.max(0, budget.left);
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

    /** Costs nothing to make, since it has no stack trace. */
    private static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooMany() {
            super("too many steps", null, false, false);
        }
    }

    private static final class Budget {
        private int left = STEPS;

        void take() {
            if (--left < 0) {
                throw new TooMany();
            }
        }
    }

    /** A text that counts how often it is looked at. */
    private record Counted(String text, Budget budget) implements CharSequence {
        @Override
        public char charAt(int index) {
            budget.take();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.substring(start, end), budget);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
