package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a service wrote: the end of its log files, and what is added to them. Lines end with a newline. A log that does not
 * exist is empty. <em>Immutable; safe for use by many threads.</em>
 */
public final class ServiceLogs {
    /** How many bytes of a line are shown; the rest is cut off. */
    public static final int LONGEST_LINE = 64 * 1024;

    /** How long following waits for news from the file system before it looks by itself. */
    private static final long LOOK_MILLIS = 200;

    private final String service;
    private final Path directory;

    /** The logs in a service's directory, which need not exist. */
    ServiceLogs(String service, Path directory) {
        this.service = requireNonNull(service, "service");
        this.directory = requireNonNull(directory, "directory");
    }

    /** The file with what it wrote to standard output. */
    public Path out() {
        return directory.resolve("current.out");
    }

    /** The file with what it wrote to standard error. */
    public Path err() {
        return directory.resolve("current.err");
    }

    /** The file with what went wrong before it ran. */
    public Path wrapperErr() {
        return directory.resolve("wrapper.err");
    }

    /**
     * The last lines of each file: first of {@code out}, then of {@code err}, then of {@code wrapper}. Files are read from
     * their end; a last line that has no newline yet counts.
     *
     * @param lines how many of each, at least 0
     */
    public List<LogLine> tail(int lines) throws IOException {
        checkLines(lines);
        List<LogLine> tail = new ArrayList<>();
        for (LogLine.Stream stream : LogLine.Stream.values()) {
            try (FileChannel channel = FileChannel.open(file(stream))) {
                LineCutter cutter = new LineCutter(LONGEST_LINE, new Labels(service, stream, new Adder(tail)));
                long end = channel.size();
                cutter.read(channel, LineCutter.lastLines(channel, end, lines), end);
                cutter.end();
            } catch (NoSuchFileException absent) {
                // it wrote nothing there
            }
        }
        return List.copyOf(tail);
    }

    /**
     * Hands over the last lines of each file and then every whole line that is added, in the calling thread. Goes on when a
     * file is truncated, replaced by a new one, or does not exist yet. A last line without a newline is handed over when
     * its newline comes, when its file is truncated or replaced, or when following ends.
     *
     * @param lines how many of each file to begin with, at least 0
     * @param sink what takes the lines; what it throws ends the following and is thrown
     * @param until asked several times a second and after each change; true ends the following
     */
    public void follow(int lines, Consumer<LogLine> sink, BooleanSupplier until)
            throws IOException, InterruptedException {
        checkLines(lines);
        List<LogFollower> followers = new ArrayList<>();
        try (WatchService watcher = directory.getFileSystem().newWatchService()) {
            for (LogLine.Stream stream : LogLine.Stream.values()) {
                followers.add(new LogFollower(file(stream), lines, new Labels(service, stream, sink)));
            }
            WatchKey key = null;
            boolean last = false;
            while (!last) {
                last = until.getAsBoolean();
                key = watched(watcher, key);
                for (LogFollower follower : followers) {
                    follower.look();
                }
                if (!last) {
                    await(watcher);
                }
            }
            for (LogFollower follower : followers) {
                follower.end();
            }
        } finally {
            for (LogFollower follower : followers) {
                follower.close();
            }
        }
    }

    /** Watching before looking loses nothing; a directory that is not there, or not there any more, is tried again later. */
    private @Nullable WatchKey watched(WatchService watcher, @Nullable WatchKey key) throws IOException {
        if (key != null && key.isValid()) {
            return key;
        }
        if (!Files.isDirectory(directory)) {
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

    private Path file(LogLine.Stream stream) {
        return switch (stream) {
            case OUT -> out();
            case ERR -> err();
            case WRAPPER -> wrapperErr();
        };
    }

    /** Says of each line where it comes from. A class and no lambda: those cost a short-lived command 10 ms. */
    private record Labels(String service, LogLine.Stream stream, Consumer<? super LogLine> sink)
            implements Consumer<String> {
        @Override
        public void accept(String text) {
            sink.accept(new LogLine(service, stream, text));
        }
    }

    private record Adder(List<LogLine> lines) implements Consumer<LogLine> {
        @Override
        public void accept(LogLine line) {
            lines.add(line);
        }
    }

    private static void checkLines(int lines) {
        if (lines < 0) {
            throw new IllegalArgumentException("lines negative: " + lines);
        }
    }
}
