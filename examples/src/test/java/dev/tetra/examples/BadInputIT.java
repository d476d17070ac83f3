package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.examples.args.Verb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One sentence, the right exit code, and nothing is changed. */
class BadInputIT extends TsmContract {
    @Test
    void an_unknown_verb_is_refused_with_the_nearest_one() {
        tsm("lisst").failed(64, "there is no verb lisst; did you mean tsm list?");
        tsm("xyzzyqwerty").failed(64, "there is no verb xyzzyqwerty; tsm help lists the verbs");
        tsm("help", "strat").failed(64, "did you mean tsm start?");
        assertThat(tetra).doesNotExist();
    }

    @Test
    void a_wrong_option_is_refused_with_what_there_is() {
        tsm("start", "--nmae", "x", "sleep", "1").failed(64, "--nmae", "tsm start --help");
        tsm("start", "--name").failed(64, "--name", "tsm start --help");
        tsm("start").failed(64, "start what? tsm start COMMAND");
        tsm("start", "--name", "a", "--name", "b", "sleep", "1").failed(64, "--name");
        tsm("list", "extra").failed(64, "tsm list takes no words, and extra is one; did you mean tsm info extra?");
        tsm("owner").failed(64, "tsm owner status, start or stop?");
        tsm("owner", "dance").failed(64, "tsm owner status, start or stop, not dance");
        assertThat(tetra).doesNotExist();
    }

    @Test
    void whatever_the_line_lacks_is_said_in_words_of_ours() {
        tsm("send", "sig").failed(64, "say what to which service? For example: tsm send web STATUS");
        tsm("signal", "sig").failed(64, "which signal? For example: tsm signal sig HUP");
        tsm("signal", "HUP").failed(64, "signal which service? tsm signal SERVICE HUP");
        tsm("start", "--name").failed(64, "--name needs a value: --name NAME");
        tsm("start", "--name", "--port", "5", "x").failed(64, "--name needs a value: --name NAME");
        tsm("start", "--no-wait=5", "x").failed(64, "--no-wait takes no value");
        tsm("list", "--all", "-a").failed(64, "--all is there twice");
        tsm("start", "--po", "5", "x").failed(64, "--po is short for 3 options: --port, --post-start, --post-stop");
        tsm("list", "-az").failed(64, "tsm list has no option -z");
        tsm("start", "--nmae", "x", "y").failed(64, "tsm start has no option --nmae; did you mean --name?");
        tsm("owner", "start", "stop").failed(64, "tsm owner takes status|start|stop, and stop is one word too many");
        for (Verb verb : Verbs.ALL_VERBS) {
            for (String word : List.of("--no-such", "-", "--", "--=", "--json=x", "x")) {
                String complaint = tsm(verb.name(), word, word, "--grace").err();
                assertThat(complaint).doesNotContain("parameter", "argument", "Unmatched", "Missing");
            }
        }
    }

    @Test
    void who_means_all_services_or_a_part_of_a_name_is_told() throws IOException {
        tsm("stop", "all").failed(2, "no service named all; '*' means all of them");
        tsm("start", "--name", "play-crash", "--no-wait", "sleep", "600").succeeded();

        tsm("why", "crash").failed(2, "no service named crash; did you mean play-crash?");
        tsm("stop", "all").failed(2, "'*' means all of them");
    }

    @Test
    void values_that_are_none_are_refused() {
        tsm("start", "--port", "99999", "sleep", "1").failed(64, "port not in [1, 65535]: 99999");
        tsm("start", "--port", "http", "sleep", "1").failed(64, "not a port: http");
        tsm("start", "--parent", "x", "--comm-type", "pigeon", "sleep", "1")
                .failed(64, "--comm-type: no way to talk is called pigeon; there are tcp, udp,");
        tsm("start", "--settle", "soon", "sleep", "1").failed(64, "--settle: not a time: soon");
        tsm("start", "--settle", "1s", "--no-wait", "sleep", "1").failed(64, "exclude each other");
        tsm("start", "").failed(64, "the command is an empty word");
        tsm("stop", "--grace", "-5", "x").failed(64, "not a time: -5");
        tsm("stop", "--id", "seven").failed(64, "--id takes a number, not seven");
        tsm("stop", "--port", "0").failed(64, "port not in [1, 65535]: 0");
        tsm("logs", "-n", "many", "x").failed(64, "-n takes a number of lines, not many");
        tsm("logs", "--out", "--err", "x").failed(64, "exclude each other");
        environment.put("TSM_OWNER_IDLE", "a while");
        tsm("start", "sleep", "1").failed(64, "TSM_OWNER_IDLE takes a number of seconds, not a while");
        assertThat(tetra).doesNotExist();
    }

