package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.internal.Mark;
import dev.tetra.tsm.core.internal.ServiceDirectory;
import dev.tetra.tsm.core.internal.events.Doer;
import dev.tetra.tsm.core.internal.health.Watching;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One service in the owner's hands. Its life is changed only by who holds {@link #life}; its state may be read by anybody.
 */
final class Supervised {
    /** Held from the check to the write of every start, stop and end. */
    final ReentrantLock life = new ReentrantLock();

    final ServiceDirectory files;

    private final Changes changes;
    private volatile Service state;
    private volatile boolean unsaved;
    private volatile CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    private volatile CompletableFuture<Void> pressed = new CompletableFuture<>();
    private volatile CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private volatile CompletableFuture<Optional<String>> ready = new CompletableFuture<>();
    private volatile boolean forgotten;
    private volatile boolean hurried;

    /** Guarded by {@link #life}, as are all below. */
    private Map<String, String> variables = Map.of();

    private Doer doer = Doer.ITSELF;
    private long doerNanos;
    private Optional<Wrapper> wrapper = Optional.empty();
    private Optional<ProcessIdentity> wrapping = Optional.empty();
    private Optional<ProcessIdentity> justGone = Optional.empty();
    private long launchedNanos = System.nanoTime();
    private long bornTicks;
    private boolean clean;
    private boolean unfinished;
    private long loggedOut;
    private long loggedErr;
    private boolean offered;
    private @Nullable Watching watching;
    private @Nullable Future<?> alarm;

    Supervised(ServiceDirectory files, Service state, Changes changes) {
        this.files = files;
        this.changes = changes;
        this.state = state;
    }

    Service state() {
        return state;
    }

    String name() {
        return state.name();
    }

    /** What tells its processes from others. */
    Mark mark() {
        return Mark.of(state.token(), files);
    }

    /** Changes the state in memory only: for what is seen for a moment, and for what is true whether or not it can be written. */
    void show(Service next) {
        state = next;
        changes.happened();
    }

    /** Changes the state on disk, then in memory. @throws IOException if it cannot be written; then neither is changed */
    void save(Service next) throws IOException {
        files.write(next);
        unsaved = false;
        show(next);
    }

    /** Changes the state in memory to what is true, and on disk if that is possible; else {@link #isUnsaved}. */
    void saveTruth(Service next) throws IOException {
        show(next);
        unsaved = true;
        save(next);
    }

    /** Whether the disk did not take the last truth. */
    boolean isUnsaved() {
        return unsaved;
    }

    /** Whether it was deleted while somebody waited for its life: another service may have its name by now. */
    boolean isForgotten() {
        return forgotten;
    }

    void forget() {
        forgotten = true;
        changes.happened();
    }

    /** Whether somebody waits to kill it, so that a grace period that runs is over. */
    boolean isHurried() {
        return hurried;
    }

    void hurry(boolean now) {
        hurried = now;
    }

    /** Somebody waits for its life: a start that only watches is over. */
    void press() {
        pressed.complete(null);
    }

    /** Somebody waits for its life to stop it: a start whose hook still runs is over, too. */
    void cancel() {
        press();
        cancelled.complete(null);
    }

    /** Whoever waited to stop it has its life. */
    void heard() {
        cancelled = new CompletableFuture<>();
    }

    /** Completes when somebody waits to stop it. */
    CompletableFuture<Void> cancelled() {
        return cancelled;
    }

    /** The variables of its next process, before the pre-hook. */
    Map<String, String> variables() {
        return variables;
    }

    void variables(Map<String, String> next) {
        variables = Map.copyOf(next);
    }

    /** Whether its process is being ended although nobody asked for it: it failed, whatever its exit will say. */
    boolean isCondemned() {
        return doer.cause() == Cause.PROBE;
    }

    /** Whose doing it is if its process ends now: a signal that was sent longer ago than a stop would wait has not ended it. */
    Doer doer() {
        boolean stale = doer.cause() == Cause.USER
                && System.nanoTime() - doerNanos > state.spec().stop().grace().toNanos();
        return stale ? Doer.ITSELF : doer;
    }

    void doer(Doer whoever) {
        doer = whoever;
        doerNanos = System.nanoTime();
    }

    /** Since when its processes can be there, in ticks since boot; 0 if not known. */
    long bornTicks() {
        return bornTicks;
    }

