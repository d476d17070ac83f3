package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class InfoIT extends TsmContract {
    @Test
    void info_explains_what_runs_and_why_on_that_port() throws IOException {
        Files.writeString(cwd.resolve("dev.env"), "A=1\n");
        tsm("start", "--name", "web", "--env", "dev.env", "python3", "-m", "http.server")
                .succeeded();
        int port = service("web").port().orElseThrow();
        await("the server listens", () -> tsm("info", "web").out().contains("● " + port + "/tcp listening"));

        Result info = tsm("info", "web").succeeded();

        assertThat(info.out())
                .startsWith("web-" + port + "\n")
                .contains("online since ", "pid ", "wrapper pid ", "python, reached by its port", "memory ", "cpu ")
                .contains("command      python3 -m http.server\n", "run as       python3 -m http.server " + port)
                .contains(cwd.resolve("dev.env").toString(), "current.out", "current.err")
                .doesNotContain("wrapper.err", "not reached")
                .contains("PORT LADDER", "patterns", "found");
    }

    @Test
    void info_has_every_setting_and_nothing_twice() {
        tsm("start", "--name", "usual", "--port", "none", "--no-wait", "sleep", "600")
                .succeeded();
        assertThat(tsm("info", "usual").succeeded().out())
                .contains("restart    on-failure, at most 16 times in a row after runs shorter than 1s\n")
                .contains("log cuts   at 32M, 5 old parts kept of each\n")
                .contains("1  --port       portless  --port none\n")
                .doesNotContain("not reached", "wrapper.err");
        tsm(
                        "start",
                        "--name",
                        "set",
                        "--port",
                        "none",
                        "--no-wait",
                        "--max-restarts",
                        "4",
                        "--min-uptime",
                        "3s",
                        "--log-size",
                        "1M",
                        "--log-age",
                        "1d",
                        "--log-keep",
                        "2",
                        "--liveness",
                        "exec:true",
                        "sleep",
                        "600")
                .succeeded();
        tsm("stop", "set").succeeded();
        assertThat(tsm("info", "set").succeeded().out())
                .contains("on-failure, at most 4 times in a row after runs shorter than 3s\n")
                .contains("at 1M or the age of 1d, 2 old parts kept of each\n")
                .contains("exec:true every 10s within 2s, 3 failures are too many\n")
                .contains("status     stopped\n");
    }

    @Test
    void info_of_a_service_that_ended_says_how() {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        tsm("stop", "job").succeeded();

        assertThat(tsm("info", "job").succeeded().out()).contains("stopped", "last exit", "signal 15 (TERM) at ");
    }

    @Test
    void info_has_the_live_fields_and_the_log_files_in_json() throws IOException {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();

        Object service = at(tsm("info", "--json", "job").json(), 0);

        assertThat((long) at(service, "memory_bytes")).isPositive();
        assertThat(((List<?>) at(service, "pids")).contains(at(service, "pid"))).isTrue();
        assertThat((List<?>) at(service, "logs")).hasSize(3);
    }

    @Test
    void info_of_all_of_nobody_is_no_failure() {
        assertThat(tsm("info", "*").succeeded().out()).isEqualTo("there are no services\n");
    }
}
