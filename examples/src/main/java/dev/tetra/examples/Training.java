package dev.tetra.examples;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Goes through the everyday verbs once, so that the JVM can archive the classes they need (the launcher runs this with
 * {@code -XX:ArchiveClassesAtExit}). Works in a directory of its own, which is gone afterwards.
 */
public final class Training {
    private static final String FILE = "training.yml";

    private static final String SERVICES = """
            services:
              first: {command: [sleep, "60"]}
              then: {command: "sleep 60", depends_on: [first]}
            """;

    private static final String[][] LINES = {
        {"start", "--no-wait", "--name", "training", "sleep", "60"},
        {"start", "--settle", "20ms", "--name", "second", "--port", "none", "sleep", "60"},
        {"start", "--dry-run", "python3", "-m", "http.server"},
        {"list"},
        {"list", "-a"},
        {"list", "-l"},
        {"list", "-p"},
        {"list", "--json"},
        {"info", "training"},
        {"logs", "training"},
        {"events"},
        {"why", "training"},
        {"stop", "second"},
        {"list", "-a"},
        {"restart", "--no-wait", "training"},
        {"stop", "--json", "training"},
        {"stop", "nobody"},
        {"up", FILE, "--no-wait"},
        {"diff", FILE},
        {"up", FILE},
        {"down", FILE},
        {"owner", "status"},
        {"version"},
        {"delete", "*"},
        {"list"},
    };

    private Training() {}

    /** Does all of it; fails when one of the verbs does. */
    public static void main(String[] args) throws IOException {
        Path scratch = Files.createTempDirectory("tsm-training");
        try {
            Caller here = Caller.ofThisProcess();
            Map<String, String> environment = new HashMap<>(here.environment());
            environment.put("TETRA_DIR", scratch.toString());
            Files.writeString(scratch.resolve(FILE), SERVICES);
            train(new Caller(environment, scratch, here.home(), 0));
        } finally {
            delete(scratch);
        }
    }

    private static void train(Caller caller) throws IOException {
        try (ServiceManager owner = ServiceManager.open(RuntimeDirectory.of(caller.runtimeRoot()))) {
            try {
                for (String[] line : LINES) {
                    int exitCode =
                            Tsm.run(line, caller, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
                    if (exitCode != Failure.OK && !isMeantToFail(line)) {
                        throw new IOException("tsm " + String.join(" ", line) + " ended with " + exitCode);
                    }
                }
            } finally {
                owner.delete(List.of(new Selector.All()));
            }
        }
    }

    private static boolean isMeantToFail(String[] line) {
        return line[line.length - 1].equals("nobody");
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = new ArrayList<>(walk.toList());
        }
        Collections.reverse(paths);
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
