package dev.tetra.tsm.core.internal.control;

import dev.tetra.tsm.core.internal.wire.UnixSockets;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What is at the path of a socket. */
enum Occupant {
    /** Nothing. */
    NOBODY,
    /** A socket, and somebody listens. */
    LISTENER,
    /** A socket that its process left behind. */
    STALE,
    /** A symbolic link, which is not followed. */
    LINK,
    DIRECTORY,
    /** A file or a device. */
    FILE;

    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    /** Looks, without waiting for anybody. A listener that accepts nobody just now is a listener. */
    static Occupant at(Path path) throws IOException {
        BasicFileAttributes there = attributes(path);
        if (there == null) {
            return NOBODY;
        }
        if (there.isSymbolicLink()) {
            return LINK;
        }
        if (there.isDirectory()) {
            return DIRECTORY;
        }
        if (!isSocket(path)) {
            return FILE;
        }
        try (SocketChannel answered = UnixSockets.connectAtOnce(path)) {
            return answered.isOpen() ? LISTENER : STALE;
        } catch (ConnectException refused) {
            return STALE;
        } catch (IOException busy) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? LISTENER : NOBODY;
        }
    }

    /** What tells the file at the path from any other that is or was there while this one exists; null when there is none. */
    static @Nullable Object key(Path path) throws IOException {
        BasicFileAttributes there = attributes(path);
        return there == null ? null : there.fileKey();
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        try {
            Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return mode instanceof Integer bits && (bits & TYPE) == SOCKET;
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    /** With its article, for a sentence. */
    String words() {
        return switch (this) {
            case NOBODY -> "nothing";
            case LISTENER -> "a socket in use";
            case STALE -> "a stale socket";
            case LINK -> "a symbolic link";
            case DIRECTORY -> "a directory";
            case FILE -> "a file";
        };
    }
}
