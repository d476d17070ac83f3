package dev.tetra.benchmarks;

import java.util.Map;
import java.util.Optional;

/**
 * What our median may be at most. <em>Immutable.</em>
 *
 * @param limit a value in the row's unit, or a share of a peer's median
 * @param peer the peer whose share it is
 */
record Target(double limit, Optional<String> peer) {
    /** At most that value. */
    static Target atMost(double limit) {
        return new Target(limit, Optional.empty());
    }

    /** At most that share of a peer's median. */
    static Target shareOf(String peer, double limit) {
        return new Target(limit, Optional.of(peer));
    }

    /** Whether our median keeps to it: {@code reached}, {@code **missed**}, or {@code -} where the peer was left out. */
    String verdict(double ours, Map<String, Samples> sides) {
        double most = limit;
        if (peer.isPresent()) {
            Samples peers = sides.get(peer.get());
            if (peers == null) {
                return "-";
            }
            most = limit * peers.median();
        }
        return ours <= most ? "reached" : "**missed**";
    }

    /** As in a table. */
    @Override
    public String toString() {
        String number = limit == Math.rint(limit) && peer.isEmpty() ? Long.toString((long) limit) : "" + limit;
        return "≤ " + number + (peer.isPresent() ? " of " + peer.get() : "");
    }
}
