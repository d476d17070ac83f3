package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.ProcessIdentity;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The processes of this machine, from {@code /proc} (proc(5)). A zombie counts as gone: it runs nothing and holds nothing.
 * <em>Safe for use by many threads.</em>
 */
public final class ProcessTable {
    private static final ProcessTable SYSTEM = new ProcessTable(Path.of("/proc"));

    /** How often and at what distance a process in the middle of execve(2) is looked at again. */
    private static final int LOOKS = 50;

    private static final long LOOK_NANOS = 100_000;

    /** Once numbers have wrapped around, the kernel gives none below this (kernel/pid.c): whose they are they stay. */
    private static final int RESERVED_PIDS = 300;

    private static final byte[] TOKEN = "TSM_ID=".getBytes(StandardCharsets.UTF_8);

    private final Path proc;
    private final String procPrefix;

    /** The kernel's own among {@link #RESERVED_PIDS}. */
    private final Set<String> kernelThreads = ConcurrentHashMap.newKeySet();

    private volatile @Nullable String bootId;

    ProcessTable(Path proc) {
        this.proc = proc;
        this.procPrefix = proc + "/";
    }

    /** The process table of this machine. */
    public static ProcessTable system() {
        return SYSTEM;
    }

    /**
     * One line of the table.
     *
     * @param state its letter: R, S, D, Z, T, …
     * @param terminal the device number of its controlling terminal; 0 for none
     * @param flags the kernel's flags of it
     * @param startTicks when it was made, in clock ticks since boot
     * @param cpuTicks the processor time it used, in clock ticks
     */
    public record Entry(
            long pid,
            char state,
            long parent,
            long group,
            long session,
            long terminal,
            long flags,
            long startTicks,
            long cpuTicks) {
        /** PF_KTHREAD of the kernel's sched.h. */
        private static final long KERNEL_THREAD = 0x0020_0000;

        boolean isGone() {
            return state == 'Z' || state == 'X' || state == 'x';
        }

        /** Whether it is the kernel's own: it has no environment. */
        boolean isKernelThread() {
            return (flags & KERNEL_THREAD) != 0;
        }
    }

    /** The kernel's boot id. */
    public String bootId() {
        String known = bootId;
        if (known == null) {
            try {
                known = Files.readString(proc.resolve("sys/kernel/random/boot_id"))
                        .trim();
            } catch (IOException absent) {
                known = "unknown";
            }
            bootId = known;
        }
        return known;
    }

    /** The process of that number; null if there is none, or a zombie. */
    public @Nullable Entry entry(long pid) {
        Entry entry = line(pid);
        return entry == null || entry.isGone() ? null : entry;
    }

    /** The line of that number, zombies included. */
    private @Nullable Entry line(long pid) {
        byte[] buffer = new byte[512];
        int length;
        try (FileInputStream stat = new FileInputStream(procPrefix + pid + "/stat")) {
            length = stat.read(buffer);
        } catch (IOException gone) {
            return null;
        }
        return length <= 0 ? null : parseStat(buffer, length);
    }

    /** The identity of the process of that number, if there is one. */
    public Optional<ProcessIdentity> identify(long pid) {
        Entry entry = entry(pid);
        return entry == null ? Optional.empty() : Optional.of(identity(entry));
    }

    /** The identity of a line of this table. */
    public ProcessIdentity identity(Entry entry) {
        return new ProcessIdentity(bootId(), entry.pid(), entry.startTicks());
    }

    /** Whether exactly that process still runs. One that is there but cannot be looked at, without a free file, counts as alive. */
    public boolean isAlive(ProcessIdentity identity) {
        if (!bootId().equals(identity.bootId())) {
            return false;
        }
        Entry entry = line(identity.pid());
        return entry == null
                ? new File(procPrefix + identity.pid() + "/stat").exists()
                : !entry.isGone() && entry.startTicks() == identity.startTicks();
    }

    /**
     * A walk through all processes, which takes its time.
     *
     * @param entries those that are neither zombies nor the kernel's own
     * @param zombies when those were made that are gone but not yet reaped, by their numbers
     * @param torn whether one of those that were listed was gone when its turn came: a child that it made in between is on no
     *     list
     */
    public record Walk(List<Entry> entries, Map<Long, Long> zombies, boolean torn) {}

