package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What proc(5) says of running processes. Those that end meanwhile are as if they had never been. */
final class Processes {
    private static final Path PROC = Path.of("/proc");

    private Processes() {}

    /** How many run these words; their program may have been given with its folder. Zombies have no words. */
    static int running(List<String> words) throws IOException {
        String wanted = String.join("\0", words) + "\0";
        int found = 0;
        for (long pid : all()) {
            String line = new String(read(pid, "cmdline"), StandardCharsets.UTF_8);
            boolean bare = line.equals(wanted);
            found += bare || (line.startsWith("/") && line.endsWith("/" + wanted)) ? 1 : 0;
        }
        return found;
    }

    /** Those that were started with this variable. */
    static List<Long> withVariable(String name, String value) throws IOException {
        String wanted = "\0" + name + "=" + value + "\0";
        List<Long> found = new ArrayList<>();
        for (long pid : all()) {
            if (("\0" + new String(read(pid, "environ"), StandardCharsets.ISO_8859_1)).contains(wanted)) {
                found.add(pid);
            }
        }
        return found;
    }

    /** The command line of a process. */
    static String words(long pid) {
        return new String(read(pid, "cmdline"), StandardCharsets.UTF_8)
                .replace('\0', ' ')
                .strip();
    }

    /** The processes whose parent this is. */
    static List<Long> children(long pid) {
        List<Long> children = new ArrayList<>();
        ProcessHandle.of(pid).ifPresent(parent -> parent.children().forEach(child -> children.add(child.pid())));
        return children;
    }

    /** The resident set of these processes together, in MB: what they share counts once for each. */
    static double rss(Collection<Long> pids) throws IOException {
        return megabytes(pids, "Rss:");
    }

    /** The proportional set of these processes together, in MB: what is shared is divided among those that share it. */
    static double pss(Collection<Long> pids) throws IOException {
        return megabytes(pids, "Pss:");
    }

    private static double megabytes(Collection<Long> pids, String field) throws IOException {
        double kilobytes = 0;
        for (long pid : pids) {
            for (String line : Files.readAllLines(PROC.resolve(pid + "/smaps_rollup"))) {
                if (line.startsWith(field)) {
                    String value = line.substring(field.length()).strip();
                    kilobytes += Long.parseLong(value.substring(0, value.indexOf(' ')));
                }
            }
        }
        return kilobytes / 1024;
    }

    private static List<Long> all() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                pids.add(Long.parseLong(entry.getFileName().toString()));
            }
        }
        return pids;
    }

    private static byte[] read(long pid, String file) {
        try {
            return Files.readAllBytes(PROC.resolve(pid + "/" + file));
        } catch (IOException gone) {
            return new byte[0];
        }
    }
}
