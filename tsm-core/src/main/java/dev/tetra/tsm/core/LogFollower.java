package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.logs.LogIndex;
import dev.tetra.tsm.core.internal.logs.LogView;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is added to one log, whatever happens to its file. Where it is, is an offset since the first byte of all time,
 * and not a place in the file, which loses bytes at its beginning when it is cut. For one thread at a time.
 */
final class LogFollower implements Closeable {
    private final Path file;
    private final LogSource source;
    private final LogView view;
    private final LineCutter cutter;
    private long position;
    private boolean exact = true;
    private long lastSize = -1;
    private @Nullable FileTime lastChange;

    /** @param span what of it to begin with */
    LogFollower(LogSource source, LogSpan span, LineCutter.Sink sink) throws IOException {
        this.source = source;
        this.file = source.files().live();
        this.view = new LogView(source.files());
        this.cutter = new LineCutter(ServiceLogs.LONGEST_LINE, sink);
        try {
            if (view.open()) {
                long end = view.end();
                source.watchFrom(end);
                LogIndex.Position begin = source.begin(view, span, end);
                exact = begin.exact();
                position = span.lines() == 0 ? LineCutter.unended(view, end) : begin.offset();
            } else {
                source.watchFrom(0);
            }
        } catch (IOException failed) {
            view.close();
            throw failed;
        }
    }

    /** Whether it is known that nothing is handed over that is older than the span says. */
    boolean isExact() {
        return exact;
    }

    /** Reads all there is at this moment. */
    void look() throws IOException {
        if (!view.isOpen() && !openNew()) {
            return;
        }
        BasicFileAttributes named = attributes();
        if (named != null && view.is(named)) {
            if (named.size() == lastSize && named.lastModifiedTime().equals(lastChange)) {
                return;
            }
            lastSize = named.size();
            lastChange = named.lastModifiedTime();
            adjust();
        }
        read();
        if (position < view.liveStart()) {
            // An archive went while it was read: the next look must adjust, though nothing be written until then.
            lastSize = -1;
        }
        if (named != null && !view.is(named)) {
            cutter.end();
            view.close();
            if (openNew()) {
                read();
            }
        }
    }

    private boolean openNew() throws IOException {
        if (!view.open()) {
            return false;
        }
        position = view.liveStart();
        source.watchFrom(position);
        lastSize = -1;
        return true;
    }

    /** Sees to it that the position is one of this file still. */
    private void adjust() throws IOException {
        long before = view.base();
        long end = view.end();
        if (view.base() < before) {
            // Somebody removed archives: the bytes are the same, and their offsets are others.
            position += view.base() - before;
            source.watchFrom(Math.max(0, position));
        }
        if (position > end) {
            // Somebody truncated it.
            cutter.end();
            position = view.liveStart();
            source.watchFrom(position);
        } else if (position < view.liveStart()) {
            // Asked once: archives come and go, and another answer than the one that was compared may be far behind.
            long first = view.first();
            if (position < first) {
                // It was emptied, or archives went before they were read.
                cutter.end();
                position = first;
            }
        }
    }

    /** Reads the rest of the file that is open, and of no other: its directory is gone. */
    void drain() throws IOException {
        if (view.isOpen()) {
            read();
        }
        cutter.end();
    }

    private void read() throws IOException {
        while (true) {
            long from = position;
            position = cutter.read(view, from, Long.MAX_VALUE);
            if (position == from) {
                return;
            }
        }
    }

    private @Nullable BasicFileAttributes attributes() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** Nothing more is read: hands over the line that has no end. */
    void end() {
        cutter.end();
    }

    @Override
    public void close() throws IOException {
        view.close();
    }
}
