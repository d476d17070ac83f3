package dev.tetra.tsm.ipc.internal;

import java.io.IOException;

/** A call of the C library that failed. */
public final class NativeException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * @param call its name
     * @param errno why, as errno(3) has it
     * @param text the same in words
     */
    public NativeException(String call, int errno, String text) {
        super(call + ": " + text + " (errno " + errno + ")");
        this.errno = errno;
    }

    /** Why, as errno(3) has it. */
    public int errno() {
        return errno;
    }
}
