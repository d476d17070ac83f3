package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.Census;
import dev.tetra.tsm.core.internal.Mark;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.ports.Listener;
import dev.tetra.tsm.ports.PortHolder;
import dev.tetra.tsm.ports.PortProbe;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a process of a service has the service's port open, TCP or UDP. <em>For one thread at a time.</em> */
final class PortLook {
    /** While no TCP port is open, every how many looks one for UDP is taken, which costs several times as much. */
    private static final int UDP_LOOK = 16;

    private final PortProbe ports = PortProbe.system();
    private final Target target;
    private int looks;
    private boolean isUdp;

    PortLook(Target target) {
        this.target = target;
    }

    /** Looks; the cheap looks, which mostly tell, come first. A UDP port counts if the service's own process has it. */
    Answer look(int port) {
        boolean isOpen = OpenPorts.system().contains(port);
        if (!isOpen && !isUdp && ++looks % UDP_LOOK != 0) {
            return Answer.no("nothing listens on port " + port);
        }
        if (isOpenBy(Set.of(target.process().pid()), port)) {
            isUdp = !isOpen;
            return Answer.yes("listens on port " + port);
        }
        if (!isOpen) {
            return Answer.no("nothing listens on port " + port);
        }
        if (isOpenBy(family(""), port) || isOpenBy(family(target.service().token()), port)) {
            return Answer.yes("listens on port " + port);
        }
        return Answer.no(others(port));
    }

    private String others(int port) {
        Optional<PortHolder> holder = ports.holder(port);
        return holder.isPresent() && holder.get().pid().isPresent()
                ? "port " + port + " is open by pid " + holder.get().pid().getAsLong()
                        + ", which is none of its processes"
                : "port " + port + " is open, but by none of its processes";
    }

    private boolean isOpenBy(Set<Long> pids, int port) {
        for (Listener listener : ports.listenersOf(pids)) {
            if (listener.port() == port) {
                return true;
            }
        }
        return false;
    }

    /** @param token empty to leave out who left the tree */
    private Set<Long> family(String token) {
        Optional<Service.Run> run = target.service().run();
        List<ProcessTable.Entry> family = Census.system()
                .look()
                .family(
                        Optional.of(target.process()),
                        false,
                        Mark.token(token),
                        run.orElseThrow().wrapper(),
                        target.process().startTicks());
        Set<Long> pids = new HashSet<>();
        for (ProcessTable.Entry entry : family) {
            pids.add(entry.pid());
        }
        return pids;
    }
}
