package dev.tetra.tsm.core;

import java.util.Locale;
import java.util.Optional;

/**
 * A signal of Linux (signal(7), numbers of x86 and ARM). <em>Immutable.</em>
 *
 * @param number 1 to 64
 */
public record UnixSignal(int number) {
    /** The highest signal number. */
    public static final int LAST = 64;

    /** Asks to end. */
    public static final UnixSignal TERM = new UnixSignal(15);

    /** Ends; cannot be caught. */
    public static final UnixSignal KILL = new UnixSignal(9);

    /** By convention: read the configuration again. */
    public static final UnixSignal HUP = new UnixSignal(1);

    private static final String[] NAMES = {
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    /** Two of the 34 real-time signals are the C library's own (nptl(7)). */
    private static final int RTMIN = 34;

    public UnixSignal {
        if (number < 1 || number > LAST) {
            throw new IllegalArgumentException("no signal has the number " + number + "; they are 1 to " + LAST);
        }
    }

    /**
     * A signal by name, with or without {@code SIG} and in any case, or by number: {@code HUP}, {@code sigusr1},
     * {@code 15}, {@code RTMIN+2}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static UnixSignal parse(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        for (int number = 1; number < NAMES.length; number++) {
            if (NAMES[number].equals(name)) {
                return new UnixSignal(number);
            }
        }
        int base = name.startsWith("RTMIN") ? RTMIN : name.startsWith("RTMAX") ? LAST : 0;
        String offset = base == 0 ? name : name.substring(5);
        boolean signed = offset.startsWith("+") || offset.startsWith("-");
        if (isShortNumber(signed ? offset.substring(1) : offset) && (base == 0 ? !signed : signed)) {
            return new UnixSignal(base + Integer.parseInt(offset));
        }
        if (base != 0 && offset.isEmpty()) {
            return new UnixSignal(base);
        }
        throw new IllegalArgumentException("no signal is called " + text
                + "; there are TERM, HUP, INT, QUIT, USR1, USR2, KILL, … and the numbers 1 to " + LAST);
    }

    private static boolean isShortNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 3;
    }

    /** {@code KILL} for 9; the number itself for the real-time signals. What {@link #parse} reads. */
    public String name() {
        return number < NAMES.length ? NAMES[number] : Integer.toString(number);
    }

    /** What it is for, where the guide's table of signals says so. */
    public Optional<String> purpose() {
        return switch (number) {
            case 1 -> Optional.of("reload configuration");
            case 2 -> Optional.of("interrupt (Ctrl+C)");
            case 9 -> Optional.of("force kill (untrappable)");
            case 10 -> Optional.of("user-defined signal 1");
            case 12 -> Optional.of("user-defined signal 2");
            case 15 -> Optional.of("graceful shutdown request");
            case 17 -> Optional.of("child process status change");
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
