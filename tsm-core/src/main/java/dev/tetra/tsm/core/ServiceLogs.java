package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.internal.logs.LogEmptier;
import dev.tetra.tsm.core.internal.logs.LogFiles;
import dev.tetra.tsm.core.internal.logs.LogView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a service wrote: its log files with their archives, and what is added to them. Lines end with a newline, and one that
 * lies across an archive and the file behind it is one line. A log that does not exist is empty. <em>Immutable; safe for use
 * by many threads.</em>
 */
public final class ServiceLogs {
    /** How many bytes of a line are shown; the rest is cut off. */
    public static final int LONGEST_LINE = 64 * 1024;

    private final String service;
    private final Path directory;

    /** The logs in a service's directory, which need not exist. */
    ServiceLogs(String service, Path directory) {
        this.service = requireNonNull(service, "service");
        this.directory = requireNonNull(directory, "directory");
    }

    /** The file with what it wrote to standard output. */
    public Path out() {
        return directory.resolve(LogLine.Stream.OUT.file());
    }

    /** The file with what it wrote to standard error. */
    public Path err() {
        return directory.resolve(LogLine.Stream.ERR.file());
    }

    /** The file with what went wrong before it ran. */
    public Path wrapperErr() {
        return directory.resolve(LogLine.Stream.WRAPPER.file());
    }

    /** The pieces that were cut off a log and are kept, oldest first. */
    public List<Path> archives(LogLine.Stream stream) throws IOException {
        List<Path> kept = new ArrayList<>();
        for (LogFiles.Archive archive : new LogFiles(directory, stream.file()).archives()) {
            if (archive.bytes() > 0) {
                kept.add(archive.file());
            }
        }
        return List.copyOf(kept);
    }

    /**
     * The last lines of each log: first of {@code out}, then of {@code err}, then of {@code wrapper}. Logs are read from
     * their end; a last line that has no newline yet counts.
     *
     * @param lines how many of each, at least 0
     */
    public List<LogLine> tail(int lines) throws IOException {
        List<LogLine> tail = new ArrayList<>();
        read(LogSpan.last(lines), new Adder(tail));
        return List.copyOf(tail);
    }

    /**
     * Hands over the lines of each log that are meant: first of {@code out}, then of {@code err}, then of {@code wrapper}.
     *
     * @param span which of them
     * @param sink what takes the lines; what it throws ends the reading and is thrown
     * @return the streams of which it is not known when all their first lines were written, since nobody noted it: there,
     *     older lines than those asked for may have been handed over
     */
    public Set<LogLine.Stream> read(LogSpan span, Consumer<? super LogLine> sink) throws IOException {
        Set<LogLine.Stream> unsure = EnumSet.noneOf(LogLine.Stream.class);
        for (LogLine.Stream stream : LogLine.Stream.values()) {
            LogSource source = new LogSource(service, directory, stream);
            try (LogView view = new LogView(source.files())) {
                if (!view.open()) {
                    continue;
                }
                long end = view.end();
                var begin = source.begin(view, span, end);
                if (!begin.exact()) {
                    unsure.add(stream);
                }
                LineCutter cutter = new LineCutter(LONGEST_LINE, source.labelled(sink));
                cutter.read(view, begin.offset(), end);
                cutter.end();
            }
        }
        return unsure;
    }

    /**
     * Hands over the last lines of each log and then every whole line that is added, in the calling thread. Goes on when a
     * log is cut, truncated, replaced by a new one, or does not exist yet. A last line without a newline is handed over when
     * its newline comes, when its file is truncated or replaced, or when following ends. {@link MergedLogs} follows several
     * services, and knows when they are deleted.
     *
     * @param lines how many of each log to begin with, at least 0
     * @param sink what takes the lines; what it throws ends the following and is thrown
     * @param until asked several times a second and after each change; true ends the following
     */
    public void follow(int lines, Consumer<LogLine> sink, BooleanSupplier until)
            throws IOException, InterruptedException {
        LogSpan span = LogSpan.last(lines);
        try (LogWatch watch = new LogWatch(directory.getFileSystem());
                ServiceFollower follower = new ServiceFollower(service, directory, span, sink, false)) {
            boolean last = false;
            while (!last) {
                last = until.getAsBoolean();
                watch.watch(directory);
                follower.look();
                if (!last) {
                    watch.await(LogWatch.LOOK);
                }
            }
            follower.end();
        }
    }

    /**
     * Empties the logs and removes their archives. The service may run: it goes on at the beginning of its files. Those who
     * follow go on as well.
     *
     * @return how many bytes that freed
     * @throws IOException if it could not be done, or the logs are being cut for longer than a while
     */
    public long clean() throws IOException {
        return LogEmptier.empty(directory);
    }

    private record Adder(List<LogLine> lines) implements Consumer<LogLine> {
        @Override
        public void accept(LogLine line) {
            lines.add(line);
        }
    }
}
