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

    private volatile long loggedOut;
    private volatile long loggedErr;

    Supervised(ServiceDirectory files, Service state) {
        this.files = files;
        this.state = state;
    }

    Service state() {
        return state;
    }

    /** Changes the state in memory only, for what is seen for a moment. */
    void show(Service next) {
        state = next;
    }

    /** Changes the state on disk, then in memory. @throws IOException if it cannot be written; then neither is changed */
    void save(Service next) throws IOException {
        files.write(next);
        state = next;
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
