package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.client.Client;
import dev.tetra.tsm.core.internal.owner.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts, stops and keeps services: the whole entry to supervision.
 *
 * <pre>{@code
 * try (ServiceManager manager = ServiceManager.open(RuntimeDirectory.of(Path.of("run")))) {
 *     Service web = manager.start(ServiceSpec.command("python3", "-m", "http.server").name("web").build());
 *     System.out.println(web.name() + " listens on " + web.port().getAsInt());
 *     manager.stop(List.of(Selector.parse("web")));
 * }
 * }</pre>
 *
 * <p>Whoever opens a directory first is its <em>owner</em>: it launches and watches the services and serves the others
 * through the manager socket. Whoever comes later is a client of the owner. Both look the same here. Closing stops nobody:
 * services go on, and the next owner finds them.
 *
 * <p><em>Safe for use by many threads.</em> After {@link #close()} every method throws {@link IllegalStateException}.
 */
public interface ServiceManager extends AutoCloseable {
    /** How long a start watches the new process by default before it says that it runs. */
    Duration DEFAULT_SETTLE = Duration.ofMillis(300);

    /** How long a stop waits between the stop signal and KILL by default. */
    Duration DEFAULT_GRACE = Duration.ofSeconds(5);

    /**
     * Becomes the owner of the directory, which is made when absent, or a client of the one who is.
     *
     * @throws IOException if the directory cannot be made, read or written, or its owner does not answer
     */
    static ServiceManager open(RuntimeDirectory directory) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            Optional<Owner> owner = Owner.tryOpen(directory);
            if (owner.isPresent()) {
                return owner.get();
            }
            Optional<Client> client = Client.tryConnect(directory, new ProcessBuilder().environment());
            if (client.isPresent()) {
                return client.get();
            }
            // Somebody is on the way to become the owner, or to cease to be it.
            if (System.nanoTime() > deadline) {
                throw new IOException("the owner of " + directory + " holds " + directory.ownerLock()
                        + " and does not answer on " + directory.managerSocket());
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** Becomes a client of the directory's owner; empty when it has none. Services inherit the variables of this JVM. */
    static Optional<ServiceManager> connect(RuntimeDirectory directory) throws IOException {
        return connect(directory, new ProcessBuilder().environment());
    }

    /**
     * Becomes a client of the directory's owner; empty when it has none.
     *
     * @param environment what services inherit, where that is not what this JVM has
     */
    static Optional<ServiceManager> connect(RuntimeDirectory directory, Map<String, String> environment)
            throws IOException {
        Optional<Client> client = Client.tryConnect(directory, environment);
        return client.isPresent() ? Optional.of(client.get()) : Optional.empty();
    }

    /** Whether this JVM is the owner. */
    boolean isOwner();

    /** {@link #start(ServiceSpec, Wait)} with {@link Wait#SETTLED}. */
    default Service start(ServiceSpec spec) throws IOException {
        return start(spec, Wait.SETTLED);
    }

    /** {@link #start(ServiceSpec, Wait)} with {@link Wait#settled}. */
    default Service start(ServiceSpec spec, Duration settle) throws IOException {
        return start(spec, Wait.settled(settle));
    }

    /**
     * Starts a service and watches it for a while. From then on its {@link RestartPolicy} says what follows its ends.
     *
     * @param wait how long
     * @return the service: online, or still starting if it has a {@link Readiness} that was not waited for
     * @throws ServiceException if it may not be started, or ends or proves not to be ready within that time; nothing is left
     *     behind then, and the details hold the last lines it wrote
     * @throws IOException if state cannot be written; nothing runs then
     */
    Service start(ServiceSpec spec, Wait wait) throws IOException;

    /**
     * Says what {@link #start(ServiceSpec)} would do, and does nothing.
     *
     * @throws ServiceException for a spec that cannot be understood; a mere conflict is in {@link StartPlan#refusal()}
     */
    StartPlan plan(ServiceSpec spec) throws IOException;

    /**
     * Stops services, each as its {@link StopPolicy} says: the stop signal to the process group and everything that came from
     * it, KILL to what is left after the grace period, and success only when all are gone.
     *
     * @throws ServiceException if a selector fits nothing or too much; nobody is stopped then
     */
    List<Change> stop(Collection<? extends Selector> selectors) throws IOException;

    /** {@link #stop(Collection)} with another grace period. */
    List<Change> stop(Collection<? extends Selector> selectors, Duration grace) throws IOException;

    /** Ends services by KILL, at once. Otherwise as {@link #stop}. */
    List<Change> kill(Collection<? extends Selector> selectors) throws IOException;

    /** Stops services and forgets them: their directories, logs included, and their port claims are gone. */
    List<Change> delete(Collection<? extends Selector> selectors) throws IOException;

    /**
     * Stops services and starts them again with the same id, name, port, environment file and hook, and with the caller's
     * environment of now.
     *
     * @param wait as for {@link #start(ServiceSpec, Wait)}
     */
    List<Change> restart(Collection<? extends Selector> selectors, Wait wait) throws IOException;

    /** {@link #restart(Collection, Wait)} with {@link Wait#settled}. */
    default List<Change> restart(Collection<? extends Selector> selectors, Duration settle) throws IOException {
        return restart(selectors, Wait.settled(settle));
    }

    /**
     * Sends a signal to the process of each service, and to no other of its group.
     *
     * @throws ServiceException if a selector fits nothing or too much; nobody gets it then
     */
    List<Change> signal(Collection<? extends Selector> selectors, UnixSignal signal) throws IOException;

    /** Has services read their configuration again: by their reload signal, or by RELOAD at the socket that they bind. */
    List<Change> reload(Collection<? extends Selector> selectors) throws IOException;

    /**
     * Makes services what specs say, in the order of their dependencies, otherwise at once: those that do not run are started,
     * those whose process would be another are stopped and started, those that differ in how they are supervised are changed
     * while they run, and those that are as wanted are left alone. Services of no spec are left alone, too.
     *
     * @param specs each with a name of its own
     * @return what became of each, first by order of start; one that could not be started is a failure among them
     * @throws ServiceException if they wait for each other in a circle or for one that is not there; nothing is changed then
     */
    List<Change> apply(List<ServiceSpec> specs, Wait wait) throws IOException;

    /** All services, as of now. */
    Inventory list() throws IOException;

    /** The one service that the selector means. */
    default Service find(Selector selector) throws IOException {
        return list().one(selector);
    }

    /** What a service wrote. */
    ServiceLogs logs(Service service);

    /**
     * What happens to the services from the subscription on, whoever makes it happen. Subscribers are told on threads of their
     * own and hold up nobody. In the owner's JVM a slow subscriber misses what it has no room for (1,024 events); elsewhere the
     * file of events is its buffer. One that throws gets its exception by {@code onError} and is no longer told. Closing the
     * manager completes all subscriptions.
     */
    Flow.Publisher<ServiceEvent> events();

    /**
     * Metrics of all services and of the owner as of now, in Prometheus' text format 0.0.4; docs/TSM.md has their names.
     *
     * @throws IOException if the owner has not got the library
     *     {@code io.prometheus:prometheus-metrics-exposition-textformats}, which is optional
     */
    String metrics() throws IOException;

    /**
     * Waits until no service has run and no client has called for that long. Only for the owner.
     *
     * @return false if the manager was closed meanwhile
     */
    boolean awaitIdle(Duration quiet) throws InterruptedException;

    /** Stops watching, serving and listening; services go on. Idempotent; returns when the directory is free for another. */
    @Override
    void close() throws IOException;
}