    void born(long ticks) {
        bornTicks = ticks;
    }

    /** Whether a look has shown that nothing of it runs, and nothing was launched since. */
    boolean isClean() {
        return clean;
    }

    void clean(boolean now) {
        clean = now;
    }

    /** Whether it is still to be decided what follows an end that nobody watched. */
    boolean isUnfinished() {
        return unfinished;
    }

    void unfinished(boolean now) {
        unfinished = now;
    }

    /** Whether its control socket is served. */
    boolean isOffered() {
        return offered;
    }

    void offered(boolean now) {
        offered = now;
    }

    /** Remembers how large the logs were before a run, so that its own lines can be shown. */
    void logged(long out, long err) {
        loggedOut = out;
        loggedErr = err;
    }

    long loggedOut() {
        return loggedOut;
    }

    long loggedErr() {
        return loggedErr;
    }

    /** Remembers what is to happen later; whatever was to happen before does not. */
    void alarm(@Nullable Future<?> next) {
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarm = next;
    }

    /** Its wrapper, if this JVM made it: it may launch the next process, too. */
    Optional<Wrapper> wrapper() {
        return wrapper;
    }

    /** Takes another wrapper, or none; the one before launches nothing more. */
    void wrapper(Optional<Wrapper> next) {
        if (wrapper.isPresent() && !wrapper.equals(next)) {
            wrapper.get().dismiss();
        }
        wrapper = next;
        wrapping = next.flatMap(Wrapper::identity);
    }

    /** Its wrapper, if ours, launches nothing more, and ends with its process. */
    void dismissWrapper() {
        wrapper.ifPresent(Wrapper::dismiss);
    }

    /** Who is or was its last wrapper, whoever made it: none of its processes, although it carries their mark. */
    Optional<ProcessIdentity> wrapping() {
        return wrapping;
    }

    /** The process that ended a moment ago, while it was watched. */
    Optional<ProcessIdentity> justGone() {
        return justGone;
    }

    void justGone(Optional<ProcessIdentity> process) {
        justGone = process;
    }

    /** A process runs, since that long; its end completes the future. */
    void running(Service.Run run, CompletableFuture<Void> end, Duration since) {
        ended = end;
        wrapping = run.wrapper();
        justGone = Optional.empty();
        ready = new CompletableFuture<>();
        pressed = new CompletableFuture<>();
        doer = Doer.ITSELF;
        launchedNanos = System.nanoTime() - since.toNanos();
    }

    /** How long the process that runs or ran last was there until now. */
    Duration uptime() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - launchedNanos));
    }

    /** The process that runs serves. */
    void serves() {
        ready.complete(Optional.empty());
    }

    /** The process that runs does not serve, and its time is over. */
    void neverServes(String why) {
        ready.complete(Optional.of(why));
    }

    /** Whether the process that runs has shown that it serves. */
    boolean hasServed() {
        return ready.isDone() && ready.join().isEmpty();
    }

    /** Why the process that runs is known not to serve in time. */
    Optional<String> whyNotReady() {
        return ready.isDone() ? ready.join() : Optional.empty();
    }

    /** Who asks whether the process that runs serves; whoever asked before asks no more. */
    void watching(@Nullable Watching next) {
        Watching before = watching;
        watching = next;
        if (before != null) {
            before.close();
        }
    }

    /** What came first of what a start waits for. */
    enum Event {
        ENDED,
        READY,
        PRESSED,
        TIMEOUT
    }

    /** Waits for the end of the process that runs, for somebody else who wants its life, or that long. */
    Event awaitEnd(Duration limit) {
        return await(limit, CompletableFuture.anyOf(ended, pressed));
    }

    /** The same, or until it serves or is known not to in time. */
    Event awaitReady() {
        return await(Amounts.LONGEST, CompletableFuture.anyOf(ended, pressed, ready));
    }

    private Event await(Duration limit, CompletableFuture<?> any) {
        boolean timely = await(any, limit);
        if (ended.isDone()) {
            return Event.ENDED;
        }
        if (!timely) {
            return Event.TIMEOUT;
        }
        return pressed.isDone() ? Event.PRESSED : Event.READY;
    }

    /** Waits until the process is gone and its exit status written, or its wrapper gone; false when time is up. */
    boolean awaitGone(Duration limit) {
        return await(ended, limit);
    }

    private static boolean await(CompletableFuture<?> future, Duration limit) {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
