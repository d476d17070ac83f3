package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileFaultIT {
    @TempDir
    Path directory;

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aFileIsForItsUserAloneAndNothingIsBesideIt() throws IOException {
        Path file = directory.resolve("state");
        StateFile.write(file, new byte[] {1});
        StateFile.writeUnsynced(file, new byte[] {2});
        assertThat(file).hasBinaryContent(new byte[] {2});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(names(directory)).containsExactly("state");
    }

    @Test
    void readersSeeOneWholeContentOrTheOther() throws Exception {
        Path file = directory.resolve("state");
        byte[] ones = "1".repeat(50_000).getBytes(StandardCharsets.UTF_8);
        byte[] twos = "2".repeat(70_000).getBytes(StandardCharsets.UTF_8);
        StateFile.writeUnsynced(file, ones);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<java.util.concurrent.Future<?>> writers =
                    List.of(threads.submit(() -> rewrite(file, ones)), threads.submit(() -> rewrite(file, twos)));
            while (!writers.stream().allMatch(java.util.concurrent.Future::isDone)) {
                byte[] seen = Files.readAllBytes(file);
                assertThat(java.util.Arrays.equals(seen, ones) || java.util.Arrays.equals(seen, twos))
                        .isTrue();
            }
            for (var writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(names(directory)).containsExactly("state");
    }

    private static Void rewrite(Path file, byte[] content) throws IOException {
        for (int i = 0; i < 200; i++) {
            StateFile.writeUnsynced(file, content);
        }
        return null;
    }

    @Test
    void aWriteThatCannotTakeItsPlaceLeavesTheOldStateAndNoTemporaryFile() throws IOException {
        Path inTheWay = directory.resolve("state");
        Files.createDirectories(inTheWay.resolve("inside"));
        assertThatThrownBy(() -> StateFile.write(inTheWay, new byte[] {1}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write " + inTheWay)
                .hasMessageEndingWith("; the old content is kept");
        assertThat(names(directory)).containsExactly("state");
        assertThat(inTheWay.resolve("inside")).exists();
    }

    @Test
    void aWriteToAFullDiskKeepsTheOldContentAndLeavesNoTemporaryFile() throws Exception {
        Process process = new ProcessBuilder(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=64k full \"$1\" || exit 99; shift; exec \"$@\"",
                        "sh",
                        directory.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDiskMain.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assumeTrue(status != 99 && !said.contains("unshare failed"), "this machine lets nobody mount a tmpfs: " + said);
        assertThat(status).as(said).isZero();
        assertThat(said)
                .contains("No space left on device")
                .contains("old content: old")
                .contains("files: [state]");
    }

    /** Writes more than fits. */
    static final class FullDiskMain {
        private FullDiskMain() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0], "state");
            StateFile.write(file, "old".getBytes(StandardCharsets.UTF_8));
            try {
                StateFile.write(file, new byte[100_000]);
                System.out.println("it was written?");
            } catch (IOException full) {
                System.out.println(full.getMessage());
            }
            System.out.println("old content: " + Files.readString(file));
            System.out.println("files: " + names(Path.of(arguments[0])));
        }
    }
}
