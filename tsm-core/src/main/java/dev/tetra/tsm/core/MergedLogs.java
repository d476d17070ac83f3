package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The logs of several services, followed by one thread: what is added comes line by line, as it comes, whether logs are cut,
 * truncated or replaced meanwhile. <em>For one thread at a time.</em>
 */
public final class MergedLogs implements Closeable {
    /** How often all are looked at, whatever the file system tells. */
    private static final long ALL_NANOS = Duration.ofSeconds(1).toNanos();

    private final RuntimeDirectory directory;
    private final Consumer<? super LogLine> sink;
    private final LogWatch watch;
    private final Map<String, ServiceFollower> followers = new LinkedHashMap<>();
    private final Map<Path, String> names = new LinkedHashMap<>();
    private long lastAll;
    private boolean unlooked;

    /**
     * Follows nothing yet.
     *
     * @param directory whose services these are
     * @param sink what takes the lines, in the thread that calls {@link #poll}; what it throws is thrown there
     */
    public MergedLogs(RuntimeDirectory directory, Consumer<? super LogLine> sink) throws IOException {
        this.directory = requireNonNull(directory, "directory");
        this.sink = requireNonNull(sink, "sink");
        this.watch = new LogWatch(FileSystems.getDefault());
    }

    /**
     * Follows a service as well; nothing new if it is followed already.
     *
     * @param service its full name
     * @param span what of each log to begin with
     * @return the streams of which older lines may come than were asked for, since nobody noted their times
     */
    public Set<LogLine.Stream> add(String service, LogSpan span) throws IOException {
        ServiceFollower there = followers.get(service);
        if (there != null) {
            return there.unsure();
        }
        Path path = directory.service(service);
        watch.watch(path);
        ServiceFollower follower = new ServiceFollower(service, path, span, sink, true);
        followers.put(service, follower);
        names.put(path, service);
        unlooked = true;
        return follower.unsure();
    }

    /** The services that are followed, by their names. */
    public Set<String> services() {
        return Set.copyOf(followers.keySet());
    }

    /** Whether that service is followed. */
    public boolean isFollowed(String service) {
        return followers.containsKey(service);
    }

    /**
     * Waits until something may have come, at most that long, and hands it over.
     *
     * @param patience how long at most; zero to look and return
     * @return the services that were deleted since the last call; all of theirs was handed over, and they are not followed
     *     any more
     */
    public List<String> poll(Duration patience) throws IOException, InterruptedException {
        Set<Path> changed = Set.of();
        if (!unlooked) {
            changed = watch.await(patience.compareTo(LogWatch.LOOK) < 0 ? patience : LogWatch.LOOK);
        }
        long now = System.nanoTime();
        // A directory that is not watched, or goes away, sends no news.
        boolean all = unlooked || now - lastAll > (changed.isEmpty() ? LogWatch.LOOK.toNanos() : ALL_NANOS);
        if (all) {
            lastAll = now;
            unlooked = false;
        }
        List<String> gone = new ArrayList<>();
        Iterator<Map.Entry<Path, String>> each = names.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Path, String> entry = each.next();
            ServiceFollower follower = followers.get(entry.getValue());
            if (follower != null && (all || changed.contains(entry.getKey())) && isOver(follower, entry.getKey())) {
                gone.add(entry.getValue());
                followers.remove(entry.getValue());
                each.remove();
            }
        }
        return gone;
    }

    private boolean isOver(ServiceFollower follower, Path path) throws IOException {
        boolean gone = follower.isGone();
        if (gone) {
            follower.drain();
            follower.close();
            watch.forget(path);
        } else {
            watch.watch(path);
            follower.look();
        }
        return gone;
    }

    /** Lets go of all files. */
    @Override
    public void close() throws IOException {
        try {
            for (ServiceFollower follower : followers.values()) {
                follower.close();
            }
        } finally {
            watch.close();
        }
    }
}
