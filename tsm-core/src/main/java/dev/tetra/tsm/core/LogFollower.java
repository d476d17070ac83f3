package dev.tetra.tsm.core;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads what is added to one log file, whatever happens to the file. For one thread at a time. */
final class LogFollower implements Closeable {
    private final Path file;
    private final LineCutter cutter;
    private @Nullable FileChannel channel;
    /** Which file the channel is: an inode is not used again while it is open. */
    private @Nullable Object key;

    private long position;

    /** @param lines how many of the lines that are there to begin with */
    LogFollower(Path file, int lines, Consumer<String> sink) throws IOException {
        this.file = file;
        this.cutter = new LineCutter(ServiceLogs.LONGEST_LINE, sink);
        FileChannel opened = open();
        if (opened != null) {
            try {
                long end = opened.size();
                position = lines == 0 ? LineCutter.unended(opened, end) : LineCutter.lastLines(opened, end, lines);
            } catch (IOException failure) {
                opened.close();
                throw failure;
            }
        }
    }

    /** Reads all there is at this moment. */
    void look() throws IOException {
        if (channel == null && open() == null) {
            return;
        }
        Object current = keyOf(file);
        read();
        if (current != null && !current.equals(key)) {
            cutter.end();
            close();
            position = 0;
            if (open() != null) {
                read();
            }
        }
    }

    private void read() throws IOException {
        if (channel == null) {
            return;
        }
        long end = channel.size();
        if (end < position) {
            cutter.end();
            position = 0;
        }
        position = cutter.read(channel, position, end);
    }

    /** Nothing more is read: hands over the line that has no end. */
    void end() {
        cutter.end();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    /** Opens the file that has this name now; null if there is none. */
    private @Nullable FileChannel open() throws IOException {
        while (true) {
            Object before = keyOf(file);
            if (before == null) {
                return null;
            }
            FileChannel opened;
            try {
                opened = FileChannel.open(file);
            } catch (NoSuchFileException goneAgain) {
                return null;
            }
            if (before.equals(keyOf(file))) {
                channel = opened;
                key = before;
                return opened;
            }
            opened.close();
        }
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException absent) {
            return null;
        }
    }
}
