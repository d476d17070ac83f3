package dev.tetra.tsm.core.internal.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceLogs;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.ServiceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A runtime directory with one service whose logs are looked after, and real children that write into them. */
final class LogBench {
    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    final RuntimeDirectory directory;
    final Path path;
    final LogFiles out;
    final List<ServiceEvent> events = new CopyOnWriteArrayList<>();
    final LogKeeper keeper;

    private LogPolicy policy;

    LogBench(Path root, LogPolicy policy) throws IOException {
        directory = RuntimeDirectory.of(root.resolve("tsm"));
        directory.create();
        path = Files.createDirectories(directory.service("web"));
        out = new LogFiles(path, "current.out");
        keeper = new LogKeeper(directory, events::add);
        this.policy = policy;
    }

    static LogPolicy size(long maxBytes, int keep) {
        return new LogPolicy(maxBytes, Duration.ZERO, keep);
    }

    void policy(LogPolicy other) {
        policy = other;
    }

    Service service() {
        return service(Status.ONLINE);
    }

    Service service(Status status) {
        ServiceSpec spec = ServiceSpec.command("true").logs(policy).build();
        Service.Launch launch = new Service.Launch(
                List.of("true"), Optional.empty(), ProcessType.COMMAND, ServiceType.PID, List.of(), List.of());
        return Service.of(0, "web", "token", spec, launch)
                .status(status, Optional.empty())
                .build();
    }

    ServiceLogs logs() {
        return directory.logs(service());
    }

    void round(Instant now) {
        keeper.round(List.of(service()), now);
    }

    /** Whether the file system here can cut a file at its beginning. */
    boolean canCollapse() throws IOException {
        return new Collapse().whyNot(path).isEmpty();
    }

    void write(String text) throws IOException {
        Files.writeString(out.live(), text, CREATE, APPEND);
    }

    /** A child of its own that appends the numbers of this range, a line for each, at full speed. */
    Process writer(int from, int to) throws IOException {
        return writer(from, to, ":");
    }

    /** The same, with a command of the shell after each thousand. */
    Process writer(int from, int to, String pause) throws IOException {
        String script = "i=" + from + "; while [ $i -lt " + to + " ]; do echo \"line $i of the service\"; i=$((i+1)); "
                + "case $i in *000) " + pause + ";; esac; done";
        return new ProcessBuilder("sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out.live().toFile()))
                .start();
    }

    static String line(int number) {
        return "line " + number + " of the service";
    }

    /** What a person gets by {@code cat current.out.0* current.out}. */
    List<String> everyLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (LogFiles.Archive archive : out.archives()) {
            bytes.writeBytes(Files.readAllBytes(archive.file()));
        }
        if (Files.exists(out.live())) {
            bytes.writeBytes(Files.readAllBytes(out.live()));
        }
        return bytes.toString(UTF_8).lines().toList();
    }

    /** Every line once, in order, whole. */
    static void assertLines(List<String> lines, int from, int to) {
        for (int i = 0; i < Math.min(lines.size(), to - from); i++) {
            if (!lines.get(i).equals(line(from + i))) {
                assertThat(lines.subList(Math.max(0, i - 2), Math.min(lines.size(), i + 3)))
                        .as("around line " + i)
                        .contains(line(from + i));
            }
        }
        assertThat(lines).hasSize(to - from);
        assertThat(lines.get(lines.size() - 1)).isEqualTo(line(to - 1));
    }

    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                names.add(file.getFileName().toString());
            }
        }
        names.sort(null);
        return names;
    }
}
