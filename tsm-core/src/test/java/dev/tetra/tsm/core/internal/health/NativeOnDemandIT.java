package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeOnDemandIT {
    @TempDir
    Path root;

    /** The classes of jnr and of what it stands on that a JVM loads which watches a service by that probe. */
    private List<String> nativeClasses(String probe) throws Exception {
        Path log = root.resolve("classes-" + probe.length());
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        WatchMain.class.getName(),
                        Files.createDirectory(root.resolve("of-" + probe.length()))
                                .toString(),
                        probe)
                .redirectError(root.resolve("jvm.err").toFile())
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).as(Files.readString(root.resolve("jvm.err"))).isEqualTo("ready web\n");
        assertThat(jvm.waitFor()).isZero();
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(" jnr.") || line.contains("com.kenai.") || line.contains("tsm.ipc."))
                .toList();
    }

    @Test
    void theNativeLibraryIsLoadedWhenAServiceSpeaksSdNotifyAndNotBefore() throws Exception {
        assertThat(nativeClasses("exec:true")).isEmpty();
        assertThat(nativeClasses("notify")).isNotEmpty();
    }
}
