package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpIT extends TsmContract {
    private Path write(String name, String text) throws IOException {
        return Files.writeString(cwd.resolve(name), text);
    }

    @Test
    void what_does_not_run_is_started_in_order_and_left_alone_afterwards() throws IOException {
        write("services.yml", """
                services:
                  web: {command: sleep 600, depends_on: [database], environment: {SECRET: hush}}
                  database: {command: sleep 600, logs: {keep: 3}}
                """);

        Result first = tsm("up").succeeded();
        long web = service("web").pid().orElseThrow();

        assertThat(first.out())
                .matches("database  started  id 0  pid \\d+\n" + "web       started  id 1  pid " + web + "\n");
        assertThat(tsm("up", "services.yml").succeeded().out())
                .isEqualTo("database  as it should be\nweb       as it should be\n");
        assertThat(service("web").pid()).hasValue(web);
        assertThat(service("web").spec().file()).contains(cwd.resolve("services.yml"));
        assertThat(String.join("\n", snapshot())).doesNotContain("hush");
    }

    @Test
    void only_what_changed_is_replaced_or_changed_while_it_runs() throws IOException {
        write("services.yaml", """
                services:
                  a: {command: sleep 600}
                  b: {command: sleep 600, environment: {SECRET: hush}}
                  c: {command: sleep 600}
                """);
        tsm("up", "--no-wait").succeeded();
        long a = service("a").pid().orElseThrow();
        long b = service("b").pid().orElseThrow();
        long c = service("c").pid().orElseThrow();
        write("services.yaml", """
                services:
                  a: {command: sleep 600}
                  b: {command: sleep 600, environment: {SECRET: louder}}
                  c: {command: sleep 600, restart: always}
                """);

        Result result = tsm("up").succeeded();

        assertThat(result.out()).isEqualTo("""
                a  as it should be
                b  replaced: environment: ~SECRET
                c  changed while it runs: restart.policy: on-failure → always
                """);
        assertThat(service("a").pid()).hasValue(a);
        assertThat(service("b").pid().orElseThrow()).isNotEqualTo(b);
        assertThat(service("c").pid()).hasValue(c);
    }

    @Test
    void words_alone_choose_services_of_the_usual_file() throws IOException {
        tsm("up", "web").failed(64, "web is no service file", "none of services.yml");
        write("services.yml", "services: {web: {command: sleep 600}, other: {command: sleep 600}}");
        Files.createDirectory(cwd.resolve("web"));

        assertThat(tsm("diff", "web").lines()).containsExactly("web  would be started");
        assertThat(tsm("up", "web").succeeded().lines()).hasSize(1);
        assertThat(tsm("diff", "web", "other").lines())
                .containsExactly("web    as it should be", "other  would be started");
        tsm("up", "wbe").failed(2, "services.yml has no service named wbe; did you mean web?");
        tsm("down", "web").failed(64, "takes a service file, and web is none; did you mean tsm stop web?");
        tsm("apply", "web").failed(64, "did you mean tsm up web?");
        tsm("start", "absent.yml").failed(1, "service file not found: ", "absent.yml");
    }

    @Test
    void each_line_says_how_the_service_is_when_all_are_there() throws IOException {
        write("services.yml", """
                services:
                  web: {command: sleep 600, depends_on: [db]}
                  db: {shell: "sleep 1; echo serving; exec sleep 600", ready: "log:serving"}
                """);

        assertThat(tsm("up").succeeded().out()).matches("db   started  id 0  pid \\d+\nweb  started  id 1  pid \\d+\n");
    }

    @Test
    void words_choose_services_with_whatever_comes_before_them() throws IOException {
        write("services.yml", """
                services:
                  web: {command: sleep 600, depends_on: [db]}
                  db: {command: sleep 600}
                  other: {command: sleep 600}
                """);

        assertThat(tsm("up", "services.yml", "web").succeeded().lines())
                .extracting(line -> line.split(" ", 2)[0])
                .containsExactly("db", "web");
        tsm("up", "services.yml", "wbe").failed(2, "services.yml has no service named wbe; did you mean web?");
    }

    @Test
    void one_that_fails_says_why_and_all_others_go_on() throws IOException {
        write("services.yml", """
                services:
                  bad: {shell: "echo some reason >&2; exit 3"}
                  after: {command: sleep 600, depends_on: [bad]}
                  fine: {command: sleep 600}
                """);

        Result result = tsm("up").failed(1, "2 of 3 failed: bad, after", "bad err| some reason");

        assertThat(result.lines().get(0))
                .startsWith("bad    failed: service bad ended right after its start with exit code 3");
        assertThat(result.lines().get(1)).startsWith("fine   started");
        assertThat(result.lines().get(2))
                .isEqualTo("after  failed: after was not started, as it depends on bad, which failed");
        assertThat(service("fine").run()).isPresent();
    }

    @Test
    void a_port_that_is_taken_and_an_environment_file_that_is_missing_fail_their_service_alone() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write("services.yml", """
                    services:
                      a: {command: sleep 600, port: %d}
                      b: {command: sleep 600, env_file: absent.env}
                      c: {command: sleep 600}
                    """.formatted(holder.getLocalPort()));

            Result result = tsm("up").failed(1, "2 of 3 failed: a, b");

            assertThat(result.lines().get(0))
                    .startsWith("a  failed: ")
                    .contains("pid " + ProcessHandle.current().pid());
            assertThat(result.lines().get(1))
                    .startsWith("b  failed: ")
                    .contains(cwd.resolve("absent.env").toString());
            assertThat(result.lines().get(2)).startsWith("c  started");
        }
    }

    @Test
    void wait_means_ready() throws IOException {
        write("services.json", """
                {"services": {"web": {"shell": "echo serving; exec sleep 600", "ready": "log:^serving$"}}}
                """);

        assertThat(tsm("up", "--wait").succeeded().out()).matches("web  started  id 0  pid \\d+  ready\n");
    }

    @Test
    void a_file_that_cannot_be_followed_is_refused_whole_before_an_owner_is_brought_up() throws IOException {
        tsm("up").failed(1, "none of services.yml, services.yaml and services.json is in " + cwd);
        tsm("up", "absent.yml").failed(1, "service file not found: " + cwd.resolve("absent.yml"));
        tsm("up", "./web").failed(64, "not the name of a service file", "it ends in .yaml, .yml, .json or .tsm");
        tsm("up", "").failed(64, "an empty word names no file");
        write("services.yml", "services: {web: {comand: x, port: 80x}}");
        for (String verb : List.of("up", "diff", "apply", "down")) {
            Result typo = tsm(verb).failed(64, "tsm: services.yml:1:18: unknown key comand of service web; command?");
            assertThat(typo.err().lines().skip(1))
                    .as("all that is wrong, each with its place")
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("  services.yml:1:35: port of service web: not a port: 80x"));
        }
        write("circle.yml", "services: {a: {command: x, depends_on: [b]}, b: {command: x, depends_on: [a]}}");
        tsm("up", "circle.yml").failed(64, "tsm: circle.yml:1:41: services wait for each other in a circle: a → b → a");
        write("nothing.yml", "services: {web: {command: x, depends_on: [wbe]}}");
        tsm("up", "nothing.yml")
                .failed(
                        64,
                        "tsm: nothing.yml:1:43: service web comes after wbe, which no service here is called; web?");
        write("several.yml", """
                services:
                  web: {command: sleep 1 | cat, depends_on: {wbe: started}, parent: hub}
                  api: {comand: x}
                """);
        Result several = tsm("up", cwd.resolve("several.yml").toString());
        assertThat(several.exitCode()).isEqualTo(64);
        assertThat(several.err()).isEqualTo("""
                tsm: several.yml:2:18: command of service web: no shell reads a command, and | is for one; write shell: instead of command:, or quotes around it
                  several.yml:2:46: service web comes after wbe, which no service here is called; web?
                  several.yml:2:69: service web comes after hub, which no service here is called; add it, or take it out
                  several.yml:3:9: unknown key comand of service api; command?
                """);
        write("empty.yml", "");
        tsm("up", "empty.yml").failed(64, "is empty; write the services into it");
        tsm("up", "--settle", "1s", "--no-wait").failed(64, "exclude each other");
        assertThat(tetra).doesNotExist();
    }

    @Test
    void start_of_a_file_is_up_of_it() throws IOException {
        write("job.tsm", "TSM_COMMAND=\"sleep 600\"\nTSM_PORT=0\n");

        assertThat(tsm("start", "job.tsm").succeeded().out()).matches("job  started  id 0  pid \\d+\n");
        assertThat(tsm("start", "job.tsm").succeeded().out()).isEqualTo("job  as it should be\n");
        assertThat(tsm("start", "--dry-run", "job.tsm").succeeded().out()).isEqualTo("job  as it should be\n");
        tsm("start", "absent.tsm").failed(1, "absent.tsm");
        write("bad.tsm", "TSM_COMMAND=\"$(date)\"\n");
        tsm("start", "bad.tsm").failed(64, "bad.tsm:1");
    }

    @Test
    void apply_deletes_what_came_from_the_file_and_is_no_longer_in_it() throws IOException {
        write("services.yml", """
                services:
                  web: {command: sleep 600, depends_on: [old]}
                  old: {command: sleep 600}
                """);
        write("other.yml", "services: {stranger: {command: sleep 600}}");
        tsm("up", "--no-wait").succeeded();
        tsm("up", "--no-wait", "other.yml").succeeded();
        tsm("start", "--name", "byhand", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "child", "--parent", "old", "--no-wait", "sleep", "600")
                .succeeded();
        long web = service("web").pid().orElseThrow();
        List<String> before = snapshot();
        write("services.yml", "services: {web: {command: sleep 600, depends_on: [old]}}");

        tsm("apply").failed(64, "service web comes after old, which no service here is called");
        assertThat(snapshot())
                .as("nothing is deleted by a file that cannot be followed")
                .isEqualTo(before);

        write("services.yml", "services: {web: {command: sleep 600}}");
        assertThat(tsm("up").succeeded().out()).contains("web  changed while it runs: depends_on: [old:ready] → []");
        assertThat(service("old").run()).as("up deletes nobody").isPresent();
        Result applied = tsm("apply").succeeded();

        assertThat(applied.out()).isEqualTo("""
                old    deleted, as it is no longer in the file
                child  stopped, as it belongs to one that is no longer in the file
                web    as it should be
                """);
        assertThat(service("web").pid()).hasValue(web);
        assertThat(service("stranger").run()).isPresent();
        assertThat(service("byhand").run()).isPresent();
        tsm("info", "old").failed(2, "no service named old");
    }

    @Test
    void down_stops_what_the_file_names_last_first_and_forgets_it_if_told() throws IOException {
        write("services.yml", """
                services:
                  web: {command: sleep 600, depends_on: [db]}
                  db: {command: sleep 600}
                """);
        assertThat(tsm("down").succeeded().out())
                .isEqualTo("no service of " + cwd.resolve("services.yml") + " is there\n");
        assertThat(tetra).as("nobody there, no owner needed").doesNotExist();
        tsm("up", "--no-wait").succeeded();
        tsm("start", "--name", "other", "--no-wait", "sleep", "600").succeeded();

        assertThat(tsm("down").succeeded().out()).matches("web  stopped  signal 15 .*\ndb   stopped  signal 15 .*\n");
        assertThat(tsm("down").succeeded().out()).isEqualTo("web  did not run\ndb   did not run\n");
        assertThat(tsm("up").succeeded().lines()).hasSize(2).allMatch(line -> line.contains("started  id "));
        write("services.yml", "services: {web: {command: x, depends_on: [db]}, db: {command: x, depends_on: [web]}}");
        assertThat(tsm("down", "--delete").succeeded().lines())
                .as("a circle keeps nobody running")
                .hasSize(2)
                .allMatch(line -> line.contains("deleted"));
        assertThat(tsm("list", "-a").out()).contains("other").doesNotContain("web", "db");
    }

    @Test
    void a_service_keeps_its_variables_when_its_owner_is_killed() throws IOException {
        write("services.yml", "services: {web: {command: sleep 600, environment: {A: b}, restart: always}}");
        tsm("up", "--no-wait").succeeded();
        long first = service("web").pid().orElseThrow();
        ProcessHandle owner = ProcessHandle.of(OwnerProcess.of(new Console(caller(0), nowhere(), nowhere()).directory())
                        .orElseThrow()
                        .pid())
                .orElseThrow();
        owner.destroyForcibly();
        await("the owner is gone", () -> tsm("owner", "status").exitCode() == 1);
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await("the service is gone", () -> !tsm("list").out().contains("online"));

        tsm("owner", "start").succeeded();

        await("it is started again", () -> tsm("list").out().contains("online"));
        assertThat(variable(service("web").pid().orElseThrow())).isEqualTo("b");
        tsm("owner", "stop").succeeded();
        tsm("restart", "--no-wait", "web").succeeded();
        assertThat(variable(service("web").pid().orElseThrow())).isEqualTo("b");
    }

    /** The variable {@code A} of a process that has become its program. */
    private static String variable(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        await("sleep runs", () -> {
            try {
                return Files.readString(process.resolve("cmdline")).startsWith("sleep");
            } catch (IOException gone) {
                return false;
            }
        });
        return Files.readString(process.resolve("environ"))
                .lines()
                .flatMap(text -> List.of(text.split("\0")).stream())
                .filter(variable -> variable.startsWith("A="))
                .findFirst()
                .orElse("A=")
                .substring(2);
    }
}
