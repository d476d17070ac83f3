package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.ports.PortProbe;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The TCP ports that are open on this machine, looked at once for all who ask at a moment. <em>Safe for use by many threads.</em> */
final class OpenPorts {
    private static final OpenPorts SYSTEM = new OpenPorts(PortProbe.system());

    /** What was seen so long ago is as good as what is seen now. */
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final PortProbe probe;

    /** Guarded by this. */
    private Optional<Set<Integer>> seen = Optional.empty();

    private long looked = System.nanoTime() - MOMENT_NANOS;

    private OpenPorts(PortProbe probe) {
        this.probe = probe;
    }

    static OpenPorts system() {
        return SYSTEM;
    }

    /** Whether a program listens on the TCP port. */
    boolean contains(int port) {
        Optional<Set<Integer>> open = look();
        return open.isPresent() ? open.get().contains(port) : probe.isOpen(port);
    }

    private synchronized Optional<Set<Integer>> look() {
        if (System.nanoTime() - looked >= MOMENT_NANOS) {
            seen = probe.openPorts();
            looked = System.nanoTime();
        }
        return seen;
    }
}
