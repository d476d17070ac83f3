package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.NO_WAIT;
import static dev.tetra.tsm.core.Sandbox.await;
import static dev.tetra.tsm.core.Sandbox.awaitProgram;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the small shell between owner and service does and does not do. */
class WrapperIT {
    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager manager;

    @BeforeEach
    void prepare() throws IOException {
        sandbox = new Sandbox(root);
        manager = sandbox.open();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private Service now() throws IOException {
        return manager.list().services().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, exit code 0",
        "exit 7, exit code 7",
        "exit 143, signal 15 (TERM)",
        "exit 255, exit code 255",
        "kill -TERM $$, signal 15 (TERM)",
        "kill -KILL $$, signal 9 (KILL)",
        "kill -INT $$, signal 2 (INT)",
        "kill -HUP $$, signal 1 (HUP)",
    })
    void theExitStatusIsKept(String text, String outcome) throws Exception {
        manager.start(sandbox.shell("web", text), NO_WAIT);
        await("it has ended", () -> !now().status().isRunning());
        assertThat(now().lastExit().orElseThrow().outcome().describe()).isEqualTo(outcome);
    }

    @Test
    void aServiceInheritsNothingButThreeFiles() throws Exception {
        Service service = manager.start(sandbox.sleeper("web"), NO_WAIT);
        long pid = awaitProgram(service, "sleep");
        Path descriptors = Path.of("/proc/" + pid + "/fd");
        // The dynamic loader opens libraries for a moment.
        await("three files are open", () -> names(descriptors).equals(Set.of("0", "1", "2")));
        Path files = sandbox.directory().service("web").toRealPath();
        assertThat(Files.readSymbolicLink(descriptors.resolve("0"))).isEqualTo(Path.of("/dev/null"));
        assertThat(Files.readSymbolicLink(descriptors.resolve("1"))).isEqualTo(files.resolve("current.out"));
        assertThat(Files.readSymbolicLink(descriptors.resolve("2"))).isEqualTo(files.resolve("current.err"));
        for (String descriptor : List.of("1", "2")) {
            String info = Files.readString(Path.of("/proc/" + pid + "/fdinfo/" + descriptor));
            int flags = Integer.parseInt(
                    info.lines()
                            .filter(line -> line.startsWith("flags:"))
                            .findFirst()
                            .orElseThrow()
                            .substring(6)
                            .trim(),
                    8);
            assertThat(flags & 02000).as("O_APPEND of " + descriptor).isNotZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "trap '' INT QUIT HUP TERM; "})
    void aServiceIgnoresNoSignalWhateverItsOwnerIgnores(String prelude) throws Exception {
        manager.close();
        Process host =
                sandbox.host(List.of("sh", "-c", prelude + "exec \"$@\"", "sh"), "start", "web", "exec sleep 1000");
        assertThat(ignored(host.pid()))
                .isEqualTo(prelude.isEmpty() ? ignored(ProcessHandle.current().pid()) : "0000000000004003");
        Service service = sandbox.directory().read().services().get(0);
        assertThat(ignored(awaitProgram(service, "sleep"))).isEqualTo("0000000000000000");
    }

    /** Of the mask in {@code /proc/PID/status} what is not the JVM's or the C library's own doing: HUP, INT, QUIT, TERM. */
    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static String ignored(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(text -> text.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return String.format("%016x", Long.parseUnsignedLong(line.substring(7).trim(), 16) & 0x4007);
    }

    @Test
    void theWrapperSurvivesWhatATerminalSendsAndKeepsTheExitStatus() throws Exception {
        Service service = manager.start(sandbox.sleeper("web"), NO_WAIT);
        awaitProgram(service, "sleep");
        long wrapper = service.run().orElseThrow().wrapper().orElseThrow().pid();
        for (String signal : List.of("TERM", "HUP", "INT", "QUIT", "TSTP", "USR1", "PIPE")) {
            assertThat(new ProcessBuilder("sh", "-c", "kill -s " + signal + " -- " + wrapper)
                            .start()
                            .waitFor())
                    .isZero();
        }
        assertThat(Sandbox.runs(wrapper)).isTrue();
        ProcessHandle.of(service.pid().orElseThrow()).orElseThrow().destroy();
        await("it has ended", () -> !now().status().isRunning());
        assertThat(now().lastExit().orElseThrow().outcome()).isEqualTo(new Exit.Signalled(15));
    }

    @Test
    void wordsArriveUnchanged() throws Exception {
        Path program = sandbox.write("program", "#!/bin/sh\necho up\nsleep 1000 &\nwait\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        String[] words = {
            "./program", "-n", "--", "", " a  b ", "'", "\"", "$HOME", "`id`", "a\nb\n", "*", "\\", "äöü 🎵", "-c", ""
        };
        Service service = manager.start(sandbox.spec("web", words).build(), NO_WAIT);
        await("it is up", () -> !manager.logs(service).tail(1).isEmpty());
        List<String> seen = Sandbox.words(service.pid().orElseThrow());
        // The kernel puts the interpreter before the words, the resolver may write the program's path out.
        assertThat(seen.get(1)).endsWith("program");
        assertThat(seen.subList(2, seen.size())).isEqualTo(List.of(words).subList(1, words.length));
    }

    @Test
    void variablesNamedLikeTheScriptsOwnReachTheServiceUnchanged() throws Exception {
        Map<String, String> variables = Map.of(
                "directory",
                "1",
                "status",
                "2",
                "line",
                "3",
                "dir",
                "4",
                "IFS",
                "5",
                "PPID",
                "6",
                "OPTIND",
                "7",
                "script",
                "8",
                "with.dot",
                "9");
        Service service = manager.start(
                sandbox.spec("web", "sleep", "1000").environment(variables).build(), NO_WAIT);
        Map<String, String> seen = Sandbox.variables(awaitProgram(service, "sleep"));
        assertThat(seen).containsAllEntriesOf(variables);
        assertThat(seen).doesNotContainKeys("TSM_GO", "TSM_STAT");
    }

    @Test
    void aWrapperThatIsFrozenDoesNotKeepAStop() throws Exception {
        Service service = manager.start(sandbox.sleeper("web"), NO_WAIT);
        awaitProgram(service, "sleep");
        long wrapper = service.run().orElseThrow().wrapper().orElseThrow().pid();
        assertThat(new ProcessBuilder("sh", "-c", "kill -s STOP -- " + wrapper)
                        .start()
                        .waitFor())
                .isZero();
        Change change = manager.stop(List.of(new Selector.All())).get(0);
        assertThat(change.failure()).isEmpty();
        sandbox.awaitNothingRuns();
    }
}
