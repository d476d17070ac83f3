package dev.tetra.tsm.ipc.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The calls of the C library that the JDK has not: one method a call, by its name. Nothing else in this module sees how they
 * are made. Buffers are direct, in the machine's byte order, and used from their position 0. A call that fails throws
 * {@link NativeException} with its {@code errno}. <em>Safe for use by many threads.</em>
 */
public interface Native {
    /**
     * The calls of this machine. The first use loads the native library.
     *
     * @throws IOException if they cannot be made here, with the reason
     */
    static Native system() throws IOException {
        return JnrNative.load();
    }

    /** socket(2). @return the file descriptor */
    int socket(int domain, int type, int protocol) throws NativeException;

    /** setsockopt(2) of a whole number. */
    void setsockopt(int fd, int level, int name, int value) throws NativeException;

    /** fchmod(2). */
    void fchmod(int fd, int mode) throws NativeException;

    /**
     * bind(2).
     *
     * @param length how many bytes of the address count
     */
    void bind(int fd, ByteBuffer address, int length) throws NativeException;

    /** recvmsg(2). @return the number of bytes, or -1 where it would block or was interrupted */
    int recvmsg(int fd, ByteBuffer header, int flags) throws NativeException;

    /** eventfd(2), close-on-exec and not blocking. @return the file descriptor */
    int eventfd() throws NativeException;

    /** read(2). @return the number of bytes, or -1 where it would block or was interrupted */
    int read(int fd, ByteBuffer into, int count) throws NativeException;

    /** write(2). @return the number of bytes, or -1 where it would block or was interrupted */
    int write(int fd, ByteBuffer from, int count) throws NativeException;

    /**
     * poll(2).
     *
     * @param millis how long, -1 for ever
     * @return how many are ready, or -1 where it was interrupted
     */
    int poll(ByteBuffer pollfds, int count, int millis) throws NativeException;

    /** close(2); its errors say nothing that could be acted on. */
    void close(int fd);

    /** Where a direct buffer lies in memory. */
    long address(ByteBuffer direct);
}
