package dev.tetra.tsm.ports;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Sees which ports are really open on this machine, and who has them open. <em>Safe for use by many threads.</em>
 *
 * <p>On Linux it reads {@code /proc/net/{tcp,tcp6,udp,udp6}}, and looks into {@code /proc/PID/fd} only when an owner must
 * be named. Processes of other users keep their ports visible, but not their pid. Where there is no {@code /proc}, it
 * tries to bind, and nobody can be named.
 *
 * <p>Each call looks afresh; nothing is kept, nothing needs closing.
 */
public final class PortProbe implements PortUse {

    private final Path proc;
    private final BindTest bindTest;

    PortProbe(Path proc, BindTest bindTest) {
        this.proc = proc;
        this.bindTest = bindTest;
    }

    /** The probe of this machine. */
    public static PortProbe system() {
        return new PortProbe(Path.of("/proc"), BindTest.SYSTEM);
    }

    /**
     * Whether a program listens on the TCP port, on any address. Names nobody, and is fast.
     *
     * @param port from 1 to 65535
     */
    public boolean isOpen(int port) {
        Ports.check(port);
        Optional<SocketTable> table = SocketTable.tcp(proc);
        return table.isPresent() ? table.get().listensOn(port) : bindTest.isTaken(port);
    }

    /**
     * All TCP ports that some program listens on, on any address: one look for many questions like {@link #isOpen}. Empty where
     * there is no {@code /proc}.
     */
    public Optional<Set<Integer>> openPorts() {
        Optional<SocketTable> table = SocketTable.tcp(proc);
        return table.isPresent() ? Optional.of(table.get().ports()) : Optional.empty();
    }

    /**
     * Who listens on the TCP port; empty if a server could listen there now. A port that no one is seen to listen on is
     * tried by binding to it, so that what {@code /proc} hides counts too. UDP and established connections do not count.
     *
     * @param port from 1 to 65535
     */
    @Override
    public Optional<PortHolder> holder(int port) {
        return look().holder(port);
    }

    /** All listening TCP and bound UDP sockets with their owners, by port; empty where there is no {@code /proc}. */
    public List<Listener> listeners() {
        List<SocketTable.Socket> sockets = SocketTable.all(proc);
        return named(sockets, ProcessTable.ownersOf(proc, SocketTable.inodes(sockets)));
    }

    /**
     * The listening TCP and bound UDP sockets that these processes have open, by port; empty where there is no
     * {@code /proc}.
     *
     * @param pids the processes, for example a service's whole process tree
     */
    public List<Listener> listenersOf(Set<Long> pids) {
        List<SocketTable.Socket> sockets = SocketTable.all(proc);
        Map<Long, Long> owners = ProcessTable.ownersOf(proc, SocketTable.inodes(sockets), pids);
        sockets.removeIf(socket -> !owners.containsKey(socket.inode()));
        return named(sockets, owners);
    }

    /** One look at the TCP table that serves many questions. */
    PortUse look() {
        Optional<SocketTable> table = SocketTable.tcp(proc);
        return port -> {
            Ports.check(port);
            if (table.isPresent() && table.get().listensOn(port)) {
                return Optional.of(name(port, table.get()));
            }
            return bindTest.isTaken(port) ? Optional.of(PortHolder.unseen(port)) : Optional.empty();
        };
    }

    private PortHolder name(int port, SocketTable table) {
        OptionalLong pid = ProcessTable.firstOwnerOf(proc, table.inodesOn(port));
        return pid.isPresent()
                ? PortHolder.process(port, pid.getAsLong(), ProcessTable.command(proc, pid.getAsLong()))
                : PortHolder.unseen(port);
    }

    private List<Listener> named(List<SocketTable.Socket> sockets, Map<Long, Long> owners) {
        List<Listener> listeners = new ArrayList<>(sockets.size());
        for (SocketTable.Socket socket : sockets) {
            Long pid = owners.get(socket.inode());
            String command = pid == null ? "" : ProcessTable.command(proc, pid);
            listeners.add(new Listener(
                    socket.port(),
                    socket.transport(),
                    socket.address(),
                    pid == null ? OptionalLong.empty() : OptionalLong.of(pid),
                    command.isEmpty() ? Optional.empty() : Optional.of(command)));
        }
        return listeners;
    }
}
