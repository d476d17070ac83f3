package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.core.internal.Observer;
import dev.tetra.tsm.core.internal.client.ControlClient;
import dev.tetra.tsm.core.internal.events.EventFiles;
import dev.tetra.tsm.core.internal.events.EventFollower;
import dev.tetra.tsm.core.internal.metrics.Metrics;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where the truth lives: {@code $TETRA_DIR/tsm} and what is in it (guide, "Runtime directory"). <em>Immutable.</em>
 *
 * <pre>
 * patterns.txt                     the user's port patterns
 * hooks/                           the user's hooks
 * enabled.yml                      a service file: what is brought up at boot
 * runtime/owner.lock               held by the owner for its life
 * runtime/ports                    the port claims
 * runtime/ended                    a fifo: wrappers name the services whose process has ended
 * runtime/events.jsonl             what happened; older events in events.jsonl.1
 * runtime/processes/NAME/          meta.json  current.out  current.err  wrapper.err
 *                                  process (the process's line of /proc, as it was launched)  exit (its exit status)
 *                                  current.out.NUMBER (archives)  current.out.index (when what was written)
 * runtime/sockets/tsm.sock         the owner's socket
 * runtime/sockets/NAME.sock        a service's control socket: the owner's, or a link to the service's own
 * runtime/sockets/own/             where services bind their own: TSM_SOCKET_PATH
 * </pre>
 */
public final class RuntimeDirectory {
    private final Path root;

    private RuntimeDirectory(Path root) {
        this.root = root;
    }

    /** The directory {@code $TETRA_DIR/tsm}, which need not exist yet. */
    public static RuntimeDirectory of(Path root) {
        return new RuntimeDirectory(root.toAbsolutePath().normalize());
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** A fifo, in which wrappers name the services whose process has ended. */
    public Path ended() {
        return runtime().resolve("ended");
    }

    /** The user's port patterns. */
    public Path patterns() {
        return root.resolve("patterns.txt");
    }

    /** The user's hooks. */
    public Path hooks() {
        return root.resolve("hooks");
    }

    /** A service file of what is brought up at boot; not there where that is nothing. */
    public Path enabled() {
        return root.resolve("enabled.yml");
    }

    /** What TSM keeps there. */
    public Path runtime() {
        return root.resolve("runtime");
    }

    /** One directory for each service. */
    public Path processes() {
        return runtime().resolve("processes");
    }

    /** The directory of one service; the name must have been checked. */
    public Path service(String name) {
        return processes().resolve(name);
    }

    /** The Unix sockets. */
    public Path sockets() {
        return runtime().resolve("sockets");
    }

    /** The owner's socket. */
    public Path managerSocket() {
        return sockets().resolve("tsm.sock");
    }

    /**
     * The control socket of a service, to which anybody connects (guide, "Unix Domain Sockets"): served by the owner, or a
     * symbolic link to {@link #ownSocket} while the service listens there itself. A service called {@code tsm} has
     * {@code tsm~.sock}.
     */
    public Path controlSocket(String name) {
        return sockets().resolve(name.equals("tsm") ? "tsm~.sock" : name + ".sock");
    }

    /** Where a service may listen itself: what {@code TSM_SOCKET_PATH} names, the long way. */
    public Path ownSocket(String name) {
        return ownSockets().resolve(ShortPaths.fileName(name, ".sock"));
    }

    /** The directory of the sockets that services bind themselves. */
    public Path ownSockets() {
        return sockets().resolve("own");
    }

    /** The lock that the owner holds. */
    public Path ownerLock() {
        return runtime().resolve("owner.lock");
    }

    /** What a background owner wrote. */
    public Path ownerLog() {
        return runtime().resolve("owner.log");
    }

    /** What happened to the services: one event a line (docs/schema/event.schema.json), older ones in {@code events.jsonl.1}. */
    public Path eventLog() {
        return runtime().resolve("events.jsonl");
    }

    /** The port claims. */
    public Path ports() {
        return runtime().resolve("ports");
    }

    /**
     * Makes the directories, for nobody but this user (0700). Idempotent.
     *
     * @throws IOException if they cannot be made or written
     */
    public void create() throws IOException {
        Files.createDirectories(root);
        for (Path directory : new Path[] {runtime(), processes(), sockets()}) {
            try {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException there) {
                if (!Files.isDirectory(directory)) {
                    throw new IOException(
                            directory + " is not a directory; remove it, or choose another TETRA_DIR", there);
                }
            }
        }
        if (!Files.isWritable(processes())) {
            throw new IOException(processes() + " cannot be written by this user; choose another TETRA_DIR");
        }
    }

    /**
     * All services as they are now: from the files and the process table, without asking an owner and without writing. A
     * directory that does not exist has none.
     *
     * @throws IOException if the directory exists and cannot be listed
     */
    public Inventory read() throws IOException {
        return InventoryReader.read(this);
    }

    /** What the processes of a service use and have open now; all zero when it does not run. */
    public Observation observe(Service service) {
        return observe(List.of(service)).get(0);
    }

    /** The same for many services at one look: one observation for each, in their order. */
    public List<Observation> observe(List<Service> services) {
        return Observer.system().observe(services);
    }

    /** What a service wrote. */
    public ServiceLogs logs(Service service) {
        return new ServiceLogs(service.name(), service(service.name()));
    }

    /**
     * Sends a line to whoever listens at a service's control socket, the service itself or the owner, and gives the line that
     * comes back, without its end. The owner answers {@code STATUS}, {@code HEALTH}, {@code RELOAD} and {@code STOP} with a
     * JSON object; a service with a socket of its own, whatever it likes.
     *
     * @param line what to say, without a line break, at most 1 MB
     * @param timeout how long to wait for the whole answer; after it, what was said may still be done
     * @return at most 1 MB
     * @throws ServiceException {@link ServiceException.Reason#NO_SOCKET} if nobody listens, and nothing was said;
     *     {@link ServiceException.Reason#NO_ANSWER} if no whole line came back
     */
    public String send(Service service, String line, Duration timeout) throws IOException {
        return ControlClient.send(this, service, line, timeout);
    }

    /**
     * The last events of all services, newest last, those of deleted services included. Read from the disk, from the end on;
     * nothing where nothing happened yet.
     *
     * @param last how many, at least 0
     * @throws IOException if the log is there and cannot be read
     */
    public List<ServiceEvent> events(int last) throws IOException {
        return events(last, event -> true);
    }

    /** The last events of the service with exactly that name, which may have been deleted. */
    public List<ServiceEvent> events(int last, String service) throws IOException {
        return events(last, event -> event.service().equals(service));
    }

    /** The last events that are wanted. */
    public List<ServiceEvent> events(int last, Predicate<? super ServiceEvent> wanted) throws IOException {
        try (EventFiles files = EventFiles.open(eventLog())) {
            return files.last(last, wanted);
        }
    }

    /**
     * Hands over the last events and then every event that happens, in the calling thread, whichever JVM is the owner and
     * whether or not there is one yet.
     *
     * @param last how many of those that are there to begin with
     * @param wanted which of them all
     * @param sink what takes the events; what it throws ends the following and is thrown
     * @param until asked several times a second and after each change; true ends the following
     */
    public void followEvents(
            int last,
            Predicate<? super ServiceEvent> wanted,
            Consumer<? super ServiceEvent> sink,
            BooleanSupplier until)
            throws IOException, InterruptedException {
        try (EventFollower follower = EventFollower.open(eventLog(), last, wanted, sink)) {
            follower.follow(until);
        }
    }

    /**
     * Metrics of all services as of now, in Prometheus' text format 0.0.4; see docs/TSM.md for their names. Read from the disk
     * and the process table, without asking an owner.
     *
     * @throws IOException if the directory cannot be listed, or the library
     *     {@code io.prometheus:prometheus-metrics-exposition-textformats}, which is optional, is not there
     */
    public String metrics() throws IOException {
        return Metrics.read(this, read(), Optional.empty());
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
