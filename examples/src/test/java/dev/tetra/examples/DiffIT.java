package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffIT extends TsmContract {
    private void write(String text) throws IOException {
        Files.writeString(cwd.resolve("services.yml"), text);
    }

    @Test
    void a_diff_of_what_was_never_started_needs_nobody_and_changes_nothing() throws IOException {
        write("services: {web: {command: x, depends_on: [db]}, db: {command: x, env_file: absent.env}}");

        Result diff = tsm("diff");

        assertThat(diff.exitCode()).isEqualTo(1);
        assertThat(diff.err()).isEmpty();
        assertThat(diff.lines())
                .satisfiesExactly(
                        db -> assertThat(db)
                                .startsWith("db   would fail: ")
                                .contains(cwd.resolve("absent.env").toString()),
                        web -> assertThat(web).isEqualTo("web  would be started"));
        assertThat(tetra).doesNotExist();
    }

    @Test
    void a_diff_says_for_each_service_what_up_would_do_and_never_a_value() throws IOException {
        Files.writeString(cwd.resolve("dev.env"), "TOKEN=hush\n");
        write("""
                services:
                  a: {command: sleep 600, env_file: dev.env}
                  b: {command: sleep 600, environment: {SECRET: hush}}
                  c: {command: sleep 600}
                  d: {command: sleep 600}
                  e: {command: sleep 600}
                """);
        tsm("up", "--no-wait").succeeded();
        tsm("stop", "d").succeeded();
        tsm("owner", "stop").succeeded();
        Files.writeString(cwd.resolve("dev.env"), "TOKEN=louder\n");
        write("""
                services:
                  a: {command: sleep 600, env_file: dev.env}
                  b: {command: sleep 600, environment: {SECRET: hush, MORE: louder}}
                  c: {command: sleep 600, stop: {grace: 1s}}
                  d: {command: sleep 600}
                """);
        List<String> before = snapshot();

        Result diff = tsm("diff", "services.yml");

        assertThat(diff.exitCode()).isEqualTo(1);
        assertThat(diff.out()).isEqualTo("""
                a  would be replaced: environment: ~TOKEN
                b  would be replaced: environment: +MORE
                c  would be changed while it runs: stop.grace: 5s → 1s
                d  would be started
                e  no longer in the file; tsm apply would stop and delete it
                """);
        assertThat(tsm("diff", "--json").out()).doesNotContain("hush", "louder");
        assertThat(snapshot()).isEqualTo(before);
        assertThat(tsm("owner", "status").exitCode())
                .as("nobody was brought up")
                .isEqualTo(1);
    }

    @Test
    void after_an_up_nothing_would_change() throws IOException {
        write("services: {web: {command: sleep 600, port: 8700+, environment: {A: b}}, alone: {command: sleep 600}}");
        tsm("up", "--no-wait").succeeded();

        Result diff = tsm("diff").succeeded();

        assertThat(diff.lines()).hasSize(2).allMatch(line -> line.endsWith("as it should be"));
        assertThat(tsm("diff", "services.yml", "alone").succeeded().lines()).hasSize(1);
        tsm("stop", "alone").succeeded();
        assertThat(tsm("diff", "services.yml", "web").succeeded().lines()).hasSize(1);
        assertThat(tsm("diff").exitCode()).isEqualTo(1);
    }

    @Test
    void a_job_that_is_done_is_no_difference_until_its_spec_changes() throws IOException {
        write("services: {job: {command: 'true', restart: never}, web: {command: sleep 600}}");
        tsm("up").succeeded();

        assertThat(tsm("diff").succeeded().out()).isEqualTo("job  done; up runs it again\nweb  as it should be\n");
        assertThat(at(tsm("diff", "--json", "job").succeeded().json(), 0, "action"))
                .isEqualTo("done");
        assertThat(tsm("up", "job").succeeded().out()).matches("job  started and ended  id \\d+  exit code 0\n");
        tsm("stop", "web").succeeded();
        assertThat(tsm("diff", "web").out()).isEqualTo("web  would be started\n");
        write("services: {job: {command: [test, a], restart: never}}");
        Result changed = tsm("diff", "job");
        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.out()).isEqualTo("job  would be started: command: true → test a\n");
    }

    @Test
    void who_belongs_to_what_is_replaced_is_said_to_be_restarted_with_it_and_is() throws IOException {
        write("services: {api: {command: sleep 600}, worker: {command: sleep 600, parent: api}}");
        tsm("up", "--no-wait").succeeded();
        tsm("start", "--name", "side", "--port", "none", "--parent", "worker", "sleep", "600")
                .succeeded();
        write("services: {api: {command: sleep 601}, worker: {command: sleep 600, parent: api}}");

        assertThat(tsm("diff").out()).isEqualTo("""
                api     would be replaced: command: sleep 600 → sleep 601
                worker  would be restarted with its parent api
                side    would be restarted with its parent worker
                """);
        assertThat(at(tsm("diff", "--json").json(), 1, "action")).isEqualTo("restart");
        assertThat(tsm("up").succeeded().out()).matches("""
                api     replaced: command: sleep 600 → sleep 601
                worker  restarted with its parent api  id 1  pid \\d+
                side    restarted with its parent worker  id 2  pid \\d+
                """);
        tsm("diff").succeeded();
    }
}
