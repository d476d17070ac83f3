package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.Census;
import dev.tetra.tsm.core.internal.Mark;
import dev.tetra.tsm.core.internal.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Ends a service with everything that came from it: its process group, its descendants in other groups and sessions, and
 * what left the tree but still carries its mark. Says that it is gone only after looking.
 */
final class Terminator implements AutoCloseable {
    /** How long the kernel may take to carry out KILL; longer is a process stuck in the kernel. */
    private static final Duration KILL_TAKES = Duration.ofSeconds(5);

    /** A stop that is over by then is not worth writing down as under way: nobody was told that it is done. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static final long FIRST_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How many looks in a row find nobody before that is believed of processes that are on their own. */
    private static final int SURE_LOOKS = 3;

    /** How many looks that may have missed somebody do not count for that: on a busy machine all are such. */
    private static final int TORN_LOOKS = 20;

    private final ProcessTable table;
    private final Census census;
    private final Signals signals;

    Terminator(ProcessTable table) {
        this.table = table;
        this.census = Census.system();
        this.signals = new Signals(table);
    }

    /**
     * How to end it.
     *
     * @param signal the first signal; KILL for no grace
     * @param grace how long it may take after that signal
     * @param hurried whether the grace is over before its time
     * @param slow called once when it takes longer than a moment
     */
    record Manner(String signal, Duration grace, BooleanSupplier hurried, Runnable slow) {
        /** By KILL, at once. */
        static final Manner KILL = new Manner("KILL", Duration.ZERO, () -> true, () -> {});
    }

    /**
     * How it went.
     *
     * @param found how many processes there were
     * @param killed whether KILL was needed
     * @param swept how many processes outside the service's own group were ended
     * @param left the process ids that are still there
     */
    record Ending(int found, boolean killed, int swept, List<Long> left) {}

    /**
     * Ends the family.
     *
     * @param run the service's process; empty for what earlier ones left behind
     * @param mark what tells its processes from others
     * @param bornTicks no process that was made before carries the mark; 0 where that is not known
     */
    Ending end(Optional<Service.Run> run, Mark mark, long bornTicks, Manner manner) throws IOException {
        Optional<ProcessIdentity> wrapper = run.flatMap(Service.Run::wrapper);
        return end(
                new Family(run.map(Service.Run::process), false, wrapper, mark, bornTicks, manner.hurried()), manner);
    }

    /**
     * Ends what a process left behind.
     *
     * @param gone it, if its end was seen a moment ago
     * @param spared a wrapper that waits to launch the next process
     */
    Ending sweep(
            Optional<ProcessIdentity> gone, Optional<ProcessIdentity> spared, Mark mark, long bornTicks, Manner manner)
            throws IOException {
        return end(new Family(gone, true, spared, mark, bornTicks, manner.hurried()), manner);
    }

    private Ending end(Family family, Manner manner) throws IOException {
        family.lookWell();
        boolean killAtOnce = manner.signal().equals("KILL");
        if (family.alive().isEmpty()) {
            return family.ended(false);
        }
        if (!killAtOnce) {
            signals.send(manner.signal(), family.leader, family.alive());
            Duration moment = manner.grace().compareTo(MOMENT) < 0 ? manner.grace() : MOMENT;
            if (family.awaitEnd(moment)) {
                return family.ended(false);
            }
            manner.slow().run();
            if (family.awaitEnd(manner.grace().minus(moment))) {
                return family.ended(false);
            }
        }
        family.hurried = () -> false;
        long deadline = System.nanoTime() + KILL_TAKES.toNanos();
        do {
            signals.send("KILL", family.leader, family.alive());
        } while (!family.awaitEnd(Duration.ofMillis(250)) && System.nanoTime() < deadline);
        return family.ended(!killAtOnce);
    }

    /** Sends a signal to exactly that process, and to no other; false if it is gone. */
    boolean signal(ProcessIdentity process, String signal) throws IOException {
        return signals.send(signal, process);
    }

