package dev.tetra.tsm.ipc.internal;

import java.nio.ByteBuffer;

/**
 * What recvmsg(2) fills: one datagram and the credentials of who sent it, laid out for 64-bit Linux. <em>For one thread at a
 * time.</em>
 *
 * <p>There is room for the credentials and for nothing else: file descriptors that are sent along find none, and the kernel
 * closes them instead of giving them to this process.
 */
public final class DatagramBuffer {
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_TRUNC = 0x20;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_CREDENTIALS = 2;

    /** CMSG_SPACE of a struct ucred: a header of 16, and 12 filled up to 16. */
    private static final int CONTROL_BYTES = 32;

    private static final int HEADER_BYTES = 56;
    private static final int IOV = 16;
    private static final int CONTROL = 32;
    private static final int FLAGS = 48;

    private final Native library;
    private final ByteBuffer payload;
    private final ByteBuffer vector = NativeMemory.allocate(16);
    private final ByteBuffer control = NativeMemory.allocate(CONTROL_BYTES);
    private final ByteBuffer header = NativeMemory.allocate(HEADER_BYTES);

    /** @param longest how many bytes of a datagram fit */
    public DatagramBuffer(Native library, int longest) {
        this.library = library;
        payload = NativeMemory.allocate(longest);
        vector.putLong(0, library.address(payload)).putLong(8, longest);
        header.putLong(IOV, library.address(vector)).putLong(IOV + 8, 1);
        header.putLong(CONTROL, library.address(control));
    }

    /** Takes the next datagram of a socket without waiting. @return its length, or -1 where there is none */
    public int receive(int fd) throws NativeException {
        // The kernel writes here what it used of it.
        header.putLong(CONTROL + 8, CONTROL_BYTES).putInt(FLAGS, 0);
        for (int i = 0; i < CONTROL_BYTES; i += Long.BYTES) {
            control.putLong(i, 0);
        }
        return library.recvmsg(fd, header, MSG_DONTWAIT);
    }

    /** Whether the last datagram was longer than what fits. */
    public boolean isCut() {
        return (header.getInt(FLAGS) & MSG_TRUNC) != 0;
    }

    /** Whether the kernel said who sent the last datagram. */
    public boolean hasSender() {
        return header.getLong(CONTROL + 8) >= 28
                && control.getInt(8) == SOL_SOCKET
                && control.getInt(12) == SCM_CREDENTIALS;
    }

    /** The process that sent the last datagram, or 0 if it is in another pid namespace. */
    public int pid() {
        return control.getInt(16);
    }

    /** The user who sent the last datagram. */
    public int uid() {
        return control.getInt(20);
    }

    /** The last datagram. */
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        payload.get(0, bytes);
        return bytes;
    }
}
