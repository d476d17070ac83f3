package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everyday verbs do not load the YAML library, whatever lies about. */
class YamlOnDemandIT extends TsmContract {
    /** How many classes of the library a JVM of its own loads for that command line. */
    private long yamlClasses(String... line) throws Exception {
        Path log = scratch.resolve("classes");
        Files.deleteIfExists(log);
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                Tsm.class.getName()));
        words.addAll(List.of(line));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(cwd.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process jvm = builder.start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(output).isZero();
        return classes(log).stream()
                .filter(name -> name.contains(" org.snakeyaml."))
                .count();
    }

    private static List<String> classes(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).anyMatch(name -> name.contains(" dev.tetra.examples.Tsm "));
        return lines;
    }

    @Test
    void only_verbs_about_files_load_the_yaml_library() throws Exception {
        Files.writeString(cwd.resolve("services.yml"), "services: {web: {command: sleep 600, environment: {A: b}}}");
        assertThat(yamlClasses("up", "--no-wait")).isPositive();
        tsm("enable", "web").succeeded();

        for (String[] line : List.of(
                new String[] {"list", "-l"},
                new String[] {"info", "web"},
                new String[] {"start", "--no-wait", "--name", "job", "sleep", "600"},
                new String[] {"restart", "--no-wait", "web"},
                new String[] {"stop", "web"},
                new String[] {"startup"},
                new String[] {"delete", "web"})) {
            assertThat(yamlClasses(line)).as(line[0]).isZero();
        }
    }
}
