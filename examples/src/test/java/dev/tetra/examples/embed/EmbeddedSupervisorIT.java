package dev.tetra.examples.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSupervisorIT {
    @TempDir
    Path scratch;

    @Test
    @Timeout(60)
    void the_sample_starts_a_service_prints_it_and_stops_it() throws Exception {
        Process sample = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedSupervisor.class.getName(),
                        scratch.resolve("run").toString())
                .redirectErrorStream(true)
                .start();

        String out = new String(sample.getInputStream().readAllBytes(), UTF_8);

        assertThat(sample.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(out).matches("web-(\\d+) is online on port \\1\nweb-\\1 is stopped\n");
        assertThat(sample.exitValue()).isZero();
    }
}