    @Test
    void verbs_that_need_a_service_say_so() {
        for (String verb : List.of("stop", "kill", "delete", "restart", "info", "logs")) {
            tsm(verb).failed(64, "tsm " + verb + " needs a service");
        }
        assertThat(tetra).doesNotExist();
    }

    @Test
    void an_unknown_service_is_not_found_and_brings_up_no_owner() {
        for (String verb : List.of("stop", "kill", "delete", "restart", "info", "logs")) {
            tsm(verb, "nobody").failed(2, "no service named nobody");
            tsm(verb, "4711").failed(2, "no service with id, pid or port 4711");
            tsm(verb, "--pid", "1").failed(2, "no service with --pid 1");
        }
        assertThat(tetra).doesNotExist();
    }

    @Test
    void an_unknown_service_is_refused_with_the_nearest_names_and_nobody_is_stopped() throws IOException {
        tsm("start", "--name", "web", "--no-wait", "sleep", "600").succeeded();
        List<String> before = snapshot();

        tsm("stop", "wbe").failed(2, "did you mean web?");
        tsm("stop", "web", "nobody").failed(2, "nobody");

        assertThat(snapshot()).isEqualTo(before);
        assertThat(tsm("list").out()).contains("online");
    }

    @Test
    void a_selector_that_fits_more_than_one_is_refused_with_the_candidates() throws IOException {
        tsm("start", "--name", "web-a", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "web-b", "--no-wait", "sleep", "600").succeeded();
        List<String> before = snapshot();

        tsm("stop", "web").failed(64, "web fits 2 services", "web-a", "web-b");
        tsm("start", "web-a").failed(1, "runs already");

        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void a_name_that_runs_already_and_a_name_that_is_a_path_are_refused() throws IOException {
        tsm("start", "--name", "web", "--no-wait", "--port", "none", "sleep", "600")
                .succeeded();
        List<String> before = snapshot();

        tsm("start", "--name", "web", "--port", "none", "sleep", "600").failed(1, "web");
        tsm("start", "--name", "../evil", "sleep", "600").failed(64, "../evil");

        assertThat(snapshot()).isEqualTo(before);
        assertThat(tetra.resolve("tsm/runtime/evil")).doesNotExist();
    }

    @Test
    void a_port_that_somebody_holds_is_refused_with_who_it_is() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(holder.getLocalPort());

            tsm("start", "--name", "web", "--port", port, "sleep", "600")
                    .failed(1, port, "pid " + ProcessHandle.current().pid());
            tsm("start", "--dry-run", "--name", "web", "--port", port, "sleep", "600")
                    .failed(1, port);

            assertThat(tsm("list", "-a").out()).startsWith("no services");
        }
    }

    @Test
    void files_that_are_missing_are_named() throws IOException {
        tsm("start", "--env", "absent.env", "sleep", "600")
                .failed(1, cwd.resolve("absent.env").toString());
        tsm("start", "--cwd", "absent", "sleep", "600")
                .failed(1, cwd.resolve("absent").toString());
        tsm("start", "--pre-hook", "absent-hook", "sleep", "600").failed(1, "absent-hook");
        tsm("start", "./absent-command").failed(1, "absent-command");

        assertThat(tsm("list", "-a").out()).startsWith("no services");
    }

    @Test
    void a_runtime_directory_that_cannot_be_made_is_named() throws IOException {
        Files.writeString(scratch.resolve("file"), "");
        environment.put("TETRA_DIR", scratch.resolve("file").toString());

        tsm("start", "sleep", "600").failed(1, scratch.resolve("file").toString());
        environment.put("TETRA_DIR", tetra.toString());
    }

    @Test
    void every_failure_is_json_too_when_asked_for() throws IOException {
        for (Result failed :
                List.of(tsm("stop", "--json", "nobody"), tsm("start", "--json"), tsm("nonsense", "--json"))) {
            assertThat(failed.err()).startsWith("tsm: ");
            Object error = at(failed.json(), "error");
            assertThat("tsm: " + at(error, "message") + "\n").isEqualTo(failed.err());
            assertThat(at(error, "details")).isEqualTo(List.of());
        }
    }

    @Test
    void no_word_of_a_user_steers_the_terminal() {
        Result result = tsm("stop", "a\u001b[31mb\nc");

        assertThat(result.err()).contains("a?[31mb?c").doesNotContain("\u001b");
    }

    @Test
    void a_place_that_is_no_directory_is_no_empty_list() throws IOException {
        environment.put(
                "TETRA_DIR", Files.writeString(scratch.resolve("file"), "").toString());

        tsm("list").failed(1, "cannot be read");
    }
}