    /** Waits until exactly that process is gone; false when time is up. */
    boolean awaitGone(ProcessIdentity process, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (table.isAlive(process)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(FIRST_LOOK_NANOS);
        }
        return true;
    }

    /** Ends a wrapper that does not write down what it should: it is stopped, or the disk does not let it. */
    void endWrapper(ProcessIdentity wrapper) throws IOException {
        ProcessTable.Entry entry = table.entry(wrapper.pid());
        if (entry != null && table.isAlive(wrapper)) {
            signals.send("KILL", Optional.empty(), List.of(entry));
        }
    }

    @Override
    public void close() {
        signals.close();
    }

    /** The processes of one service, known by identity from the moment they are first seen. */
    private final class Family {
        private final Optional<ProcessIdentity> leader;
        private final boolean justGone;
        private final Optional<ProcessIdentity> wrapper;
        private final Mark mark;
        private BooleanSupplier hurried;
        private final Map<ProcessIdentity, ProcessTable.Entry> seen = new HashMap<>();
        private final long bornTicks;

        Family(
                Optional<ProcessIdentity> leader,
                boolean justGone,
                Optional<ProcessIdentity> wrapper,
                Mark mark,
                long bornTicks,
                BooleanSupplier hurried) {
            this.leader = leader;
            this.justGone = justGone;
            this.wrapper = wrapper;
            this.mark = mark;
            this.hurried = hurried;
            this.bornTicks = bornTicks;
        }

        /** Takes in whoever belongs to it now. @return whether somebody may have been missed */
        private boolean look() {
            Census.Look look = census.look();
            for (ProcessTable.Entry entry : look.family(leader, justGone, mark, wrapper, bornTicks)) {
                seen.put(table.identity(entry), entry);
            }
            return look.isTorn();
        }

        /** The same, again where nobody was found but somebody may have been missed. */
        void lookWell() {
            boolean torn = look();
            for (int i = 1; torn && seen.isEmpty() && i < SURE_LOOKS; i++) {
                torn = look();
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

        Ending ended(boolean killed) {
            long group = leader.isPresent() ? leader.get().pid() : 0;
            int outsiders = 0;
            for (ProcessTable.Entry entry : seen.values()) {
                if (entry.group() != group && entry.pid() != group) {
                    outsiders++;
                }
            }
            List<Long> left = new ArrayList<>();
            for (ProcessTable.Entry entry : alive()) {
                left.add(entry.pid());
            }
            return new Ending(seen.size(), killed, outsiders, left);
        }

        /**
         * Whether some are on their own: a process that forks and ends between the list of all and the look at each is missed
         * with its child. No group signal reaches that child either.
         */
        private boolean isElusive() {
            long group = leader.isPresent() ? leader.get().pid() : 0;
            for (ProcessTable.Entry entry : seen.values()) {
                if (entry.group() != group) {
                    return true;
                }
            }
            return false;
        }

        /** Waits until nobody is left, newcomers included; false when time is up. */
        boolean awaitEnd(Duration limit) {
            long deadline = System.nanoTime() + limit.toNanos();
            long pause = FIRST_LOOK_NANOS;
            int empty = 0;
            int torn = 0;
            while (true) {
                if (alive().isEmpty()) {
                    if (look() && isElusive() && torn < TORN_LOOKS) {
                        torn++;
                    } else {
                        empty = alive().isEmpty() ? empty + 1 : 0;
                    }
                    if (empty > 0 && (empty >= SURE_LOOKS || !isElusive())) {
                        return true;
                    }
                }
                if (System.nanoTime() >= deadline || hurried.getAsBoolean()) {
                    look();
                    return alive().isEmpty();
                }
                LockSupport.parkNanos(pause);
                pause = Math.min(pause * 2, LONGEST_LOOK_NANOS);
            }
        }
    }
}
