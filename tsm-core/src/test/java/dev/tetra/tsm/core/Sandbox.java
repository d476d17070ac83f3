package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A runtime directory of its own, with all that a test opens and starts in it. Closing it leaves no manager, no service and
 * no JVM, however the test ended.
 */
public final class Sandbox {
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RuntimeDirectory directory;
    private final Path work;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Process> jvms = new ArrayList<>();

    /** In that directory, which exists. */
    public Sandbox(Path root) {
        this(root, "tsm");
    }

    /** With that name for the runtime directory. */
    public Sandbox(Path root, String name) {
        this.directory = RuntimeDirectory.of(root.resolve(name));
        this.work = root.resolve("work");
        try {
            Files.createDirectories(work);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public RuntimeDirectory directory() {
        return directory;
    }

    /** Where commands run. */
    public Path work() {
        return work;
    }

    /** A manager that is closed at the end. */
    public ServiceManager open() throws IOException {
        return keep(ServiceManager.open(directory));
    }

    public <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    /** A spec that runs in {@link #work()}, and once only. */
    public ServiceSpec.Builder spec(String name, String... command) {
        return ServiceSpec.command(command).name(name).cwd(work).restart(RestartPolicy.Mode.NEVER);
    }

    /** A spec of something that runs until it is stopped. */
    public ServiceSpec sleeper(String name) {
        return spec(name, "sleep", "1000").build();
    }

    /** A spec of a line of shell. */
    public ServiceSpec shell(String name, String text) {
        return spec(name, "sh", "-c", text).build();
    }

    public Path write(String name, String text) throws IOException {
        return Files.writeString(work.resolve(name), text);
    }

    /** {@link HostMain} in a JVM of its own, which has said that it is ready. */
    public Process host(String... arguments) throws IOException {
        return host(List.of(), arguments);
    }

    /** {@link HostMain} in a JVM of its own that these words start, which has said that it is ready. */
    public Process host(List<String> prefix, String... arguments) throws IOException {
        return jvm(prefix, HostMain.class, arguments);
    }

    /** A main class in a JVM of its own, with this directory and {@link #work()} before its arguments, which has said ready. */
    public Process jvm(Class<?> main, String... arguments) throws IOException {
        return jvm(List.of(), main, arguments);
    }

    private Process jvm(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                classPath(),
                main.getName(),
                directory.root().toString(),
                work.toString()));
        words.addAll(Arrays.asList(arguments));
        Process jvm = new ProcessBuilder(words)
                .redirectError(work.resolve("host.err").toFile())
                .start();
        jvms.add(jvm);
        String line = jvm.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(line).as(Files.readString(work.resolve("host.err"))).isEqualTo("ready");
        return jvm;
    }

    /** The class path of this JVM, for one that is started elsewhere. */
    public static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Ends a process with KILL and waits for it. */
    public static void killNow(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Something that is or is not yet. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until it holds. */
    public static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited in vain: " + what).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Waits until a service has become what it was told to run: the shell before it is over. */
    public static long awaitProgram(Service service, String firstWord) throws Exception {
        long pid = service.pid().orElseThrow();
        await(firstWord + " runs", () -> words(pid).get(0).equals(firstWord));
        return pid;
    }

    /** Whether the process runs; a zombie does not. */
    public static boolean runs(long pid) {
        String stat = read(pid, "stat");
        return !stat.isEmpty() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    }

    /** A field of {@code /proc/PID/stat} after the name: 0 is the state, 2 the group, 3 the session. */
    public static String stat(long pid, int index) {
        String stat = read(pid, "stat");
        return stat.isEmpty() ? "" : stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[index];
    }

    /** The words of a process. */
    public static List<String> words(long pid) {
        String text = read(pid, "cmdline");
        return Arrays.asList((text.endsWith("\0") ? text.substring(0, text.length() - 1) : text).split("\0", -1));
    }

    /** The variables of a process. */
    public static Map<String, String> variables(long pid) {
        Map<String, String> variables = new TreeMap<>();
        for (String variable : read(pid, "environ").split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }

    /** A number of seconds that nothing else on this machine sleeps: it marks a process whatever became of its variables. */
    public static String uniqueSeconds(int number) {
        return "1000." + ProcessHandle.current().pid() + String.format("%05d", number);
    }

    /** The processes that have exactly these words. */
    public static List<Long> running(String... words) throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (words(pid).equals(List.of(words)) && runs(pid)) {
                    pids.add(pid);
                }
            }
        }
        return pids;
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid, file));
        } catch (IOException gone) {
            return "";
        }
    }

    /** All processes that were started for services of this directory, wrappers included. */
    public List<Long> processes() throws IOException {
        List<Long> pids = new ArrayList<>();
        String mark = "TSM_DIR=" + directory.processes();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (runs(pid) && hasMark(process, mark)) {
                    pids.add(pid);
                }
            }
        }
        return pids;
    }

    private static boolean hasMark(Path process, String mark) {
        try {
            byte[] environ = Files.readAllBytes(process.resolve("environ"));
            // In the middle of execve(2) a process has no variables; the kernel's own have none ever, and no program.
            for (int i = 0; i < 100 && environ.length == 0 && Files.exists(process.resolve("exe")); i++) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
                environ = Files.readAllBytes(process.resolve("environ"));
            }
            return ("\0" + new String(environ, StandardCharsets.UTF_8)).contains("\0" + mark);
        } catch (IOException gone) {
            return false;
        }
    }

    /** The names of the service directories, those of hidden leftovers included. */
    public List<String> serviceDirectories() throws IOException {
        if (!Files.exists(directory.processes())) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory.processes())) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** The port claims, as text. */
    public String claims() throws IOException {
        return Files.exists(directory.ports()) ? Files.readString(directory.ports()) : "";
    }

    public void awaitNothingRuns() throws Exception {
        await("no process is left", () -> processes().isEmpty());
    }

    /** Ends everything. */
    public void close() throws Exception {
        for (Process jvm : jvms) {
            killNow(jvm);
        }
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        await("all processes are gone", () -> {
            List<Long> left = processes();
            for (long pid : left) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            return left.isEmpty();
        });
    }

    /** For calls whose settling time does not matter. */
    public static final Duration NO_WAIT = Duration.ZERO;
}
