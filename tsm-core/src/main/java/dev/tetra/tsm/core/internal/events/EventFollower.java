package dev.tetra.tsm.core.internal.events;

import dev.tetra.tsm.core.ServiceEvent;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hands over the events that are added to a log, also by another process, and goes on when the log is renamed, cut, removed
 * or not there yet. What was added between two looks is handed over in full, unless the log was renamed three times between them.
 * <em>For one thread at a time.</em>
 */
public final class EventFollower implements Closeable {
    /** How long following waits for news from the file system before it looks by itself. */
    private static final long LOOK_MILLIS = 200;

    private static final int BLOCK = 16 * 1024;

    private final Path file;
    private final Predicate<? super ServiceEvent> which;
    private final Consumer<? super ServiceEvent> sink;
    private final List<ServiceEvent> first;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private EventFiles.@Nullable Opened opened;
    private long position;

    /** The file that had the older name at the last turn. */
    private EventFiles.@Nullable Opened older;

    private EventFollower(
            Path file,
            List<ServiceEvent> first,
            EventFiles files,
            long position,
            Predicate<? super ServiceEvent> which,
            Consumer<? super ServiceEvent> sink) {
        this.file = file;
        this.first = first;
        this.opened = files.current();
        this.older = files.older();
        this.position = position;
        this.which = which;
        this.sink = sink;
    }

    /**
     * Follows from now on: an event that is added after this call is handed over, whenever the first look is.
     *
     * @param last how many of the events that are there to begin with
     * @param which which events count, of those to begin with and of those that are added
     * @param sink what takes the events; what it throws is thrown
     */
    public static EventFollower open(
            Path file, int last, Predicate<? super ServiceEvent> which, Consumer<? super ServiceEvent> sink)
            throws IOException {
        EventFiles files = EventFiles.open(file);
        boolean done = false;
        try {
            EventFiles.Opened current = files.current();
            long size = current == null ? 0 : current.channel().size();
            List<ServiceEvent> first = last == 0 ? List.of() : files.last(last, which, size);
            long from = current == null ? 0 : wholeUpTo(current, size);
            EventFollower follower = new EventFollower(file, first, files, from, which, sink);
            done = true;
            return follower;
        } finally {
            if (!done) {
                files.close();
            }
        }
    }

    /** Where the line begins that has no newline yet. */
    private static long wholeUpTo(EventFiles.Opened current, long size) throws IOException {
        byte[] unended = new BackwardLines(current.channel(), size, EventJson.LONGEST_LINE).previous();
        return unended == null ? size : size - unended.length;
    }

    /** Hands over the events to begin with, and then every event that is added, until told to end. */
    public void follow(BooleanSupplier until) throws IOException, InterruptedException {
        for (ServiceEvent event : first) {
            sink.accept(event);
        }
        try (WatchService watcher = file.getFileSystem().newWatchService()) {
            WatchKey key = null;
            boolean last = false;
            while (!last) {
                last = until.getAsBoolean();
                key = watched(watcher, key);
                look();
                if (!last) {
                    await(watcher);
                }
            }
        }
    }

    /** Watching before looking loses nothing; a directory that is not there is tried again later. */
    private @Nullable WatchKey watched(WatchService watcher, @Nullable WatchKey key) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (key != null && key.isValid()) {
            return key;
        }
        if (directory == null || !Files.isDirectory(directory)) {
            return null;
        }
        try {
            return directory.register(
                    watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        } catch (NoSuchFileException goneAgain) {
            return null;
        }
    }

    private static void await(WatchService watcher) throws InterruptedException {
        WatchKey signalled = watcher.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (signalled != null) {
            signalled.pollEvents();
            signalled.reset();
        }
    }

    /** Hands over all that was added. */
    void look() throws IOException {
        Object now = EventFiles.keyOf(file);
        read();
        if (now != null && (opened == null || !now.equals(opened.key()))) {
            turn();
        }
    }

    /** Goes on in the files that have the names now: in the older one too, if it was not seen before. */
    private void turn() throws IOException {
        EventFiles.Opened seen = opened;
        EventFiles.Opened seenBefore = older;
        EventFiles files = EventFiles.open(file);
        try {
            EventFiles.Opened before = files.older();
            older = before;
            if (before != null && !isSame(before, seen) && !isSame(before, seenBefore)) {
                beginAt(before);
                read();
            }
            beginAt(files.current());
        } finally {
            // Only now: while a file is open, no other has its inode.
            close(seen);
            close(seenBefore);
        }
        read();
    }

    private static boolean isSame(EventFiles.Opened one, EventFiles.@Nullable Opened other) {
        return other != null && one.key().equals(other.key());
    }

    private static void close(EventFiles.@Nullable Opened file) throws IOException {
        if (file != null) {
            file.channel().close();
        }
    }

    private void beginAt(EventFiles.@Nullable Opened next) {
        opened = next;
        position = 0;
        line.reset();
    }

    private void read() throws IOException {
        if (opened == null) {
            return;
        }
        if (opened.channel().size() < position) {
            position = 0;
            line.reset();
        }
        while (true) {
            block.clear();
            int count = opened.channel().read(block, position);
            if (count <= 0) {
                return;
            }
            position += count;
            take(count);
        }
    }

    private void take(int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (block.get(i) == '\n') {
                keep(from, i);
                ServiceEvent event = EventFiles.event(line.toByteArray());
                line.reset();
                from = i + 1;
                if (event != null && which.test(event)) {
                    sink.accept(event);
                }
            }
        }
        keep(from, count);
    }

    /** A line that is too long is no event of ours; of that, a little more than fits is kept, which says none. */
    private void keep(int from, int to) {
        if (line.size() <= EventJson.LONGEST_LINE) {
            line.write(block.array(), from, to - from);
        }
    }

    @Override
    public void close() throws IOException {
        EventFiles.Opened first = opened;
        EventFiles.Opened second = older;
        opened = null;
        older = null;
        close(first);
        close(second);
    }
}
