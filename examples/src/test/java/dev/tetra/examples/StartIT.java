package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartIT extends TsmContract {
    @Test
    void a_web_server_is_started_and_answers_on_the_port_that_the_line_names() throws Exception {
        Result result =
                tsm("start", "--name", "web", "python3", "-m", "http.server").succeeded();

        assertThat(result.lines()).hasSize(1);
        assertThat(result.out())
                .matches("web-(\\d+)  started  id 0  pid \\d+  port \\1 \\((listening|not listening yet)\\)\n");
        int port = service("web").port().orElseThrow();
        await("the server answers", () -> answers(port));
    }

    @Test
    void a_command_keeps_its_own_options() throws IOException {
        tsm("start", "--name", "opts", "sh", "-c", "echo \"$@\"; sleep 600", "--", "--port", "-x", "--json")
                .succeeded();

        await("it has written", () -> tsm("logs", "opts").out().contains("out| --port -x --json"));
        assertThat(service("opts").spec().command())
                .containsExactly("sh", "-c", "echo \"$@\"; sleep 600", "--", "--port", "-x", "--json");
    }

    @Test
    void a_line_for_the_shell_runs_in_bash_only_when_asked_for() throws IOException {
        tsm("start", "--name", "line", "--shell", "echo $((6 * 7)); sleep 600").succeeded();

        await("it has written", () -> tsm("logs", "line").out().contains("out| 42"));
        tsm("start", "--shell", "echo", "a").failed(64, "--shell takes one word");
    }

    @Test
    void the_environment_file_and_the_directory_reach_the_service() throws IOException {
        Files.writeString(cwd.resolve("dev.env"), "GREETING='hello there'\n");
        Path elsewhere = Files.createDirectory(cwd.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("app.sh"), "echo \"$GREETING from $PWD\"\nsleep 600\n");

        tsm("start", "--env", "dev.env", "--cwd", "elsewhere", "app.sh").succeeded();

        String name = name(tsm("list", "--json"));
        await("it has written", () -> tsm("logs", name).out().contains("hello there from " + elsewhere));
    }

    @Test
    void a_dry_run_says_what_would_be_done_rung_by_rung_and_does_nothing() throws IOException {
        Result result = tsm("start", "--dry-run", "--name", "web", "--port", "8123", "python3", "-m", "http.server")
                .succeeded();

        assertThat(result.out())
                .contains("name       web-8123", "python3 -m http.server 8123", "PORT LADDER", "--port", "found");
        assertThat(snapshot()).hasSizeLessThanOrEqualTo(1);
        Map<?, ?> plan =
                (Map<?, ?>) tsm("start", "--dry-run", "--json", "--port", "8123", "python3", "-m", "http.server")
                        .json();
        assertThat(plan.get("service_type")).isEqualTo("port");
        assertThat(plan.get("refusal")).isNull();
    }

    @Test
    void a_name_alone_starts_the_service_again_that_does_not_run() throws IOException {
        tsm("start", "--name", "job", "--port", "none", "sleep", "600").succeeded();
        long first = service("job").pid().orElseThrow();

        tsm("start", "job").failed(1, "job runs already (id 0, pid " + first + ")", "tsm restart job");
        tsm("stop", "job").succeeded();
        Result again = tsm("start", "job").succeeded();

        assertThat(again.out()).startsWith("job  started  id 0  pid ");
        assertThat(service("job").pid().orElseThrow()).isNotEqualTo(first);
        assertThat(service("job").restarts()).isEqualTo(1);
    }

    @Test
    void a_start_that_fails_says_why_and_leaves_nothing() throws IOException {
        Result result = tsm("start", "--name", "bad", "sh", "-c", "echo some reason >&2; exit 3");

        result.failed(1, "3", "some reason");
        assertThat(tsm("list", "-a").out()).startsWith("no services");
    }

    @Test
    void the_service_is_printed_as_json() throws IOException {
        Map<?, ?> service = (Map<?, ?>)
                tsm("start", "--json", "--name", "job", "sleep", "600").json();

        assertThat(service.get("name")).isEqualTo("job");
        assertThat(service.get("tsm_id")).isEqualTo(0L);
        assertThat(service.get("status")).isEqualTo("online");
    }

    private static String name(Result list) throws IOException {
        return (String) at(list.json(), 0, "name");
    }

    private static boolean answers(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Test
    void a_service_that_does_not_run_keeps_its_port_from_those_who_take_any() throws Exception {
        Result first =
                tsm("start", "--name", "job", "sh", "-c", "echo $PORT", "$PORT").succeeded();
        assertThat(first.out()).startsWith("job-").contains("started and ended", "exit code 0");
        String taken = first.out().substring("job-".length(), first.out().indexOf(' '));

        assertThat(tsm("start", "--name", "other", "--no-wait", "sleep", "600", "$PORT")
                        .out())
                .startsWith("other-")
                .doesNotContain("other-" + taken);
        assertThat(tsm("start", "--name", "other", "--no-wait", "--port", taken, "sleep", "600")
                        .out())
                .startsWith("other-" + taken);
    }

    @Test
    void what_a_user_may_have_meant_otherwise_is_said() {
        environment.put("PORT", "8555");
        Result result = tsm("start", "--no-wait", "--name", "job", "sh", "-c", "sleep 600", "$PORT", "--name", "x");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err())
                .contains("PORT=8555 of your environment was not used", "--name after the command went to the command");
    }

    @Test
    void a_bad_pattern_is_named_with_its_line_and_the_others_work() throws IOException {
        Files.createDirectories(tetra.resolve("tsm"));
        Files.writeString(tetra.resolve("tsm/patterns.txt"), "broken|(|8100|{cmd}\nmine|^sleep|8765|{cmd}\n");

        Result result = tsm("start", "--dry-run", "sleep", "600");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).contains("patterns.txt:1: ");
        assertThat(result.out()).contains("pattern mine");
    }
}
