package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Service;

/**
 * What is told of one run of a service. Calls come from worker threads, in order and never two at once for one run; they may
 * block, which delays nobody else. None begins after {@link Watching#close()} has returned.
 */
public interface Listener {
    /**
     * It serves. At most once, and never after {@link #neverReady}.
     *
     * @param how one clause, such as {@code HTTP 200}
     */
    void ready(String how);

    /**
     * Its readiness timeout is over; nothing more is told.
     *
     * @param why such as {@code not ready within 30s: HTTP 503}
     */
    void neverReady(String why);

    /** What is known of its health has changed; what it said last and why a probe failed is in it. */
    void health(Service.Health now);

    /**
     * It does not serve any more, or its watchdog was missed, or it asked for it; nothing more is told.
     *
     * @param why such as {@code 3 probes in a row failed: HTTP 503}
     */
    void failed(String why);

    /** It said how it does: {@code STATUS=} of sd_notify(3), empty when it took that back. {@link #health} follows. */
    void said(String status);

    /** It said that it ends by itself: {@code STOPPING=1}. Its health is not looked at any more. */
    void stopping();
}
