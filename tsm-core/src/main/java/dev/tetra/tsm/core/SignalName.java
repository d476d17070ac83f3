package dev.tetra.tsm.core;

/** The names of Linux signals by number (signal(7), x86 and ARM). */
final class SignalName {
    /** The highest signal number. */
    static final int LAST = 64;

    private static final String[] NAMES = {
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private SignalName() {}

    /** {@code KILL} for 9; the number itself for the real-time signals. */
    static String of(int signal) {
        return signal >= 1 && signal < NAMES.length ? NAMES[signal] : Integer.toString(signal);
    }
}
