package dev.tetra.tsm.ipc.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that the C library can reach. */
public final class NativeMemory {
    private NativeMemory() {}

    /** Zeroed, in the machine's byte order; given back with its last use. */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
