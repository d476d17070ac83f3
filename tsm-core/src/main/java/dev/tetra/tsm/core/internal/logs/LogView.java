package dev.tetra.tsm.core.internal.logs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream by offset, across its archives and the file that is being written, also while that one is cut. <em>For one
 * thread at a time.</em>
 */
public final class LogView implements Closeable {
    private final LogFiles files;
    private @Nullable FileChannel live;
    /** Which file {@link #live} is: an inode is not used again while it is open. */
    private @Nullable Object key;

    private LogLayout layout = new LogLayout(0, 0);
    private @Nullable FileChannel archive;
    private long archiveStart;
    private long archiveEnd;

    public LogView(LogFiles files) {
        this.files = files;
    }

    /** Opens the file that has the name now, unless one is open; false if there is none. */
    public boolean open() throws IOException {
        while (live == null) {
            Object before = keyOf(files.live());
            if (before == null) {
                return false;
            }
            FileChannel opened;
            try {
                opened = FileChannel.open(files.live());
            } catch (NoSuchFileException goneAgain) {
                return false;
            }
            try {
                LogLayout found = LogLayout.of(files, opened);
                if (before.equals(keyOf(files.live()))) {
                    live = opened;
                    key = before;
                    layout = found;
                    return true;
                }
            } catch (IOException failed) {
                opened.close();
                throw failed;
            }
            opened.close();
        }
        return true;
    }

    /** Whether a file is open. */
    public boolean isOpen() {
        return live != null;
    }

    /** Whether the open file is the one with these attributes. */
    public boolean is(BasicFileAttributes attributes) {
        return attributes.fileKey() != null && attributes.fileKey().equals(key);
    }

    /** The offset of the open file's first byte, as of the last look. */
    public long base() {
        return layout.base();
    }

    /** The offset of the first byte that is in the open file alone, as of the last look. */
    public long liveStart() {
        return layout.start();
    }

    /**
     * The offset behind the last byte, at a moment during the call. Looks where the bytes are: a size says where a log ends
     * only together with where the file began when it had that size. A cut between the two makes the log seem to end long
     * before it does, as if somebody had truncated it.
     */
    public long end() throws IOException {
        while (live != null) {
            long base = layout.base();
            long size = live.size();
            look();
            // Each cut raises the base: with the same one before and after the look at the size, there was none
            // between.
            if (layout.base() == base) {
                return Math.max(layout.start(), base + size);
            }
        }
        return layout.start();
    }

    /** The offset from which on everything is there. */
    public long first() throws IOException {
        long first = layout.start();
        List<LogFiles.Archive> archives = archived();
        for (int i = archives.size() - 1; i >= 0; i--) {
            LogFiles.Archive candidate = archives.get(i);
            if (candidate.start() < first && candidate.end() >= first) {
                first = candidate.start();
            }
        }
        return first;
    }

    /** What has the bytes before {@link #liveStart}: while some are about to go from the file, that may still be a part. */
    private List<LogFiles.Archive> archived() throws IOException {
        return layout.hidden() > 0 ? files.pieces() : files.archives();
    }

    /** Looks again where the bytes are. A file that lost its name stays as it was: nobody cuts it any more. */
    public void look() throws IOException {
        if (live != null) {
            LogLayout now = LogLayout.of(files, live);
            if (!now.equals(layout) && hasName()) {
                layout = now;
            }
        }
    }

    private boolean hasName() throws IOException {
        return key != null && key.equals(keyOf(files.live()));
    }

    /**
     * Reads bytes from that offset on.
     *
     * @return how many; 0 if there are none now, because it is at or behind the end, or because they were removed
     */
    public int read(long offset, ByteBuffer into) throws IOException {
        int begin = into.position();
        while (true) {
            if (offset < layout.start()) {
                return readArchive(offset, into);
            }
            if (live == null) {
                return 0;
            }
            int read = live.read(into, offset - layout.base());
            LogLayout before = layout;
            look();
            if (layout.base() == before.base() && offset >= layout.start()) {
                return Math.max(0, read);
            }
            // It was cut meanwhile: these bytes may be others.
            into.position(begin);
        }
    }

    private int readArchive(long offset, ByteBuffer into) throws IOException {
        if (archive == null || offset < archiveStart || offset >= archiveEnd) {
            closeArchive();
            archive = openArchive(offset);
        }
        if (archive == null) {
            return 0;
        }
        int limit = into.limit();
        into.limit((int) Math.min(limit, into.position() + archiveEnd - offset));
        int read = archive.read(into, offset - archiveStart);
        into.limit(limit);
        return Math.max(0, read);
    }

    /** The archive that has that byte; null if none has. It ends where the next begins, whatever was added to it later. */
    private @Nullable FileChannel openArchive(long offset) throws IOException {
        LogFiles.@Nullable Archive found = null;
        long end = layout.start();
        for (LogFiles.Archive candidate : archived()) {
            if (candidate.start() <= offset) {
                found = candidate;
            } else {
                end = Math.min(end, candidate.start());
            }
        }
        if (found == null || offset >= found.end()) {
            return null;
        }
        archiveStart = found.start();
        archiveEnd = Math.min(end, found.end());
        try {
            return FileChannel.open(found.file());
        } catch (NoSuchFileException renamedOrRemoved) {
            try {
                return FileChannel.open(files.archive(found.start()));
            } catch (NoSuchFileException removed) {
                return null;
            }
        }
    }

    /** Reads until the buffer is full; false if that many bytes are not there. */
    public boolean fill(long offset, ByteBuffer into) throws IOException {
        int begin = into.position();
        while (into.hasRemaining()) {
            if (read(offset + into.position() - begin, into) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Lets go of the open file, so that {@link #open} takes the one that has the name. */
    @Override
    public void close() throws IOException {
        closeArchive();
        if (live != null) {
            live.close();
            live = null;
            key = null;
        }
    }

    private void closeArchive() throws IOException {
        if (archive != null) {
            archive.close();
            archive = null;
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
