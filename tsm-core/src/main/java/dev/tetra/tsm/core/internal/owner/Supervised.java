package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.ServiceDirectory;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One service in the owner's hands. Its life is changed only by who holds {@link #life}; its state may be read by anybody.
 */
final class Supervised {
    /** Held from the check to the write of every start, stop and end. */
    final ReentrantLock life = new ReentrantLock();

    final ServiceDirectory files;

    private volatile Service state;
    private volatile CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    private volatile boolean forgotten;
    private volatile boolean hurried;

    /** Guarded by {@link #life}. */
    private long bornTicks;

    private boolean clean;

    private volatile long loggedOut;
    private volatile long loggedErr;

    Supervised(ServiceDirectory files, Service state) {
        this.files = files;
        this.state = state;
    }

    Service state() {
        return state;
    }

    /** Changes the state in memory only: for what is seen for a moment, and for what is true whether or not it can be written. */
    void show(Service next) {
        state = next;
    }

    /** Changes the state on disk, then in memory. @throws IOException if it cannot be written; then neither is changed */
    void save(Service next) throws IOException {
        files.write(next);
        state = next;
    }

    /** Whether it was deleted while somebody waited for its life: another service may have its name by now. */
    boolean isForgotten() {
        return forgotten;
    }

    void forget() {
        forgotten = true;
    }

    /** Whether somebody waits to kill it, so that a grace period that runs is over. */
    boolean isHurried() {
        return hurried;
    }

    void hurry(boolean now) {
        hurried = now;
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

    /** Completes when the process that runs now has ended. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    void running(CompletableFuture<Void> end) {
        ended = end;
    }
}