    /**
     * All processes.
     *
     * @param before the zombies of an earlier walk, which did not become such during this one
     */
    public Walk walk(Map<Long, Long> before) {
        List<Entry> entries = new ArrayList<>();
        Map<Long, Long> zombies = new HashMap<>();
        boolean torn = false;
        String[] names = proc.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (!isNumber(name) || kernelThreads.contains(name)) {
                continue;
            }
            Entry entry = line(Long.parseLong(name));
            if (entry == null) {
                torn = true;
            } else if (entry.isGone()) {
                zombies.put(entry.pid(), entry.startTicks());
                torn |= !Long.valueOf(entry.startTicks()).equals(before.get(entry.pid()));
            } else if (!entry.isKernelThread()) {
                entries.add(entry);
            } else if (entry.pid() < RESERVED_PIDS) {
                kernelThreads.add(name);
            }
        }
        return new Walk(entries, zombies, torn);
    }

    /** Whether exactly that process runs and leads a process group of its own. */
    public boolean leads(ProcessIdentity identity) {
        Entry entry = entry(identity.pid());
        return entry != null
                && entry.startTicks() == identity.startTicks()
                && bootId().equals(identity.bootId())
                && entry.group() == entry.pid();
    }

    /** Whether the standard output or error of a process is one of the mark's logs. */
    boolean writesTo(long pid, Mark mark) {
        return !mark.logs().isEmpty() && (writes(pid, "1", mark.logs()) || writes(pid, "2", mark.logs()));
    }

    /** Whether that descriptor of a process is a file whose path begins so. */
    private boolean writes(long pid, String descriptor, String beginning) {
        try {
            Path file = Files.readSymbolicLink(Path.of(procPrefix + pid + "/fd/" + descriptor));
            return file.toString().startsWith(beginning);
        } catch (IOException closedOrForeign) {
            return false;
        }
    }

    /** Whether a process carries the token in its environment. */
    public boolean hasToken(long pid, String token) {
        return !token.isEmpty() && token(pid).equals(token);
    }

    /** The token that a process carries in its environment; empty if none, or if this user may not look. */
    public String token(long pid) {
        String token = tokenIfSettled(pid);
        return token == null ? "" : token;
    }

    /** The same; null if it is in the middle of execve(2), and was for some milliseconds. */
    @Nullable String tokenIfSettled(long pid) {
        byte[] variables = read(pid, "environ");
        for (int i = 0; variables.length == 0 && isBetweenPrograms(pid); i++) {
            if (i == LOOKS) {
                return null;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            variables = read(pid, "environ");
        }
        int start = 0;
        while (start < variables.length) {
            int end = start;
            while (end < variables.length && variables[end] != 0) {
                end++;
            }
            if (startsWith(variables, start, end, TOKEN)) {
                int value = start + TOKEN.length;
                return new String(variables, value, end - value, StandardCharsets.UTF_8);
            }
            start = end + 1;
        }
        return "";
    }

    /** The variables that a process was started with; none if it is gone, or if this user may not look. */
    public Map<String, String> variables(long pid) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String variable : new String(read(pid, "environ"), StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }

    /** How long ago exactly that process was made, to the clock tick; zero if unknown, or in another boot. */
    public Duration age(ProcessIdentity identity) {
        // A tick is a hundredth of a second on every Linux (USER_HZ).
        return identity.bootId().equals(bootId())
                ? Duration.ofMillis(Math.max(0, uptimeTicks() - identity.startTicks()) * 10)
                : Duration.ZERO;
    }

    /** In the middle of execve(2) a process has neither words nor variables; one that cleared its variables has words. */
    private boolean isBetweenPrograms(long pid) {
        return read(pid, "cmdline").length == 0 && entry(pid) != null;
    }

    private byte[] read(long pid, String name) {
        try (FileInputStream file = new FileInputStream(procPrefix + pid + "/" + name)) {
            return file.readAllBytes();
        } catch (IOException goneOrForeign) {
            return new byte[0];
        }
    }

    private static boolean startsWith(byte[] text, int start, int end, byte[] beginning) {
        for (int i = 0; i < beginning.length; i++) {
            if (start + i >= end || text[start + i] != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    /** The resident set of a process in bytes; 0 if it is gone. */
    public long residentBytes(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of(procPrefix + pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.substring(6, line.length() - 2).trim()) * 1024;
                }
            }
        } catch (IOException gone) {
            return 0;
        }
        return 0;
    }

    /** How long the machine runs, in clock ticks; 0 if unknown. */
    public long uptimeTicks() {
        try {
            String text = Files.readString(proc.resolve("uptime"));
            return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * 100);
        } catch (IOException unknown) {
            return 0;
        }
    }

    /** Whether a process ignores a signal: its bit in {@code SigIgn} of {@code /proc/PID/status}. */
    public boolean ignores(long pid, int signal) {
        try {
            for (String line : Files.readAllLines(Path.of(procPrefix + pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("SigIgn:")) {
                    return (Long.parseUnsignedLong(line.substring(7).trim(), 16) >>> (signal - 1) & 1) == 1;
                }
            }
        } catch (IOException gone) {
            return false;
        }
        return false;
    }

    /** Reads a line of {@code /proc/PID/stat}; null if it is none. The name in parentheses may hold anything. */
    static @Nullable Entry parseStat(byte[] line, int length) {
        int close = length - 1;
        while (close > 0 && line[close] != ')') {
            close--;
        }
        int open = 0;
        while (open < close && line[open] != '(') {
            open++;
        }
        if (open < 2 || close + 2 >= length) {
            return null;
        }
        long[] fields = new long[20];
        int count = numbers(line, close + 3, length, fields);
        long pid = number(line, 0, open - 1);
        if (pid < 1 || count < fields.length) {
            return null;
        }
        // Field 4 of proc(5) is the first after the state letter.
        return new Entry(
                pid,
                (char) line[close + 2],
                fields[1],
                fields[2],
                fields[3],
                fields[4],
                fields[6],
                fields[19],
                fields[11] + fields[12]);
    }

    /** Numbers from index 1 on: the field after the state letter is 1. Negative ones read as 0. */
    private static int numbers(byte[] line, int from, int length, long[] fields) {
        int count = 1;
        long value = 0;
        boolean negative = false;
        boolean open = false;
        for (int i = from; i <= length && count < fields.length; i++) {
            byte c = i < length ? line[i] : (byte) '\n';
            if (c >= '0' && c <= '9') {
                value = value * 10 + (c - '0');
                open = true;
            } else if (c == '-') {
                negative = true;
            } else if (open) {
                fields[count++] = negative ? 0 : value;
                value = 0;
                negative = false;
                open = false;
            }
        }
        return count;
    }

    private static long number(byte[] line, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return from == to ? -1 : value;
    }

    private static boolean isNumber(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
