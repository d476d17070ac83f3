package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.ports.Listener;
import dev.tetra.tsm.ports.PortProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at what the processes of services use and have open. <em>Safe for use by many threads.</em> */
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

    /** What each of the services uses now, at one look at the process table. */
    public List<Observation> observe(List<Service> services) {
        List<ProcessTable.Entry> all = table.walk(Map.of()).entries();
        Map<Long, Integer> members = members(services, all);
        List<Listener> listeners =
                members.isEmpty() ? List.of() : PortProbe.system().listenersOf(members.keySet());
        long now = table.uptimeTicks();
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < services.size(); i++) {
            observations.add(observation(services.get(i), i, all, members, listeners, now));
        }
        return observations;
    }

    /** For each process of a service, the service's index. */
    private Map<Long, Integer> members(List<Service> services, List<ProcessTable.Entry> all) {
        Map<Long, Integer> leaders = new HashMap<>();
        Map<String, Integer> tokens = new HashMap<>();
        Map<Long, Integer> members = new HashMap<>();
        for (int i = 0; i < services.size(); i++) {
            Service service = services.get(i);
            if (service.run().isPresent() && table.isAlive(service.run().get().process())) {
                leaders.put(service.run().get().process().pid(), i);
                tokens.put(service.token(), i);
            }
        }
        tokens.remove("");
        if (leaders.isEmpty()) {
            return members;
        }
        for (ProcessTable.Entry entry : all) {
            Integer index = leaders.get(entry.session());
            if (index == null) {
                index = leaders.get(entry.group());
            }
            if (index == null) {
                index = tokens.get(table.token(entry.pid()));
            }
            if (index != null && !isWrapper(services.get(index), entry)) {
                members.put(entry.pid(), index);
            }
        }
        addDescendants(all, members);
        return members;
    }

    private boolean isWrapper(Service service, ProcessTable.Entry entry) {
        return service.run().isPresent()
                && service.run().get().wrapper().isPresent()
                && service.run().get().wrapper().get().equals(table.identity(entry));
    }

    private static void addDescendants(List<ProcessTable.Entry> all, Map<Long, Integer> members) {
        boolean grew = true;
        while (grew) {
            grew = false;
            for (ProcessTable.Entry entry : all) {
                Integer index = members.get(entry.parent());
                if (index != null && members.putIfAbsent(entry.pid(), index) == null) {
                    grew = true;
                }
            }
        }
    }

    private Observation observation(
            Service service,
            int index,
            List<ProcessTable.Entry> all,
            Map<Long, Integer> members,
            List<Listener> listeners,
            long now) {
        List<Long> pids = new ArrayList<>();
        long resident = 0;
        long cpuTicks = 0;
        for (ProcessTable.Entry entry : all) {
            if (belongs(entry.pid(), index, members)) {
                pids.add(entry.pid());
                resident += table.residentBytes(entry.pid());
                cpuTicks += entry.cpuTicks();
            }
        }
        if (pids.isEmpty()) {
            return new Observation(pids, 0, Duration.ZERO, Duration.ZERO, List.of());
        }
        Collections.sort(pids);
        List<Listener> own = new ArrayList<>();
        for (Listener listener : listeners) {
            if (listener.pid().isPresent() && belongs(listener.pid().getAsLong(), index, members)) {
                own.add(listener);
            }
        }
        ProcessIdentity leader = service.run().orElseThrow().process();
        return new Observation(
                pids,
                resident,
                Duration.ofMillis(cpuTicks * MILLIS_PER_TICK),
                Duration.ofMillis(Math.max(0, now - leader.startTicks()) * MILLIS_PER_TICK),
                own);
    }

    private static boolean belongs(long pid, int index, Map<Long, Integer> members) {
        Integer of = members.get(pid);
        return of != null && of == index;
    }
}
