package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.internal.ProcessTable.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at all processes at once, for all who ask at the same time: a hundred services that stop together are not a hundred
 * walks through {@code /proc}. <em>Safe for use by many threads.</em>
 */
public final class Census {
    /** A process of that age has become what it is: between fork(2) and execve(2) it still has its parent's environment. */
    private static final long SETTLED_TICKS = 200;

    private static final Census SYSTEM = new Census(ProcessTable.system());

    private final ProcessTable table;

    /** Who was found to carry which token; of settled processes only, which keep it. */
    private final Map<ProcessIdentity, String> settled = new ConcurrentHashMap<>();

    /** Those of the last look; for whoever is looking. */
    private volatile Map<Long, Long> zombies = Map.of();

    /** All below are guarded by this. */
    private long asked;

    private boolean looking;
    private long answered;
    private Look last = new Look(new ProcessTable.Walk(List.of(), Map.of(), false), 0);

    private Census(ProcessTable table) {
        this.table = table;
    }

    /** The census of this machine. */
    public static Census system() {
        return SYSTEM;
    }

    /** A look that began after this call. */
    public Look look() {
        long ticket;
        synchronized (this) {
            ticket = ++asked;
            boolean interrupted = false;
            while (looking && answered < ticket) {
                try {
                    wait();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (answered >= ticket) {
                return last;
            }
            looking = true;
            ticket = asked;
        }
        Look look = null;
        try {
            ProcessTable.Walk walk = table.walk(zombies);
            zombies = walk.zombies();
            look = new Look(walk, table.uptimeTicks());
            if (settled.size() > 2 * look.entries.size()) {
                settled.clear();
            }
            return look;
        } finally {
            synchronized (this) {
                looking = false;
                if (look != null) {
                    last = look;
                    answered = ticket;
                }
                notifyAll();
            }
        }
    }

    /** All processes at one moment. <em>Safe for use by many threads.</em> */
    public final class Look {
        private final List<Entry> entries;
        private volatile boolean torn;
        private final long ticks;
        private final Map<Long, String> tokens = new ConcurrentHashMap<>();

        private Look(ProcessTable.Walk walk, long ticks) {
            this.entries = walk.entries();
            this.torn = walk.torn();
            this.ticks = ticks;
        }

        /** Whether it may have missed a process: {@link ProcessTable.Walk#torn}, or one whose token could not be told. */
        public boolean isTorn() {
            return torn;
        }

        /**
         * A process, all that came from it, all in its session or process group, and all that carry the mark: whatever left
         * the tree by a double fork still has its environment, or writes to the same logs. Never this JVM.
         *
         * @param leader the process, leader of its session and group; without it only the mark and descent count
         * @param justGone whether its end was seen a moment ago: whoever is in its session or group came from it then, since no
         *     new process gets that number while one of them is there (kernel/pid.c)
         * @param mark what tells its processes from others
         * @param wrapper a process that does not count
         * @param bornTicks no process that was made before carries the mark; 0 where that is not known
         */
        public List<Entry> family(
                Optional<ProcessIdentity> leader,
                boolean justGone,
                Mark mark,
                Optional<ProcessIdentity> wrapper,
                long bornTicks) {
            List<Entry> family = new ArrayList<>();
            if (leader.isPresent() && !table.bootId().equals(leader.get().bootId())) {
                return family;
            }
            long self = Self.PID;
            long notThat = wrapper.isPresent() ? wrapper.get().pid() : 0;
            // Long after the leader is gone its number may be another's, and so the number of a group or session.
            long own = leader.isPresent() && (justGone ? !isAnothers(leader.get()) : table.isAlive(leader.get()))
                    ? leader.get().pid()
                    : 0;
            long since = leader.isPresent() ? leader.get().startTicks() : 0;
            Set<Long> pids = new HashSet<>();
            for (Entry entry : entries) {
                boolean counts = entry.pid() != self && entry.pid() != notThat;
                boolean inGroup = own > 0
                        && entry.startTicks() >= since
                        && (entry.pid() == own || entry.session() == own || entry.group() == own);
                if (counts && (inGroup || (entry.startTicks() >= bornTicks && carries(entry, mark)))) {
                    pids.add(entry.pid());
                    family.add(entry);
                }
            }
            addDescendants(family, pids, self, notThat);
            return family;
        }

        /** Whether another process has its number already. */
        private boolean isAnothers(ProcessIdentity process) {
            for (Entry entry : entries) {
                if (entry.pid() == process.pid() && entry.startTicks() != process.startTicks()) {
                    return true;
                }
            }
            return false;
        }

        private void addDescendants(List<Entry> family, Set<Long> pids, long self, long notThat) {
            boolean grew = !family.isEmpty();
            while (grew) {
                grew = false;
                for (Entry entry : entries) {
                    boolean counts = entry.pid() != self && entry.pid() != notThat;
                    if (counts && pids.contains(entry.parent()) && pids.add(entry.pid())) {
                        family.add(entry);
                        grew = true;
                    }
                }
            }
        }

        private boolean carries(Entry entry, Mark mark) {
            return (!mark.token().isEmpty() && token(entry).equals(mark.token())) || table.writesTo(entry.pid(), mark);
        }

        private String token(Entry entry) {
            if (ticks - entry.startTicks() > SETTLED_TICKS) {
                return settled.computeIfAbsent(table.identity(entry), process -> table.token(process.pid()));
            }
            return tokens.computeIfAbsent(entry.pid(), pid -> {
                String token = table.tokenIfSettled(pid);
                torn |= token == null;
                return token == null ? "" : token;
            });
        }
    }

    /** Asked for only where it is needed: the JDK starts much for it. */
    private static final class Self {
        static final long PID = ProcessHandle.current().pid();
    }
}
