package dev.tetra.tsm.core;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows the logs of one service. For one thread at a time. */
final class ServiceFollower implements Closeable {
    private final Path directory;
    private final List<LogFollower> followers = new ArrayList<>();
    private final Set<LogLine.Stream> unsure = EnumSet.noneOf(LogLine.Stream.class);
    /** Which directory it is: another service of the same name has another one. */
    private final @Nullable Object key;

    /** @param bound whether it follows this directory only, and not one that comes in its place */
    ServiceFollower(String service, Path directory, LogSpan span, Consumer<? super LogLine> sink, boolean bound)
            throws IOException {
        this.directory = directory;
        this.key = bound ? keyOf(directory) : null;
        try {
            for (LogLine.Stream stream : LogLine.Stream.values()) {
                LogSource source = new LogSource(service, directory, stream);
                LogFollower follower = new LogFollower(source, span, source.labelled(sink));
                followers.add(follower);
                if (!follower.isExact()) {
                    unsure.add(stream);
                }
            }
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    private static @Nullable Object keyOf(Path directory) throws IOException {
        try {
            return Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** The streams of which older lines may be handed over than were asked for. */
    Set<LogLine.Stream> unsure() {
        return unsure;
    }

    /** Whether the directory is gone, or another one has its name. */
    boolean isGone() throws IOException {
        return key == null || !key.equals(keyOf(directory));
    }

    void look() throws IOException {
        for (LogFollower follower : followers) {
            follower.look();
        }
    }

    /** Reads what is left of a service that was deleted. */
    void drain() throws IOException {
        for (LogFollower follower : followers) {
            follower.drain();
        }
    }

    void end() {
        for (LogFollower follower : followers) {
            follower.end();
        }
    }

    @Override
    public void close() throws IOException {
        for (LogFollower follower : followers) {
            follower.close();
        }
    }
}
