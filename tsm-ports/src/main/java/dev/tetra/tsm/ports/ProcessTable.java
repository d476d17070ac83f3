package dev.tetra.tsm.ports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Which process has which socket open, by {@code /proc/PID/fd}. */
final class ProcessTable {

    private static final String SOCKET = "socket:[";

    private ProcessTable() {}

    /** The lowest pid that has one of the sockets open, as far as this user may see. */
    static OptionalLong firstOwnerOf(Path proc, Set<Long> inodes) {
        for (long pid : pids(proc)) {
            Map<Long, Long> owners = new HashMap<>();
            addOwned(proc, pid, inodes, owners);
            if (!owners.isEmpty()) {
                return OptionalLong.of(pid);
            }
        }
        return OptionalLong.empty();
    }

    /** For each of the sockets the lowest pid that has it open, as far as this user may see. */
    static Map<Long, Long> ownersOf(Path proc, Set<Long> inodes) {
        return inodes.isEmpty() ? Map.of() : ownersOf(proc, inodes, pids(proc));
    }

    /** The same among these processes only. */
    static Map<Long, Long> ownersOf(Path proc, Set<Long> inodes, Set<Long> pids) {
        Map<Long, Long> owners = new HashMap<>();
        for (long pid : new TreeSet<>(pids)) {
            addOwned(proc, pid, inodes, owners);
        }
        return owners;
    }

    /** The process's command line, its words joined by blanks; its short name if it has none; empty if it is gone. */
    static String command(Path proc, long pid) {
        String line = text(proc.resolve(pid + "/cmdline")).replace('\0', ' ').strip();
        return line.isEmpty() ? text(proc.resolve(pid + "/comm")).strip() : line;
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    private static Set<Long> pids(Path proc) {
        Set<Long> pids = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (Ports.isNumber(name)) {
                    pids.add(Long.parseLong(name));
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException unreadable) {
            return pids;
        }
        return pids;
    }

    private static void addOwned(Path proc, long pid, Set<Long> inodes, Map<Long, Long> owners) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                long inode = inodeOf(descriptor);
                if (inodes.contains(inode)) {
                    owners.putIfAbsent(inode, pid);
                }
            }
        } catch (IOException | DirectoryIteratorException goneOrNotOurs) {
            // A process may end while we look, and those of other users are closed to us: it owns nothing we can see.
        }
    }

    private static long inodeOf(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET) && target.endsWith("]")
                    ? Long.parseLong(target.substring(SOCKET.length(), target.length() - 1))
                    : 0;
        } catch (IOException | NumberFormatException closedMeanwhile) {
            return 0;
        }
    }
}
