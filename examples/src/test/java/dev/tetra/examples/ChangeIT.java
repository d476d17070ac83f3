package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ChangeIT extends TsmContract {
    @Test
    void stop_says_how_each_service_ended_and_is_content_with_one_that_does_not_run() {
        tsm("start", "--name", "one", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "another", "--no-wait", "sleep", "600").succeeded();

        Result result = tsm("stop", "one", "another").succeeded();

        assertThat(result.out()).matches("one      stopped  signal 15 .*\nanother  stopped  signal 15 .*\n");
        assertThat(tsm("stop", "one").succeeded().out()).startsWith("one  did not run");
    }

    @Test
    void all_of_nobody_is_no_failure_and_brings_up_no_owner() {
        assertThat(tsm("stop", "*").succeeded().out()).isEqualTo("there are no services\n");
        assertThat(tsm("delete", "*").succeeded().out()).isEqualTo("there are no services\n");
        assertThat(tsm("restart", "--json", "*").succeeded().out()).isEqualTo("[]\n");
        assertThat(tetra).doesNotExist();
    }

    @Test
    void kill_ends_what_ignores_term() {
        tsm("start", "--name", "deaf", "sh", "-c", "trap '' TERM; while :; do sleep 1; done")
                .succeeded();

        assertThat(tsm("kill", "deaf").succeeded().out()).startsWith("deaf  killed");
        assertThat(tsm("list").out()).contains("no service runs; tsm list -a shows 1 that ended");
    }

    @Test
    void stop_kills_after_the_grace_time() {
        tsm("start", "--name", "deaf", "sh", "-c", "trap '' TERM; while :; do sleep 1; done")
                .succeeded();

        assertThat(tsm("stop", "--grace", "100ms", "deaf").succeeded().out()).startsWith("deaf  stopped");
    }

    @Test
    void delete_forgets_logs_and_all() {
        tsm("start", "--name", "gone", "--no-wait", "sleep", "600").succeeded();

        assertThat(tsm("rm", "gone").succeeded().out()).startsWith("gone  deleted");
        assertThat(tetra.resolve("tsm/runtime/processes/gone")).doesNotExist();
        tsm("info", "gone").failed(2, "no service named gone");
    }

    @Test
    void restart_keeps_the_id_and_gives_a_new_process() throws IOException {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        long first = service("job").pid().orElseThrow();

        Result result = tsm("restart", "job").succeeded();

        assertThat(result.out()).startsWith("job  restarted  id 0  pid ");
        assertThat(service("job").pid().orElseThrow()).isNotEqualTo(first);
    }

    @Test
    void selectors_by_id_pid_and_port_mean_exactly_that() throws IOException {
        tsm("start", "--name", "a", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "b", "--no-wait", "--port", "8456+", "sleep", "600")
                .succeeded();
        long pid = service("a").pid().orElseThrow();
        int port = service("b").port().orElseThrow();

        assertThat(tsm("stop", "--pid", Long.toString(pid)).succeeded().out()).startsWith("a  stopped");
        assertThat(tsm("stop", "--port", Integer.toString(port)).succeeded().out())
                .contains("stopped");
        assertThat(tsm("delete", "--id", "0", "--id=1").succeeded().lines()).hasSize(2);
    }

    @Test
    void services_go_on_without_their_owner_and_the_next_owner_finds_them() throws IOException {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        long pid = service("job").pid().orElseThrow();

        assertThat(tsm("owner", "stop").succeeded().out()).startsWith("owner stopped, pid ");
        assertThat(tsm("owner", "status").exitCode()).isEqualTo(1);
        assertThat(ProcessHandle.of(pid)).isPresent();
        assertThat(tsm("list").succeeded().out()).contains("job", "online");
        assertThat(tsm("stop", "job").succeeded().out()).startsWith("job  stopped");
        assertThat(tsm("owner", "status").succeeded().out()).contains("pid ", "version ");
    }

    @Test
    void what_was_done_is_printed_as_json() throws IOException {
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();

        Object changes = tsm("stop", "--json", "job").succeeded().json();

        assertThat(at(changes, 0, "changed")).isEqualTo(true);
        assertThat(at(changes, 0, "service", "status")).isEqualTo("stopped");
    }

    @Test
    void a_leftover_owner_lock_of_a_process_that_is_gone_means_no_owner() throws IOException {
        Files.createDirectories(tetra.resolve("tsm/runtime"));
        long self = ProcessHandle.current().pid();
        Files.writeString(tetra.resolve("tsm/runtime/owner.lock"), self + " 1\n");

        assertThat(tsm("owner", "status").exitCode()).isEqualTo(1);
        assertThat(tsm("owner", "stop").succeeded().out()).startsWith("no owner runs");
    }
}
