package dev.tetra.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceManager;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command in this JVM, against an owner and services that are real processes; ends all of them afterwards. */
@Timeout(120)
abstract class TsmContract {
    static final String PYTHON_SERVER = "python3 -m http.server";

    @TempDir
    Path scratch;

    final Map<String, String> environment = new HashMap<>(System.getenv());
    Path cwd = Path.of("");
    Path tetra = Path.of("");

    @BeforeEach
    void makeDirectories() throws IOException {
        tetra = scratch.resolve("tetra");
        cwd = Files.createDirectory(scratch.resolve("project"));
        environment.put("TETRA_DIR", tetra.toString());
        environment.put("TSM_OWNER_IDLE", "30");
        environment.remove("NO_COLOR");
        environment.remove("PORT");
    }

    @AfterEach
    void endEverything() throws IOException {
        if (Files.isDirectory(tetra.resolve("tsm/runtime/processes"))) {
            Result deleted = tsm("delete", "*");
            Result owner = tsm("owner", "stop");
            assertThat(deleted.exitCode()).as(deleted.err()).isZero();
            assertThat(owner.exitCode()).as(owner.err()).isZero();
        }
    }

    /** What a command did. */
    record Result(int exitCode, String out, String err) {
        Result succeeded() {
            assertThat(exitCode).as(err).isZero();
            assertThat(err).isEmpty();
            return this;
        }

        /** It failed with one sentence, and nothing looks like a stack trace. */
        Result failed(int code, String... parts) {
            assertThat(exitCode).as(out + err).isEqualTo(code);
            assertThat(err).startsWith("tsm: ").contains(parts).doesNotContain("\tat ", "Exception");
            return this;
        }

        List<String> lines() {
            return out.lines().toList();
        }

        /** The output as JSON. */
        Object json() throws IOException {
            return Objects.requireNonNull(JsonTree.parse(out));
        }
    }

    /** A field that is there and not null, or an element. */
    static Object at(Object json, Object... path) {
        Object value = json;
        for (Object step : path) {
            value = Objects.requireNonNull(
                    step instanceof Integer index ? ((List<?>) value).get(index) : ((Map<?, ?>) value).get(step),
                    String.valueOf(step));
        }
        return value;
    }

    Result tsm(String... args) {
        return tsm(0, args);
    }

    /** On a terminal of that width. */
    Result tsm(int columns, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Tsm.run(args, caller(columns), out, err);
        return new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    Caller caller(int columns) {
        return new Caller(environment, cwd, scratch, columns);
    }

    /** A service as the owner knows it. */
    Service service(String name) throws IOException {
        try (ServiceManager manager = ServiceManager.connect(new Console(caller(0), nowhere(), nowhere()).directory())
                .orElseThrow()) {
            return manager.find(dev.tetra.tsm.core.Selector.parse(name));
        }
    }

    static Output nowhere() {
        return new Output(java.io.OutputStream.nullOutputStream());
    }

    /**
     * Everything below the runtime directory, with states: what a refused command must leave as it was. But for what a process
     * writes about itself, which may come a moment after the start that launched it.
     */
    List<String> snapshot() throws IOException {
        Path processes = tetra.resolve("tsm/runtime/processes");
        if (!Files.isDirectory(processes)) {
            return List.of();
        }
        try (var paths = Files.walk(processes)) {
            List<String> all = new ArrayList<>();
            for (Path path :
                    paths.filter(one -> !one.endsWith("process")).sorted().toList()) {
                all.add(path + (path.endsWith("meta.json") ? " " + Files.readString(path) : ""));
            }
            return all;
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("within 30 s: " + what).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
