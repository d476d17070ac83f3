package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ListIT extends TsmContract {
    @Test
    void nothing_there_is_one_line_with_a_hint_and_no_directory_is_made() {
        assertThat(tsm("list").succeeded().out()).isEqualTo("no services; start one with: tsm start COMMAND\n");
        assertThat(tsm("ls", "--json").succeeded().out()).isEqualTo("[]\n");
        assertThat(tetra).doesNotExist();
    }

    @Test
    void the_table_shows_what_runs_and_all_shows_how_the_others_ended() {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "other", "--no-wait", "sleep", "600").succeeded();
        tsm("stop", "other").succeeded();

        assertThat(tsm("list").succeeded().out()).matches("""
                ID  NAME  STATUS +PID  PORT  UPTIME  TYPE
                 0  job   online +\\d+     -      \\ds  command
                """);
        assertThat(tsm("list", "-a").succeeded().out()).contains("ENDED", "other", "stopped", "signal 15 (TERM), ");
    }

    @Test
    void who_looks_is_told_that_nobody_supervises_where_that_matters() throws IOException {
        tsm("start", "--name", "a", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "b", "--no-wait", "sleep", "600").succeeded();
        ProcessHandle process =
                ProcessHandle.of(service("b").pid().orElseThrow()).orElseThrow();
        assertThat(tsm("list").succeeded().out()).doesNotContain("nobody supervises");
        tsm("owner", "stop").succeeded();

        assertThat(tsm("list").succeeded().out())
                .endsWith("\nnobody supervises: what runs is not watched; tsm owner start brings an owner up\n");
        process.destroyForcibly();
        await("its end is known", () -> tsm("list").out().contains("crashed: b"));
        assertThat(tsm("list", "-a").succeeded().out())
                .endsWith(
                        "\nnobody supervises: 1 service that should run does not; tsm owner start brings an owner up\n");
        tsm("list", "--json").succeeded().json();
        tsm("owner", "start").succeeded();
        await("it runs again", () -> tsm("list").lines().size() == 3);
        tsm("stop", "*").succeeded();
        tsm("owner", "stop").succeeded();
        assertThat(tsm("list", "-a").succeeded().out()).doesNotContain("nobody supervises");
    }

    @Test
    void ports_are_shown_with_the_symbols_of_the_guide() {
        tsm("start", "--name", "job", "--no-wait", "--port", "8345+", "sleep", "600")
                .succeeded();

        assertThat(tsm("list", "-p").succeeded().out())
                .contains("● 83", "/tcp")
                .endsWith("● bind  ⊙ shared or multicast  → send-to\n");
    }

    @Test
    void the_long_view_has_memory_and_command_and_fits_the_terminal() {
        tsm("start", "--name", "job", "--no-wait", "sh", "-c", "exec sleep 600 # " + "x".repeat(300))
                .succeeded();

        assertThat(tsm("list", "-l").succeeded().out()).contains("memory ", "cpu ", "x".repeat(300));
        for (String line : tsm(60, "list", "-l").succeeded().lines()) {
            assertThat(line.replaceAll("\u001b\\[\\d*m", "")).hasSizeLessThanOrEqualTo(60);
        }
        tsm("list", "-l", "-p").failed(64, "choose one");
    }

    @Test
    void colour_is_for_terminals_and_not_for_those_who_said_no() {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();

        assertThat(tsm(80, "list").out()).contains("\u001b[32monline\u001b[0m");
        assertThat(tsm(0, "list").out()).doesNotContain("\u001b");
        environment.put("NO_COLOR", "1");
        assertThat(tsm(80, "list").out()).doesNotContain("\u001b");
        environment.put("NO_COLOR", "");
        assertThat(tsm(80, "list").out()).contains("\u001b[32m");
    }

    @Test
    void a_service_that_cannot_be_read_is_named_and_hides_nobody() throws IOException {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        Files.createDirectory(tetra.resolve("tsm/runtime/processes/broken"));
        Files.writeString(tetra.resolve("tsm/runtime/processes/broken/meta.json"), "{\"name\":");

        Result list = tsm("list");

        assertThat(list.exitCode()).isZero();
        assertThat(list.out()).contains("job").doesNotContain("broken");
        assertThat(list.err())
                .startsWith("tsm: service broken cannot be read: ")
                .contains("broken/meta.json");
        assertThat(at(tsm("list", "--json").json(), 1, "status")).isEqualTo("unreadable");
        tsm("stop", "broken").failed(1, "cannot be read");
        Files.delete(tetra.resolve("tsm/runtime/processes/broken/meta.json"));
        Files.delete(tetra.resolve("tsm/runtime/processes/broken"));
    }

    @Test
    void a_reader_that_had_enough_is_no_failure() {
        assertThat(Tsm.run(new String[] {"list"}, caller(0), failing("Broken pipe"), OutputStream.nullOutputStream()))
                .isZero();
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void what_crashed_is_told_below_what_runs() throws Exception {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "bad", "--settle", "1ms", "sh", "-c", "sleep 0.2; exit 4");
        await("the crash", () -> tsm("list").out().contains("crashed: bad  exit code 4, "));

        assertThat(tsm("list").succeeded().out()).contains("online").endsWith("; tsm logs bad\n");
    }

    @Test
    void a_special_file_in_place_of_a_state_file_is_named_and_hides_nobody() throws Exception {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        Path strange = Files.createDirectory(tetra.resolve("tsm/runtime/processes/strange"));
        new ProcessBuilder("mkfifo", strange.resolve("meta.json").toString())
                .start()
                .waitFor();

        Result listed = tsm("list");

        assertThat(listed.exitCode()).isZero();
        assertThat(listed.out()).contains("job");
        assertThat(listed.err()).contains("strange cannot be read: it is no regular file");

        Result deleted = tsm("delete", "*");

        assertThat(deleted.exitCode()).isEqualTo(1);
        assertThat(deleted.out()).contains("job");
        assertThat(deleted.err())
                .contains("service strange was left alone, as it cannot be read: it is no regular file");
        Files.delete(strange.resolve("meta.json"));
        Files.delete(strange);
    }
}
