package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

/**
 * One process, beyond doubt: a process id is used again, this triple is not. <em>Immutable.</em>
 *
 * @param bootId the kernel's boot id ({@code /proc/sys/kernel/random/boot_id}): process ids of another boot mean nothing
 * @param pid the process id, at least 1
 * @param startTicks when the process was made, in clock ticks since boot: field 22 of {@code /proc/PID/stat} (proc(5)),
 *     which, unlike a time of day, does not move when the clock is set
 */
public record ProcessIdentity(String bootId, long pid, long startTicks) {
    public ProcessIdentity {
        requireNonNull(bootId, "bootId");
        if (pid < 1) {
            throw new IllegalArgumentException("pid not positive: " + pid);
        }
        if (startTicks < 0) {
            throw new IllegalArgumentException("start ticks negative: " + startTicks);
        }
    }
}
