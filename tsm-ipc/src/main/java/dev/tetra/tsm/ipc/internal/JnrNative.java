package dev.tetra.tsm.ipc.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** {@link Native} by jnr-ffi, which needs no compiler on the user's machine and runs on JDK 17. */
final class JnrNative implements Native {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

    private final LibC libC;
    private final Runtime runtime;

    private JnrNative(LibC libC) {
        this.libC = libC;
        this.runtime = Runtime.getRuntime(libC);
    }

    /** The functions, as jnr-ffi binds them: public, since it makes a class that implements this. */
    public interface LibC {
        int socket(int domain, int type, int protocol);

        int setsockopt(int fd, int level, int name, ByteBuffer value, int length);

        int fchmod(int fd, int mode);

        int bind(int fd, ByteBuffer address, int length);

        long recvmsg(int fd, ByteBuffer header, int flags);

        int eventfd(int initial, int flags);

        long read(int fd, ByteBuffer into, long count);

        long write(int fd, ByteBuffer from, long count);

        int poll(ByteBuffer pollfds, long count, int millis);

        int close(int fd);

        String strerror(int errno);
    }

    static Native load() throws IOException {
        if (Loaded.LIBRARY != null) {
            return Loaded.LIBRARY;
        }
        throw new IOException("the C library cannot be called from this JVM: " + Loaded.WHY_NOT);
    }

    /** Loaded once, when it is first needed. */
    private static final class Loaded {
        static final @Nullable Native LIBRARY;
        static final String WHY_NOT;

        static {
            Native library = null;
            String whyNot = "";
            try {
                if (Platform.getNativePlatform().getOS() == Platform.OS.LINUX) {
                    library = new JnrNative(
                            LibraryLoader.create(LibC.class).failImmediately().load("c"));
                } else {
                    whyNot = "this is " + Platform.getNativePlatform().getOS() + ", and what is here is for Linux";
                }
            } catch (RuntimeException | LinkageError refused) {
                // The host forbids native access, or the temporary folder cannot hold the library.
                whyNot = refused + "; a JVM of 24 and later wants --enable-native-access=ALL-UNNAMED";
            }
            LIBRARY = library;
            WHY_NOT = whyNot;
        }
    }

    @Override
    public int socket(int domain, int type, int protocol) throws NativeException {
        return checked("socket", libC.socket(domain, type, protocol));
    }

    @Override
    public void setsockopt(int fd, int level, int name, int value) throws NativeException {
        ByteBuffer number = NativeMemory.allocate(Integer.BYTES).putInt(0, value);
        checked("setsockopt", libC.setsockopt(fd, level, name, number, Integer.BYTES));
    }

    @Override
    public void fchmod(int fd, int mode) throws NativeException {
        checked("fchmod", libC.fchmod(fd, mode));
    }

    @Override
    public void bind(int fd, ByteBuffer address, int length) throws NativeException {
        checked("bind", libC.bind(fd, address, length));
    }

    @Override
    public int recvmsg(int fd, ByteBuffer header, int flags) throws NativeException {
        return unlessItBlocks("recvmsg", libC.recvmsg(fd, header, flags));
    }

    @Override
    public int eventfd() throws NativeException {
        return checked("eventfd", libC.eventfd(0, EFD_CLOEXEC_NONBLOCK));
    }

    @Override
    public int read(int fd, ByteBuffer into, int count) throws NativeException {
        return unlessItBlocks("read", libC.read(fd, into, count));
    }

    @Override
    public int write(int fd, ByteBuffer from, int count) throws NativeException {
        return unlessItBlocks("write", libC.write(fd, from, count));
    }

    @Override
    public int poll(ByteBuffer pollfds, int count, int millis) throws NativeException {
        return unlessItBlocks("poll", libC.poll(pollfds, count, millis));
    }

    @Override
    public void close(int fd) {
        libC.close(fd);
    }

    @Override
    public long address(ByteBuffer direct) {
        return Pointer.wrap(runtime, direct).address();
    }

    private int checked(String call, long result) throws NativeException {
        if (result < 0) {
            throw failure(call, runtime.getLastError());
        }
        return (int) result;
    }

    private int unlessItBlocks(String call, long result) throws NativeException {
        if (result < 0) {
            int errno = runtime.getLastError();
            if (errno == EAGAIN || errno == EINTR) {
                return -1;
            }
            throw failure(call, errno);
        }
        return (int) result;
    }

    private NativeException failure(String call, int errno) {
        return new NativeException(call, errno, libC.strerror(errno));
    }
}
