package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether services serve; an owner has one. One thread keeps the time, and another reads what services say once one of
 * them speaks sd_notify(3); the work is done on the owner's workers, by few at a time and never waiting. <em>Safe for use by
 * many threads.</em>
 *
 * <p>For each launch: {@link #environment} before it, {@link #begin} after it or {@link #discard} if it failed, and
 * {@link Watching#close} when the run has ended or is to be ended, so that no probe is in its way.
 */
public final class HealthWatch implements AutoCloseable {
    /**
     * Variables by which this JVM's own supervisor may speak to this JVM: they do not go to services, which would else answer
     * in its place. {@link #environment} has what belongs to the service.
     */
    public static final Set<String> NOT_INHERITED = Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    /** Questions never wait, so that few looks at a time are enough for all services. */
    private static final int AT_ONCE = 4;

    private final Executor workers;
    private final RandomGenerator random;
    private final NotifySockets sockets;
    private final Lane lane;
    private final ScheduledThreadPoolExecutor clock;
    private final Set<Watching> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param directory where notify sockets are, as {@code runtime/sockets/NAME.notify}
     * @param paths the same sockets by a way that the kernel takes
     * @param workers runs looks and listeners; a listener may keep a thread of it for as long as it likes
     * @param random spreads liveness probes over their periods
     */
    public HealthWatch(RuntimeDirectory directory, ShortPaths paths, Executor workers, RandomGenerator random) {
        this.workers = workers;
        this.random = random;
        this.sockets = new NotifySockets(directory, paths);
        this.lane = new Lane(workers, AT_ONCE);
        this.clock = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "tsm-health");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * What a service that is about to be launched gets besides its other variables; empty unless one of its probes is
     * {@link Probe.Notify}. Its notify socket is there from now on, so that nothing it says is lost.
     *
     * <p>{@code NOTIFY_SOCKET} is the socket's path. {@code WATCHDOG_USEC} is the period of its liveness, in which it has to say
     * {@code WATCHDOG=1}. {@code WATCHDOG_PID} is not set: the process id is not known before the launch, and without it
     * sd_watchdog_enabled(3) takes the watchdog as meant for whoever asks.
     *
     * @throws IOException if the socket cannot be made, with the reason
     */
    public Map<String, String> environment(Service service) throws IOException {
        Map<String, String> variables = new HashMap<>();
        if (Target.asks(service, Probe.Notify.class)) {
            variables.put("NOTIFY_SOCKET", sockets.prepare(service).path().toString());
            Liveness liveness = service.spec().liveness().orElse(null);
            if (liveness != null && liveness.probe() instanceof Probe.Notify) {
                long micros = TimeUnit.NANOSECONDS.toMicros(liveness.period().toNanos());
                variables.put("WATCHDOG_USEC", Long.toString(Math.max(1, micros)));
            }
        }
        return variables;
    }

    /** Takes back what {@link #environment} prepared for a launch that failed. */
    public void discard(Service service) {
        sockets.discard(service);
    }

    /**
     * Watches a run: asks for its readiness at once and at growing distance until it is ready or its time is over, then for its
     * liveness. A run with neither costs nothing.
     *
     * @throws IOException if it was adopted and its notify socket cannot be made again
     */
    public Watching begin(Target target, Listener listener) throws IOException {
        Service service = target.service();
        NotifySocket socket = Target.asks(service, Probe.Notify.class) ? sockets.take(service) : null;
        Calls calls = new Calls(listener, workers);
        Course course = new Course(
                service.spec().ready(),
                service.spec().liveness(),
                target.isReady(),
                target.adopted(),
                ProcessTable.system().age(target.process()),
                random,
                calls);
        Prober prober = new Prober(target, () -> socket != null && socket.saidReady(), workers);
        return opened(new Watching(this, prober, course, calls, socket));
    }

    private Watching opened(Watching watching) {
        open.add(watching);
        watching.begin();
        if (closed) {
            watching.close();
        }
        return watching;
    }

    void onLane(Runnable step) {
        lane.execute(step);
    }

    /** Runs it on the clock's thread, which must not be kept; null when this closes. */
    @Nullable Future<?> after(long nanos, Runnable tick) {
        try {
            return clock.schedule(tick, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            return null;
        }
    }

    void forget(Watching watching) {
        open.remove(watching);
    }

    /** Watches nothing any more, as {@link Watching#close()}; services run on. Idempotent. */
    @Override
    public void close() {
        closed = true;
        for (Watching watching : List.copyOf(open)) {
            watching.close();
        }
        sockets.close();
        clock.shutdown();
    }
}
