package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.core.internal.ServiceDirectory;
import dev.tetra.tsm.core.internal.StateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Launches services through {@code wrapper.sh}, a small shell that outlives every JVM and keeps the exit status. The script
 * is copied to the runtime directory under a name with its checksum and never changed there: a shell reads its script as it
 * goes. <em>Safe for use by many threads.</em>
 */
final class Wrappers {
    /** The signals that a service must not inherit as ignored; a shell's background job has the first two so. */
    private static final int[] RESTORED = {2, 3, 1, 13, 15};

    private static final String[] RESTORED_NAMES = {"INT", "QUIT", "HUP", "PIPE", "TERM"};

    /** What dash or bash sets for itself whatever it was given. */
    private static final Set<String> SHELLS_OWN = Set.of(
            "IFS",
            "OPTIND",
            "OPTARG",
            "OPTERR",
            "PPID",
            "LINENO",
            "PS1",
            "PS2",
            "PS4",
            "UID",
            "EUID",
            "RANDOM",
            "SECONDS",
            "BASH",
            "BASHOPTS",
            "BASH_ENV",
            "SHELLOPTS",
            "POSIXLY_CORRECT",
            "ENV");

    private static final String ODD = "TSM_ODD_";

    private final Path script;
    private final String setsid;

    /** What comes before the shell: default signals, and a session of its own. */
    private final List<String> prefix;

    private Wrappers(Path script, String setsid, List<String> prefix) {
        this.script = script;
        this.setsid = setsid;
        this.prefix = prefix;
    }

    /** Puts the script in place. @throws IOException if it cannot be written, or setsid(1) is not installed */
    static Wrappers install(Path runtime) throws IOException {
        byte[] text = text();
        Path script = put(runtime, text);
        String setsid = find("setsid");
        if (setsid == null) {
            throw new IOException("setsid is not on the PATH; it comes with util-linux");
        }
        List<String> prefix = new ArrayList<>(restoringIgnoredSignals());
        if (!isAmongItsOwn()) {
            prefix.add(setsid);
        }
        return new Wrappers(script, setsid, prefix);
    }

    private static byte[] text() throws IOException {
        try (InputStream resource = Wrappers.class.getResourceAsStream("wrapper.sh")) {
            if (resource == null) {
                throw new IOException("wrapper.sh is not on the class path");
            }
            return resource.readAllBytes();
        }
    }

    /** The script's place, where it is put unless it is there as it should be. */
    private static Path put(Path runtime, byte[] text) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(text);
        Path script = runtime.resolve("wrapper-" + Long.toHexString(checksum.getValue()) + ".sh");
        if (!Files.exists(script) || !Arrays.equals(Files.readAllBytes(script), text)) {
            StateFile.write(script, text);
        }
        return script;
    }

    private static @org.jspecify.annotations.Nullable String find(String program) {
        String path = new ProcessBuilder().environment().getOrDefault("PATH", "");
        for (String directory : (path + ":/usr/bin:/bin:/usr/local/bin").split(":", -1)) {
            Path candidate = Path.of(directory, program);
            if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return null;
    }

    /**
     * Whether this JVM leads a session without a terminal, as the background owner does: then nobody signals the group of its
     * wrappers who does not mean them, and they need no session of their own, which takes a third of a launch.
     */
    private static boolean isAmongItsOwn() {
        ProcessTable.Entry self =
                ProcessTable.system().entry(ProcessHandle.current().pid());
        return self != null && self.session() == self.pid() && self.group() == self.pid() && self.terminal() == 0;
    }

    /** A prefix that gives a service default signals where this JVM was itself started with ignored ones. */
    private static List<String> restoringIgnoredSignals() {
        StringBuilder ignored = new StringBuilder();
        long self = ProcessHandle.current().pid();
        for (int i = 0; i < RESTORED.length; i++) {
            if (ProcessTable.system().ignores(self, RESTORED[i])) {
                ignored.append(ignored.length() == 0 ? "" : ",").append(RESTORED_NAMES[i]);
            }
        }
        String env = find("env");
        return ignored.length() == 0 || env == null ? List.of() : List.of(env, "--default-signal=" + ignored);
    }

    /** Makes a wrapper for the words. The service's directory must be there when it is told to launch them. */
    Wrapper begin(ServiceDirectory files, Wrapper.Launch launch) throws IOException {
        if (!Files.exists(script)) {
            // Whoever sweeps temporary folders may have taken it.
            StateFile.write(script, text());
        }
        if (!Files.isDirectory(launch.cwd())) {
            throw new IOException("no such directory: " + launch.cwd());
        }
        List<String> words = new ArrayList<>(launch.argv().size() + 7);
        words.addAll(prefix);
        words.add("/bin/sh");
        words.add(script.toString());
        words.add(files.path().toString());
        words.add(ProcessTable.system().bootId());
        words.add(setsid);
        words.addAll(launch.argv());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(launch.cwd().toFile())
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(files.wrapperErr().toFile()));
        builder.environment().clear();
        builder.environment().putAll(forShell(launch.environment()));
        return new Wrapper(builder.start(), launch);
    }

    /** The variables as a shell hands them on: those that it would drop or change are packed into others. */
    static Map<String, String> forShell(Map<String, String> environment) {
        Map<String, String> packed = new LinkedHashMap<>();
        int odd = 0;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (isShellName(variable.getKey())) {
                packed.put(variable.getKey(), variable.getValue());
            } else {
                odd++;
                packed.put(ODD + odd, variable.getKey() + "=" + variable.getValue());
            }
        }
        if (odd > 0) {
            packed.put("TSM_ODD", Integer.toString(odd));
        }
        return packed;
    }

    /** The variables that a process of ours was given: those of its wrapper, which never changes them, or else its own. */
    static Map<String, String> variablesOf(Service.Run run) {
        ProcessTable table = ProcessTable.system();
        Optional<ProcessIdentity> wrapper = run.wrapper();
        Map<String, String> found = wrapper.isPresent() && table.isAlive(wrapper.get())
                ? table.variables(wrapper.get().pid())
                : Map.of();
        return found.isEmpty() ? table.variables(run.process().pid()) : unpacked(found);
    }

    /** The opposite of {@link #forShell}. */
    static Map<String, String> unpacked(Map<String, String> packed) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, String> variable : packed.entrySet()) {
            int equals = variable.getValue().indexOf('=');
            if (variable.getKey().startsWith(ODD) && equals > 0) {
                variables.put(
                        variable.getValue().substring(0, equals),
                        variable.getValue().substring(equals + 1));
            } else if (!variable.getKey().equals("TSM_ODD")) {
                variables.put(variable.getKey(), variable.getValue());
            }
        }
        return variables;
    }

    private static boolean isShellName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return !SHELLS_OWN.contains(name);
    }
}
