package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.ports.Listener;
import dev.tetra.tsm.ports.PortProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks at what the processes of a service use and have open. <em>Safe for use by many threads.</em> */
public final class Observer {
    private static final Observer SYSTEM = new Observer(ProcessTable.system());

    /** {@code /proc} counts in hundredths of a second on every Linux (USER_HZ). */
    private static final long MILLIS_PER_TICK = 10;

    private final ProcessTable table;

    Observer(ProcessTable table) {
        this.table = table;
    }

    /** The observer of this machine. */
    public static Observer system() {
        return SYSTEM;
    }

    /** What the service uses now. */
    public Observation observe(Service service) {
        if (service.run().isEmpty() || !table.isAlive(service.run().get().process())) {
            return new Observation(List.of(), 0, Duration.ZERO, Duration.ZERO, List.of());
        }
        ProcessIdentity leader = service.run().get().process();
        Set<Long> pids = new HashSet<>();
        long resident = 0;
        long cpuTicks = 0;
        for (ProcessTable.Entry entry :
                table.family(leader, service.token(), service.run().get().wrapper())) {
            pids.add(entry.pid());
            resident += table.residentBytes(entry.pid());
            cpuTicks += entry.cpuTicks();
        }
        List<Long> sorted = new ArrayList<>(pids);
        Collections.sort(sorted);
        List<Listener> listeners = PortProbe.system().listenersOf(pids);
        long uptimeTicks = Math.max(0, table.uptimeTicks() - leader.startTicks());
        return new Observation(
                sorted,
                resident,
                Duration.ofMillis(cpuTicks * MILLIS_PER_TICK),
                Duration.ofMillis(uptimeTicks * MILLIS_PER_TICK),
                listeners);
    }
}
