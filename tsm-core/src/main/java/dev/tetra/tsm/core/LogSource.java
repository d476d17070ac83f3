package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.logs.LogFiles;
import dev.tetra.tsm.core.internal.logs.LogIndex;
import dev.tetra.tsm.core.internal.logs.LogView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream of one service: where it is, and when what of it was written. For one thread at a time. */
final class LogSource {
    private final String service;
    private final LogLine.Stream stream;
    private final LogFiles files;
    private @Nullable LogIndex index;
    /** From that offset on, lines are seen as they are written. */
    private long watchedFrom = Long.MAX_VALUE;

    LogSource(String service, Path directory, LogLine.Stream stream) {
        this.service = service;
        this.stream = stream;
        this.files = new LogFiles(directory, stream.file());
    }

    LogFiles files() {
        return files;
    }

    LogLine.Stream stream() {
        return stream;
    }

    /** What is behind that offset is written from now on. */
    void watchFrom(long offset) {
        watchedFrom = offset;
    }

    /** Says of each line where it comes from, and when it came. */
    LineCutter.Sink labelled(Consumer<? super LogLine> sink) {
        return new Labels(this, sink);
    }

    /** A class and no lambda: those cost a short-lived command 10 ms. */
    private record Labels(LogSource source, Consumer<? super LogLine> sink) implements LineCutter.Sink {
        @Override
        public void line(long start, String text) {
            sink.accept(new LogLine(source.service, source.stream, text, source.time(start)));
        }
    }

    private Optional<Instant> time(long start) {
        if (start >= watchedFrom) {
            return Optional.of(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }
        try {
            return index().time(start);
        } catch (IOException damaged) {
            index = LogIndex.EMPTY;
            return Optional.empty();
        }
    }

    private LogIndex index() {
        LogIndex known = index;
        if (known == null) {
            try {
                // What went wrong before a start is as old as that start, and nobody notes it.
                known = stream == LogLine.Stream.WRAPPER ? LogIndex.EMPTY : LogIndex.read(files.index());
            } catch (IOException unreadable) {
                known = LogIndex.EMPTY;
            }
            index = known;
        }
        return known;
    }

    /** Where the span begins, at the beginning of a line. */
    LogIndex.Position begin(LogView view, LogSpan span, long end) throws IOException {
        long from = span.lines() == Integer.MAX_VALUE ? view.first() : LineCutter.lastLines(view, end, span.lines());
        if (span.since().isEmpty()) {
            return new LogIndex.Position(from, true);
        }
        LogIndex.Position since = since(view, span.since().get(), end);
        long offset = Math.max(view.first(), Math.min(since.offset(), end));
        long begin = Math.max(from, LineCutter.unended(view, offset));
        return new LogIndex.Position(begin, since.exact() || begin == end || stream == LogLine.Stream.WRAPPER);
    }

    private LogIndex.Position since(LogView view, Instant time, long end) throws IOException {
        Instant modified = modified(files.live());
        try {
            Optional<LogIndex.Position> noted = index().since(time, end, modified);
            if (noted.isPresent()) {
                return noted.get();
            }
        } catch (IOException damaged) {
            index = LogIndex.EMPTY;
        }
        // Only the files' own times are left: what ended before is not meant.
        for (LogFiles.Archive archive : files.archives()) {
            if (!modified(archive.file()).isBefore(time)) {
                return new LogIndex.Position(archive.start(), false);
            }
        }
        return modified.isBefore(time)
                ? new LogIndex.Position(end, true)
                : new LogIndex.Position(view.liveStart(), false);
    }

    private static Instant modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException removed) {
            return Instant.EPOCH;
        }
    }
}
