package dev.tetra.examples;

import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.ServiceManager;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The owner that lives in the background: a JVM of its own, in a session of its own, that any {@code tsm} brings up when
 * there is none and that goes away when it has been idle for a while.
 */
final class BackgroundOwner {
    /** Names the system property by which the launcher says which class data archive it uses. */
    static final String ARCHIVE = "tsm.archive";

    /** Names the system property by which an owner's command line says which version it is. */
    static final String VERSION = "tsm.version";

    /** Names the system property by which an owner is told on which port to serve metrics. */
    static final String METRICS = "tsm.metrics.port";

    private static final String METRICS_PORT = "TSM_METRICS_PORT";
    private static final int LAST_PORT = 65535;
    private static final String IDLE_SECONDS = "TSM_OWNER_IDLE";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long LOOK_MILLIS = 5;
    private static final long LARGEST_LOG = 1 << 20;
    private static final int LOG_LINES = 5;

    /** From here on the JVM complains about VFORK, which is the fastest way to start a process before. */
    private static final int FIRST_JAVA_AGAINST_VFORK = 25;

    /** A file lock holds off other JVMs; this holds off other threads of this one. */
    private static final Object STARTING = new Object();

    private final RuntimeDirectory directory;
    private final Caller caller;

    private BackgroundOwner(RuntimeDirectory directory, Caller caller) {
        this.directory = directory;
        this.caller = caller;
    }

    /**
     * A client of the directory's owner, which is brought up when there is none. If that one is to serve metrics and cannot,
     * the console says so.
     *
     * @throws OwnerFailedException if it does not come up
     */
    static ServiceManager connect(Console console) throws IOException, InterruptedException {
        Optional<ServiceManager> running =
                ServiceManager.connect(console.directory(), console.caller().environment());
        if (running.isPresent()) {
            return running.get();
        }
        ServiceManager manager = new BackgroundOwner(console.directory(), console.caller()).bringUp();
        complain(metricsProblem(console), console);
        return manager;
    }

    /**
     * The same for its own sake.
     *
     * @return whether metrics are served as TSM_METRICS_PORT says, if it says anything; if not, the console has been told
     */
    static boolean bringUp(Console console) throws IOException, InterruptedException {
        metricsPort(console.caller());
        Optional<ServiceManager> running =
                ServiceManager.connect(console.directory(), console.caller().environment());
        (running.isPresent() ? running.get() : new BackgroundOwner(console.directory(), console.caller()).bringUp())
                .close();
        return !complain(metricsProblem(console), console);
    }

    private static boolean complain(Optional<String> problem, Console console) {
        if (problem.isPresent()) {
            console.complain(problem.get());
        }
        return problem.isPresent();
    }

    /** Why the owner that runs does not serve metrics as the caller's TSM_METRICS_PORT says; empty if it does, or none is set. */
    private static Optional<String> metricsProblem(Console console) throws IOException {
        String wanted = metricsPort(console.caller());
        Optional<OwnerProcess> owner = OwnerProcess.of(console.directory());
        if (wanted.isEmpty() || owner.isEmpty()) {
            return Optional.empty();
        }
        Optional<OwnerMetrics> metrics = OwnerMetrics.await(owner.get(), console.directory());
        if (metrics.isPresent() && metrics.get().problem().isPresent()) {
            return Optional.of(
                    "no metrics are served: " + metrics.get().problem().get());
        }
        if (metrics.isPresent()
                && (Integer.parseInt(wanted) == 0 || metrics.get().port().orElse(0) == Integer.parseInt(wanted))) {
            return Optional.empty();
        }
        String serves = metrics.isPresent()
                ? "serves metrics on " + metrics.get().address().orElse("no port")
                : "serves no metrics";
        return Optional.of("the owner that runs, pid " + owner.get().pid() + ", " + serves + "; " + METRICS_PORT
                + " counts for whoever brings one up: tsm owner stop, then " + METRICS_PORT + "=" + wanted
                + " tsm owner start");
    }

