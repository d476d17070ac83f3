package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SaveIT extends TsmContract {
    private final RuntimeDirectory directory() {
        return new Console(caller(0), nowhere(), nowhere()).directory();
    }

    @Test
    void what_is_there_is_saved_so_that_up_of_it_changes_nothing() throws IOException {
        Files.writeString(cwd.resolve("dev.env"), "TOKEN=hush\n");
        Files.writeString(cwd.resolve("given.yml"), "services: {given: {command: sleep 600, environment: {A: known}}}");
        tsm("up", "--no-wait", "given.yml").succeeded();
        tsm("start", "--no-wait", "--env", "dev.env", "--port", "8610+", "--name", "web", "sleep", "600")
                .succeeded();
        tsm("start", "--no-wait", "--port", "8640+", "--restart", "always", "--name", "web", "sleep", "600")
                .succeeded();
        tsm("start", "--no-wait", "--stop-signal", "INT", "--name", "job", "sleep", "600")
                .succeeded();
        try (ServiceManager manager = ServiceManager.connect(directory()).orElseThrow()) {
            manager.start(
                    ServiceSpec.command("sleep", "600")
                            .name("embedded")
                            .cwd(cwd)
                            .environment(Map.of("PASSWORD", "hush"))
                            .build(),
                    java.time.Duration.ZERO);
        }

        Result saved = tsm("save").succeeded();

        Path file = cwd.resolve("services.yml");
        assertThat(saved.out())
                .isEqualTo("wrote 5 services to " + file
                        + "\nembedded was also given PASSWORD, whose values are not known; write them into it\n");
        String text = Files.readString(file);
        assertThat(text)
                .contains("  embedded:\n    command: [sleep, \"600\"]\n    # set by hand: PASSWORD\n")
                .contains("    env_file: dev.env\n", "      A: known\n", "    stop: {signal: INT}\n")
                .doesNotContain("hush");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(tsm("save", "-").succeeded().out()).isEqualTo(text);
        Result diff = tsm("diff");
        assertThat(diff.lines())
                .hasSize(5)
                .allMatch(line -> line.endsWith("as it should be")
                        || (line.startsWith("embedded") && line.endsWith("replaced: environment: -PASSWORD")));
    }

    @Test
    void a_file_that_is_there_stays_unless_it_is_to_be_replaced() throws IOException {
        tsm("save").failed(2, "there are no services to save");
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        Path file = Files.writeString(cwd.resolve("services.yml"), "mine\n");

        tsm("save").failed(1, file + " is there already; name another file, or say --force");
        assertThat(file).hasContent("mine");
        tsm("save", "x.json").failed(64, "tsm save writes YAML", "x.json");
        tsm("save", "absent/x.yml").failed(1, "absent/x.yml cannot be written: there is no directory");
        Files.createDirectory(cwd.resolve("folder.yml"));
        tsm("save", "--force", "folder.yml").failed(1, "folder.yml is a directory");
        Path link = Files.createSymbolicLink(cwd.resolve("link.yml"), Path.of("services.yml"));

        tsm("save", "--force", "link.yml").succeeded();

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(file)).startsWith("services:\n  job:\n");
        try (var files = Files.list(cwd)) {
            assertThat(files).as("no leftovers").hasSize(3);
        }
    }

    @Test
    void what_cannot_be_read_is_named_and_the_rest_is_saved() throws IOException {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        Path broken = Files.createDirectories(tetra.resolve("tsm/runtime/processes/broken"));
        Files.writeString(broken.resolve("meta.json"), "nonsense");

        Result saved = tsm("save").failed(1, "broken is left out: " + broken.resolve("meta.json"));

        assertThat(saved.out()).startsWith("wrote 1 service to ");
        Files.delete(broken.resolve("meta.json"));
        Files.delete(broken);
    }
}
