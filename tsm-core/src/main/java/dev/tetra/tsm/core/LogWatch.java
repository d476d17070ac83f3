package dev.tetra.tsm.core;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tells which directories are worth a look. Where the system watches no more of them, all are, every now and then. For one
 * thread at a time.
 */
final class LogWatch implements Closeable {
    /** How long nobody relies on news from the file system. */
    static final Duration LOOK = Duration.ofMillis(200);

    private final WatchService watcher;
    private final Map<Path, WatchKey> keys = new HashMap<>();

    LogWatch(FileSystem system) throws IOException {
        watcher = system.newWatchService();
    }

    /** Watching before looking loses nothing. What is not there, or not any more, is tried again at the next call. */
    void watch(Path directory) {
        WatchKey key = keys.get(directory);
        if (key != null && key.isValid()) {
            return;
        }
        try {
            keys.put(
                    directory,
                    directory.register(
                            watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY));
        } catch (IOException absentOrTooMany) {
            keys.remove(directory);
        }
    }

    /** It is of no interest any more. */
    void forget(Path directory) {
        WatchKey key = keys.remove(directory);
        if (key != null) {
            key.cancel();
        }
    }

    /** Waits for news, at most that long. @return the directories where something happened */
    Set<Path> await(Duration patience) throws InterruptedException {
        Set<Path> changed = new HashSet<>();
        WatchKey signalled = watcher.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        while (signalled != null) {
            signalled.pollEvents();
            if (signalled.watchable() instanceof Path directory) {
                changed.add(directory);
            }
            signalled.reset();
            signalled = watcher.poll();
        }
        return changed;
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
