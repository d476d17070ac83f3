package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends a service with everything that came from it: its process group, its descendants in other groups and sessions, and
 * what left the tree but still carries its token. Says that it is gone only after looking.
 */
final class Terminator {
    /** How long the kernel may take to carry out KILL; longer is a process stuck in the kernel. */
    private static final Duration KILL_TAKES = Duration.ofSeconds(5);

    /** A stop that is over by then is not worth writing down as under way. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static final long FIRST_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ProcessTable table;
    private final Signals signals;

    Terminator(ProcessTable table) {
        this.table = table;
        this.signals = new Signals(table);
    }

    /**
     * How it went.
     *
     * @param killed whether KILL was needed
     * @param swept how many processes outside the service's own group were ended
     * @param left the process ids that are still there
     */
    record Ending(boolean killed, int swept, List<Long> left) {}

    /**
     * Ends the family.
     *
     * @param signal the first signal; KILL for no grace
     * @param slow called once when it takes longer than a moment
     */
    Ending end(Service.Run run, String token, String signal, Duration grace, Runnable slow) throws IOException {
        Family family = new Family(run, token);
        family.look();
        int swept = family.outsiders();
        boolean killAtOnce = signal.equals("KILL");
        if (!killAtOnce) {
            signals.send(signal, run.process(), family.alive());
            Duration moment = grace.compareTo(MOMENT) < 0 ? grace : MOMENT;
            if (family.awaitEnd(moment)) {
                return new Ending(false, swept, List.of());
            }
            slow.run();
            if (family.awaitEnd(grace.minus(moment))) {
                return new Ending(false, swept, List.of());
            }
        }
        long deadline = System.nanoTime() + KILL_TAKES.toNanos();
        while (System.nanoTime() < deadline) {
            signals.send("KILL", run.process(), family.alive());
            if (family.awaitEnd(Duration.ofMillis(250))) {
                return new Ending(!killAtOnce, swept, List.of());
            }
        }
        List<Long> left = new ArrayList<>();
        for (ProcessTable.Entry entry : family.alive()) {
            left.add(entry.pid());
        }
        return new Ending(true, swept, left);
    }

    /** The processes of one service, known by identity from the moment they are first seen. */
    private final class Family {
        private final Service.Run run;
        private final String token;
        private final long wrapper;
        private final Map<ProcessIdentity, ProcessTable.Entry> seen = new HashMap<>();

        Family(Service.Run run, String token) {
            this.run = run;
            this.token = token;
            this.wrapper = run.wrapper().isPresent() ? run.wrapper().get().pid() : 0;
        }

        /** Takes in whoever belongs to it now. */
        void look() {
            for (ProcessTable.Entry entry : table.family(run.process(), token, wrapper)) {
                seen.put(table.identity(entry), entry);
            }
        }

        List<ProcessTable.Entry> alive() {
            List<ProcessTable.Entry> alive = new ArrayList<>();
            for (Map.Entry<ProcessIdentity, ProcessTable.Entry> known : seen.entrySet()) {
                if (table.isAlive(known.getKey())) {
                    alive.add(known.getValue());
                }
            }
            return alive;
        }

        int outsiders() {
            int count = 0;
            for (ProcessTable.Entry entry : seen.values()) {
                if (entry.group() != run.process().pid()) {
                    count++;
                }
            }
            return count;
        }

        /** Waits until nobody is left, newcomers included; false when time is up. */
        boolean awaitEnd(Duration limit) {
            long deadline = System.nanoTime() + limit.toNanos();
            long pause = FIRST_LOOK_NANOS;
            while (true) {
                if (alive().isEmpty()) {
                    look();
                    if (alive().isEmpty()) {
                        return true;
                    }
                }
                if (System.nanoTime() >= deadline) {
                    look();
                    return alive().isEmpty();
                }
                LockSupport.parkNanos(pause);
                pause = Math.min(pause * 2, LONGEST_LOOK_NANOS);
            }
        }
    }
}
