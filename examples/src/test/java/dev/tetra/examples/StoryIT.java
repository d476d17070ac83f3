package dev.tetra.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.internal.events.Doer;
import dev.tetra.tsm.core.internal.events.EventOf;
import dev.tetra.tsm.core.internal.events.Events;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** {@code tsm events}, {@code tsm why} and {@code tsm metrics} of real services. */
class StoryIT extends TsmContract {
    private Path log() {
        return tetra.resolve("tsm/runtime/events.jsonl");
    }

    /** As the owner does. */
    private Events publisher() {
        return Events.open(log());
    }

    private Service sleeper(String name) throws IOException {
        tsm("start", "--name", name, "sleep", "600").succeeded();
        return service(name);
    }

    private static Exit exit(int code) {
        return new Exit(new Exit.Exited(code), Instant.now());
    }

    @Test
    void events_shows_what_happened_to_all_to_some_and_to_deleted_services() throws IOException {
        Service a = sleeper("a");
        Service other = sleeper("other");
        try (Events events = publisher()) {
            events.publish(
                    EventOf.exited(a, exit(77), Doer.ITSELF, Duration.ofSeconds(5), List.of("current.err: oops")));
            events.publish(EventOf.exited(other, exit(78), Doer.ITSELF, Duration.ofSeconds(6), List.of()));
        }

        List<String> all = tsm("events", "-n", "2").succeeded().lines();
        assertThat(all).hasSize(2);
        assertThat(all.get(0))
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}  a      exited        itself    "
                        + "exit code 77, after 5 s  \\(pid \\d+\\)");
        assertThat(all.get(1)).contains("  other  exited        itself    exit code 78, after 6 s");
        assertThat(tsm("events", "a").succeeded().out())
                .contains("exit code 77")
                .doesNotContain("exit code 78");
        assertThat(tsm("events", "-n", "0").succeeded().out()).isEqualTo("nothing happened yet\n");
        assertThat(tsm("events", "--since", "1h", "other").succeeded().out()).contains("exit code 78");
        assertThat(tsm(100, "events", "-n", "2").succeeded().out()).contains("\u001b[31mexited");

        tsm("delete", "other").succeeded();
        assertThat(tsm("events", "oth").succeeded().out()).contains("exit code 78");
        tsm("events", "nobody").failed(2, "nobody");
        tsm("events", "-n", "many").failed(64, "-n takes a number of events, not many");
        tsm("events", "--since", "soon").failed(64, "--since takes 10m");
    }

    @Test
    void nothing_happened_where_nothing_was_started() {
        assertThat(tsm("events").succeeded().out()).isEqualTo("nothing happened yet\n");
        assertThat(tsm("events", "--json").succeeded().out()).isEmpty();
        assertThat(tsm("why", "*").succeeded().out()).isEqualTo("there are no services, and no event tells of one\n");
    }

    @Test
    void each_event_is_a_json_object_as_its_schema_says() throws IOException {
        Service a = sleeper("a");
        try (Events events = publisher()) {
            events.publish(EventOf.launched(a, Cause.USER, List.of("added X")));
            events.publish(
                    EventOf.exited(a, exit(1), Doer.ITSELF, Duration.ofSeconds(5), List.of("current.err: oops")));
            events.publish(EventOf.stopped(a, Cause.USER, new Exit(new Exit.Signalled(15), Instant.now()), "stopped"));
            events.publish(EventOf.deleted(a, Cause.USER));
        }
        List<String> lines = tsm("events", "--json").succeeded().lines();
        assertThat(lines).hasSizeGreaterThanOrEqualTo(4);
        for (String line : lines) {
            assertThat(JsonSchema.named("event").problems(JsonTree.parse(line))).isEmpty();
        }
        assertThat(Files.readAllLines(log())).containsAll(lines);
        assertThat(JsonSchema.named("why")
                        .problems(tsm("why", "--json", "a").succeeded().json()))
                .isEmpty();
        assertThat(JsonSchema.named("metrics")
                        .problems(tsm("metrics", "--json").succeeded().json()))
                .isEmpty();
    }

    @Test
    void following_shows_each_event_when_it_happens_and_ends_quietly_when_nobody_reads() throws Exception {
        Service a = sleeper("a");
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        AtomicBoolean closed = new AtomicBoolean();
        OutputStream reader = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public synchronized void write(byte[] bytes, int from, int count) throws IOException {
                if (closed.get()) {
                    throw new IOException("Broken pipe");
                }
                seen.write(bytes, from, count);
            }
        };
        try (Events events = publisher()) {
            events.publish(EventOf.exited(a, exit(70), Doer.ITSELF, Duration.ofSeconds(5), List.of()));
            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> Tsm.run(
                    new String[] {"events", "-f", "-n", "1", "a"}, caller(0), reader, OutputStream.nullOutputStream()));
            await("what was there is shown", () -> seen.toString(UTF_8).contains("exit code 70"));
            events.publish(EventOf.exited(a, exit(71), Doer.ITSELF, Duration.ofSeconds(5), List.of()));
            await("what happens is shown", () -> seen.toString(UTF_8).contains("exit code 71"));
            closed.set(true);
            events.publish(EventOf.exited(a, exit(72), Doer.ITSELF, Duration.ofSeconds(5), List.of()));
            assertThat(exitCode.get(30, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void why_tells_of_a_service_that_runs_that_is_gone_and_that_nobody_watches() throws Exception {
        Service a = sleeper("a");
        assertThat(tsm("why", "a").succeeded().out())
                .startsWith("a is online, started ")
                .contains(" as pid " + a.pid().orElseThrow() + ".\n", "Next: if it ends: ");

        tsm("owner", "stop").succeeded();
        assertThat(tsm("why", "a").succeeded().out()).contains("nobody watches", "\nTry: tsm owner start\n");
        ProcessHandle.of(a.pid().orElseThrow()).orElseThrow().destroyForcibly();
        await("it is gone", () -> tsm("why", "a").out().startsWith("a crashed "));
        assertThat(tsm("why", "a").succeeded().out())
                .contains("signal 9 (KILL)", "nobody watches", "\nTry: tsm start a\n");

        assertThat(tsm("owner", "start").succeeded().out()).startsWith("owner of ");
        assertThat(tsm("owner", "start").succeeded().out()).startsWith("owner of ");
        tsm("why", "nobody").failed(2, "nobody");
        tsm("why").failed(64, "tsm why needs a service");
    }

    @Test
    void why_tells_of_a_deleted_service_as_long_as_events_do() throws IOException {
        Service a = sleeper("a");
        tsm("delete", "a").succeeded();
        try (Events events = publisher()) {
            events.publish(EventOf.deleted(a, Cause.USER));
        }
        assertThat(tsm("why", "a").succeeded().out()).startsWith("a was deleted 0s ago by a user's command.\n");
    }

    @Test
    void a_name_that_is_used_again_has_a_story_of_its_own() throws IOException {
        for (int i = 0; i < 4; i++) {
            sleeper("a");
            tsm("stop", "a").succeeded();
            tsm("delete", "a").succeeded();
        }
        assertThat(tsm("why", "a").succeeded().out()).containsOnlyOnce("by a user's command: stopped");
        sleeper("a");

        assertThat(tsm("why", "a").succeeded().out())
                .contains("It was started:\n")
                .doesNotContain("stopped");
        assertThat((List<?>) at(tsm("why", "--json", "a").succeeded().json(), 0, "starts"))
                .hasSize(1);
        assertThat(tsm("events", "a").succeeded().lines())
                .hasSizeLessThanOrEqualTo(21)
                .doesNotContain("the last 20 events; -n 100 or --since 1d shows earlier ones");
        for (int i = 0; i < 3; i++) {
            tsm("restart", "a").succeeded();
        }
        assertThat(tsm("events").succeeded().lines())
                .hasSize(21)
                .startsWith("the last 20 events; -n 100 or --since 1d shows earlier ones");
        assertThat(tsm("events", "--json").succeeded().lines()).hasSize(20);
        assertThat(tsm("events", "-n", "5").succeeded().lines()).hasSize(5);
    }

    @Test
    void a_hook_that_fails_says_so_once() throws IOException {
        tsm("start", "--name", "a", "--post-start", "sh:echo oops; exit 3", "sleep", "600")
                .succeeded();
        await(
                "the hook has failed",
                () -> tsm("events", "a").out().contains("post-start hook failed with exit code 3, after "));
        assertThat(tsm("logs", "a").succeeded().out()).isEqualTo("wrapper| oops\n");
    }

    @Test
    void an_owner_serves_metrics_where_it_is_told_to() throws Exception {
        environment.put("TSM_METRICS_PORT", "0");
        sleeper("a");
        Map<?, ?> status =
                (Map<?, ?>) tsm("owner", "status", "--json").succeeded().json();
        assertThat(JsonSchema.named("owner").problems(status)).isEmpty();
        String url = "http://127.0.0.1:" + at(status, "metrics_port") + "/metrics";
        assertThat(tsm("owner", "status").succeeded().out()).contains("  metrics " + url);
        assertThat(Files.readString(tetra.resolve("tsm/runtime/owner.log"))).contains("metrics on " + url);

        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        String ofOwner = "tsm_owner_info{java=\"" + Runtime.version() + "\",pid=\"" + at(status, "pid") + "\"";
        assertThat(answer.body()).contains("tsm_service_up{service=\"a\"} 1.0\n", ofOwner);
        assertThat(tsm("metrics").succeeded().out()).contains("tsm_service_up{service=\"a\"} 1.0\n", ofOwner);
        tsm("owner", "stop").succeeded();
        assertThat(tsm("metrics").succeeded().out())
                .contains("tsm_service_up{service=\"a\"} 1.0\n", "tsm_owner_up 0.0\n")
                .doesNotContain("tsm_owner_info");
    }

    @Test
    void a_port_for_metrics_that_is_none_is_refused_and_one_that_is_taken_keeps_nobody_from_running() throws Exception {
        environment.put("TSM_METRICS_PORT", "65536");
        tsm("start", "--name", "a", "sleep", "600")
                .failed(64, "TSM_METRICS_PORT takes a port, or 0 for any, not 65536");
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            environment.put("TSM_METRICS_PORT", port);
            String problem = "tsm: no metrics are served: port " + port + " for metrics is held by pid "
                    + ProcessHandle.current().pid();

            Result first = tsm("start", "--name", "a", "sleep", "600");
            assertThat(first.exitCode()).isZero();
            assertThat(first.err()).startsWith(problem);
            Result status = tsm("owner", "status");
            assertThat(status.exitCode()).isZero();
            assertThat(status.out()).contains("  metrics none");
            assertThat(status.err()).startsWith(problem);
            assertThat(at(tsm("owner", "status", "--json").json(), "metrics_problem"))
                    .asString()
                    .startsWith("port " + port);
            tsm("owner", "start").failed(1, problem);
            assertThat(Files.readString(tetra.resolve("tsm/runtime/owner.log")))
                    .contains("no metrics are served: port " + port + " for metrics is held by pid ");
        }
    }

    @Test
    void an_owner_that_is_brought_up_says_at_once_where_metrics_are_and_another_port_is_no_silent_wish() {
        environment.put("TSM_METRICS_PORT", "0");
        assertThat(tsm("owner", "start").succeeded().out()).contains("  metrics http://127.0.0.1:");
        assertThat(tsm("owner", "start").succeeded().out()).contains("  metrics http://127.0.0.1:");

        environment.put("TSM_METRICS_PORT", "abc");
        tsm("owner", "start").failed(64, "TSM_METRICS_PORT takes a port, or 0 for any, not abc");
        environment.put("TSM_METRICS_PORT", "1");
        tsm("owner", "start").failed(1, "serves metrics on http://127.0.0.1:", "TSM_METRICS_PORT=1 tsm owner start");
        environment.remove("TSM_METRICS_PORT");
        tsm("owner", "stop").succeeded();
        tsm("owner", "start").succeeded();
        environment.put("TSM_METRICS_PORT", "0");
        tsm("owner", "start").failed(1, "serves no metrics; TSM_METRICS_PORT counts for whoever brings one up");
    }

    @Test
    void the_share_of_the_processor_is_shown() throws IOException {
        sleeper("a");
        assertThat(tsm("list", "-l").succeeded().out()).containsPattern("cpu \\d+\\.\\d\\ds \\(\\d+\\.\\d%\\)");
        assertThat(tsm("info", "a").succeeded().out()).containsPattern("\\d+\\.\\d% of one processor since its start");
        assertThat(at(tsm("info", "--json", "a").succeeded().json(), 0, "cpu_permille"))
                .isInstanceOf(Long.class);
    }
}
