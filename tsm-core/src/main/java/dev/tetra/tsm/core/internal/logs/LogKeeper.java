package dev.tetra.tsm.core.internal.logs;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the logs of services as {@link Service#spec()} says: cuts those that are large or old while their services go on
 * writing, without losing or doubling a byte, and notes when what was written (docs/adr/0005-log-rotation.md). For the owner
 * alone. Nothing that goes wrong with one log is thrown: it is an event, once, and hinders no other.
 *
 * <p><em>Safe for use by many threads.</em> Events come in the calling thread.
 */
public final class LogKeeper {
    /** Rounds that are further apart have missed something. */
    private static final Duration LONG_AGO = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final RuntimeDirectory directory;
    private final Consumer<ServiceEvent> events;
    private final Collapse collapse = new Collapse();
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private volatile @Nullable Instant lastRound;

    /**
     * @param directory whose services these are
     * @param events what takes the {@code ROTATED} events
     */
    public LogKeeper(RuntimeDirectory directory, Consumer<ServiceEvent> events) {
        this.directory = requireNonNull(directory, "directory");
        this.events = requireNonNull(events, "events");
    }

    /**
     * Looks at all logs, and does what is to be done. To be called about once a second: three looks at the file system for
     * each service, and no process unless something is to be cut.
     *
     * @param services all that there are; what is remembered of others is forgotten
     */
    public void round(Collection<Service> services, Instant now) {
        Instant before = lastRound;
        boolean missed = before != null
                && (now.isBefore(before) || Duration.between(before, now).compareTo(LONG_AGO) > 0);
        lastRound = now;
        Set<String> names = new HashSet<>();
        for (Service service : services) {
            names.add(service.name());
            Kept logs = kept(service);
            if (logs.lock.tryLock()) {
                try {
                    logs.look(service, now, missed);
                } finally {
                    logs.lock.unlock();
                }
            }
        }
        kept.keySet().retainAll(names);
    }

    /**
     * Cuts the logs of a service that is about to be launched by renaming them, if it is time and they cannot be cut while
     * it runs. To be called while none of its processes runs, when its directory is there. A log that is being cut in this
     * moment is left alone.
     */
    public void beforeLaunch(Service service, Instant now) {
        Kept logs = kept(service);
        if (logs.lock.tryLock()) {
            try {
                logs.beforeLaunch(service, now);
            } finally {
                logs.lock.unlock();
            }
        }
    }

    private Kept kept(Service service) {
        Kept there = kept.get(service.name());
        if (there != null) {
            return there;
        }
        Kept fresh = new Kept(directory.service(service.name()));
        Kept raced = kept.putIfAbsent(service.name(), fresh);
        return raced == null ? fresh : raced;
    }

    /** The logs of one service. */
    private final class Kept {
        private final ReentrantLock lock = new ReentrantLock();
        private final Path path;
        private final List<KeptLog> logs = new ArrayList<>();
        private @Nullable FileTime changed;

        Kept(Path path) {
            this.path = path;
            logs.add(new KeptLog(new LogFiles(path, LogLine.Stream.OUT.file()), collapse));
            logs.add(new KeptLog(new LogFiles(path, LogLine.Stream.ERR.file()), collapse));
        }

        void look(Service service, Instant now, boolean missed) {
            try {
                FileTime modified = Files.getLastModifiedTime(path);
                // An archive that came or went, whoever made it, is a change of the directory.
                boolean directoryChanged = !modified.equals(changed);
                changed = modified;
                KeptLog.Look look = new KeptLog.Look(now, directoryChanged, missed, isFresh(service, now));
                for (KeptLog log : logs) {
                    boolean there = log.look(look, reporter(service, now));
                    // A start that fails shows what came since; it is not moved under its eyes.
                    if (there && service.status() != Status.STARTING) {
                        log.cut(service.spec().logs(), now, reporter(service, now));
                    }
                }
            } catch (NoSuchFileException deleted) {
                // The service is gone, or about to be.
            } catch (IOException failed) {
                LOG.log(System.Logger.Level.WARNING, "the logs of " + service.name() + ": " + failed.getMessage());
            }
        }

        void beforeLaunch(Service service, Instant now) {
            try {
                KeptLog.Look look = new KeptLog.Look(now, true, false, isFresh(service, now));
                for (KeptLog log : logs) {
                    if (log.look(look, reporter(service, now))) {
                        log.beforeLaunch(service.spec().logs(), now, reporter(service, now));
                    }
                }
            } catch (IOException failed) {
                LOG.log(System.Logger.Level.WARNING, "the logs of " + service.name() + ": " + failed.getMessage());
            }
        }
    }

    /** Whether all that it ever wrote came within the last seconds. */
    private static boolean isFresh(Service service, Instant now) {
        return service.lastExit().isEmpty()
                && service.restarts() == 0
                && (service.startTime().isEmpty()
                        || Duration.between(service.startTime().get(), now).compareTo(LONG_AGO) < 0);
    }

    private KeptLog.Report reporter(Service service, Instant now) {
        return (text, trouble) -> {
            if (trouble) {
                LOG.log(System.Logger.Level.WARNING, service.name() + ": " + text);
            }
            events.accept(new ServiceEvent(
                    now.truncatedTo(ChronoUnit.MILLIS),
                    service.name(),
                    service.id(),
                    ServiceEvent.Kind.ROTATED,
                    ServiceEvent.Cause.OWNER,
                    Optional.empty(),
                    Optional.empty(),
                    text,
                    List.of()));
        };
    }
}