    /** Many commands at once bring up one owner: the first starts it, the others wait for it. */
    private ServiceManager bringUp() throws IOException, InterruptedException {
        String idle = idleSeconds();
        metricsPort(caller);
        directory.create();
        synchronized (STARTING) {
            try (FileChannel file = FileChannel.open(
                            directory.runtime().resolve("owner.starting"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                Optional<ServiceManager> meanwhile = ServiceManager.connect(directory, caller.environment());
                return meanwhile.isPresent() && lock.isValid() ? meanwhile.get() : awaited(start(idle));
            }
        }
    }

    private String idleSeconds() {
        String idle = caller.variable(IDLE_SECONDS);
        for (int i = 0; i < idle.length(); i++) {
            if (idle.charAt(i) < '0' || idle.charAt(i) > '9' || i > 7) {
                throw new UsageException(IDLE_SECONDS + " takes a number of seconds, not " + idle);
            }
        }
        return idle;
    }

    /** The port for metrics, 0 for any; empty when none is wanted. */
    private static String metricsPort(Caller caller) {
        String port = caller.variable(METRICS_PORT);
        boolean number = port.length() <= 5;
        for (int i = 0; i < port.length(); i++) {
            number &= port.charAt(i) >= '0' && port.charAt(i) <= '9';
        }
        if (!number || (!port.isEmpty() && Integer.parseInt(port) > LAST_PORT)) {
            throw new UsageException(METRICS_PORT + " takes a port, or 0 for any, not " + port);
        }
        return port;
    }

    private Process start(String idle) throws IOException {
        Path log = directory.ownerLog();
        if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
            Files.delete(log);
        }
        if (!Files.exists(log)) {
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        ProcessBuilder builder = new ProcessBuilder(command(idle))
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        for (Map.Entry<String, String> variable : caller.environment().entrySet()) {
            if (!variable.getKey().startsWith("TSM_")) {
                environment.put(variable.getKey(), variable.getValue());
            }
        }
        // A service's variables come with each request, never from here; whatever letters they have, the owner must
        // know them.
        environment.put("LC_ALL", "C.UTF-8");
        return builder.start();
    }

    private List<String> command(String idle) throws IOException {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        if (ignoresInterrupts() && canResetSignals()) {
            command.add("env");
            command.add("--default-signal=HUP,INT,QUIT,TERM");
        }
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xms6m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=20",
                "-XX:-ShrinkHeapInSteps",
                "-Xlog:disable",
                // Accepted on 17, too; without it 25 warns when a service asks for sd_notify.
                "--enable-native-access=ALL-UNNAMED",
                "-D" + VERSION + "=" + VersionVerb.version()));
        if (Runtime.version().feature() < FIRST_JAVA_AGAINST_VFORK) {
            command.add("-Djdk.lang.Process.launchMechanism=VFORK");
        }
        String metrics = metricsPort(caller);
        if (!metrics.isEmpty()) {
            command.add("-D" + METRICS + "=" + metrics);
            // Whoever connects and says nothing is sent away after so many seconds.
            command.add("-Dsun.net.httpserver.maxReqTime=10");
            command.add("-Dsun.net.httpserver.maxRspTime=10");
        }
        String archive = System.getProperty(ARCHIVE, "");
        if (!archive.isEmpty()) {
            command.add("-XX:SharedArchiveFile=" + archive);
        }
        command.addAll(List.of(
                "-cp", classPath(), OwnerMain.class.getName(), directory.root().toString()));
        if (!idle.isEmpty()) {
            command.add(idle);
        }
        return command;
    }

    /** The class path of this JVM, which still means the same in another directory. */
    private static String classPath() {
        StringBuilder absolute = new StringBuilder();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            absolute.append(absolute.length() == 0 ? "" : File.pathSeparator)
                    .append(Path.of(entry).toAbsolutePath());
        }
        return absolute.toString();
    }

    /**
     * Whether this process was started with INT or QUIT ignored, as {@code tsm start … &} in a script is. It would go on to
     * the owner and from there to every service, and Ctrl-C would never end one again.
     */
    private static boolean ignoresInterrupts() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                String mask = line.substring("SigIgn:".length()).trim();
                int lowest = Integer.parseInt(mask.substring(Math.max(0, mask.length() - 4)), 16);
                int hup = 1;
                int interrupt = 1 << 1;
                int quit = 1 << 2;
                int terminate = 1 << 14;
                return (lowest & (hup | interrupt | quit | terminate)) != 0;
            }
        }
        return false;
    }

    /** Whether env(1) is that of coreutils 8.31 or later. */
    private static boolean canResetSignals() {
        try {
            return new ProcessBuilder("env", "--default-signal=INT", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ServiceManager awaited(Process owner) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            boolean ended = owner.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            Optional<ServiceManager> manager = ServiceManager.connect(directory, caller.environment());
            if (manager.isPresent()) {
                return manager.get();
            }
            if (ended) {
                throw failed("ended with exit code " + owner.exitValue() + " before it answered");
            }
            if (System.nanoTime() - deadline > 0) {
                owner.destroy();
                throw failed("did not answer within 15 s");
            }
        }
    }

    private OwnerFailedException failed(String how) throws IOException {
        List<String> lines = Files.readAllLines(directory.ownerLog());
        return new OwnerFailedException(
                "the background owner of " + directory + " " + how + "; " + directory.ownerLog() + " ends with:",
                lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }
}
