package dev.tetra.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LogsIT extends TsmContract {
    private static final String TALKER = "echo one; echo two; echo three; echo oops >&2; sleep 600";

    @Test
    void logs_shows_the_last_lines_of_each_stream() {
        tsm("start", "--name", "talker", "--shell", TALKER).succeeded();
        await("it has written", () -> tsm("logs", "talker").out().contains("oops"));

        assertThat(tsm("logs", "talker").succeeded().out()).isEqualTo("out| one\nout| two\nout| three\nerr| oops\n");
        assertThat(tsm("logs", "-n", "1", "talker").succeeded().out()).isEqualTo("out| three\nerr| oops\n");
        assertThat(tsm("logs", "--err", "talker").succeeded().out()).isEqualTo("err| oops\n");
        assertThat(tsm("logs", "--out", "-n", "2", "talker").succeeded().out()).isEqualTo("out| two\nout| three\n");
        assertThat(tsm("logs", "-n", "0", "talker").succeeded().out()).isEmpty();
    }

    @Test
    void several_services_are_told_apart() {
        tsm("start", "--name", "a", "--shell", "echo x; sleep 600").succeeded();
        tsm("start", "--name", "longer", "--shell", "echo y; sleep 600").succeeded();
        await(
                "both have written",
                () -> tsm("logs", "*").out().contains("x")
                        && tsm("logs", "*").out().contains("y"));

        assertThat(tsm("logs", "*").succeeded().out()).isEqualTo("a      out| x\nlonger out| y\n");
    }

    @Test
    void each_line_is_a_json_object() throws IOException {
        tsm("start", "--name", "talker", "--shell", TALKER).succeeded();
        await("it has written", () -> tsm("logs", "talker").out().contains("oops"));

        Result logs = tsm("logs", "--json", "talker").succeeded();

        assertThat(logs.lines()).hasSize(4);
        assertThat(field(logs.lines().get(3), "service")).isEqualTo("talker");
        assertThat(field(logs.lines().get(3), "stream")).isEqualTo("err");
        assertThat(field(logs.lines().get(3), "text")).isEqualTo("oops");
    }

    @Test
    void following_shows_each_line_when_it_is_written_and_ends_quietly_when_nobody_reads() throws Exception {
        tsm("start", "--name", "ticker", "--shell", "while :; do echo tick; sleep 0.1; done")
                .succeeded();
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

        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> Tsm.run(
                new String[] {"logs", "-f", "-n", "0", "ticker"}, caller(0), reader, OutputStream.nullOutputStream()));
        await("three more lines", () -> seen.toString(UTF_8).lines().count() >= 3);
        closed.set(true);

        assertThat(exitCode.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(seen.toString(UTF_8).lines()).containsOnly("out| tick");
    }

    private static Object field(String line, String name) throws IOException {
        return at(Objects.requireNonNull(JsonTree.parse(line)), name);
    }

    /** A follower in this JVM, and what it printed. */
    private final class Following {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final CompletableFuture<Integer> exitCode;

        Following(String... args) {
            exitCode = CompletableFuture.supplyAsync(() -> Tsm.run(args, caller(0), out, err));
        }

        void awaitLine(String line) {
            await(line, () -> out.toString(UTF_8).lines().anyMatch(line::equals));
        }
    }

    @Test
    void following_all_takes_in_new_services_and_ends_when_the_last_is_deleted() throws Exception {
        tsm("start", "--name", "a", "--shell", "echo x; sleep 600").succeeded();
        Following following = new Following("logs", "-f", "*");
        following.awaitLine("a out| x");

        tsm("start", "--name", "second", "--shell", "echo y; sleep 600").succeeded();
        following.awaitLine("second out| y");
        tsm("delete", "a").succeeded();
        await("it is told", () -> following.err.toString(UTF_8).equals("tsm: a was deleted\n"));
        assertThat(following.exitCode).isNotDone();
        tsm("delete", "second").succeeded();

        assertThat(following.exitCode.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(following.err.toString(UTF_8))
                .endsWith("\ntsm: second was deleted; there is nothing left to follow\n");
    }

    @Test
    void following_all_of_nobody_waits_for_the_first() throws Exception {
        Following following = new Following("logs", "-f", "*");
        await(
                "it says that it waits",
                () -> following
                        .err
                        .toString(UTF_8)
                        .equals("tsm: there are no services yet; the first that is made is followed\n"));

        tsm("start", "--name", "first", "--shell", "echo x; sleep 600").succeeded();
        following.awaitLine("first out| x");
        tsm("delete", "first").succeeded();

        assertThat(following.exitCode.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(tsm("logs", "*").succeeded().out()).isEqualTo("there are no services\n");
    }

    @Test
    void following_goes_on_when_the_service_is_restarted_and_its_log_is_emptied() throws Exception {
        tsm("start", "--name", "a", "--shell", "echo begun; sleep 600").succeeded();
        Following following = new Following("logs", "-f", "--json", "a");
        await("the first line", () -> following.out.toString(UTF_8).lines().count() == 1);

        tsm("logs", "clean", "a").succeeded();
        tsm("restart", "a").succeeded();
        await("the second line", () -> following.out.toString(UTF_8).lines().count() == 2);
        assertThat(field(following.out.toString(UTF_8).lines().toList().get(1), "time"))
                .isInstanceOf(Number.class);
        tsm("delete", "a").succeeded();
        assertThat(following.exitCode.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void names_have_colours_of_their_own_on_a_terminal_only() {
        tsm("start", "--name", "a", "--shell", "echo x; sleep 600").succeeded();
        tsm("start", "--name", "b", "--shell", "echo y; sleep 600").succeeded();
        await("both have written", () -> tsm("logs", "*").lines().size() == 2);

        assertThat(tsm(80, "logs", "*").succeeded().lines())
                .containsExactly(
                        "\u001b[36ma\u001b[0m \u001b[2mout|\u001b[0m x",
                        "\u001b[35mb\u001b[0m \u001b[2mout|\u001b[0m y");
        environment.put("NO_COLOR", "1");
        assertThat(tsm(80, "logs", "*").succeeded().lines()).containsExactly("a out| x", "b out| y");
    }

    @Test
    void that_a_service_was_ended_is_no_line_of_its_log() throws IOException {
        tsm("start", "--name", "a", "--shell", "echo x; exec sleep 600").succeeded();
        tsm("stop", "a").succeeded();
        tsm("start", "a").succeeded();
        tsm("stop", "a").succeeded();
        Path wrapperErr = tetra.resolve("tsm/runtime/processes/a/wrapper.err");
        Files.writeString(wrapperErr, "Terminated\nsomething else\n");

        assertThat(tsm("logs", "a").succeeded().out()).isEqualTo("out| x\nout| x\nwrapper| something else\n");
        assertThat(tsm("logs", "--json", "--err", "a").succeeded().lines()).hasSize(1);
        tsm("logs", "clean", "a").succeeded();
        assertThat(wrapperErr).isEmptyFile();
    }

    @Test
    void clean_empties_logs_and_says_how_much_that_freed() throws IOException {
        tsm("start", "--name", "talker", "--shell", TALKER).succeeded();
        tsm("start", "--name", "clean", "--shell", "echo I am clean; sleep 600").succeeded();
        await("both have written", () -> tsm("logs", "*").lines().size() == 5);
        Files.writeString(tetra.resolve("tsm/runtime/processes/talker/current.out.0000000000000000"), "x".repeat(982));

        assertThat(tsm("logs", "clean", "talker").succeeded().out())
                .isEqualTo("emptied the logs of talker; freed 1.0 kB\n");
        assertThat(tsm("logs", "talker").succeeded().out()).isEmpty();
        tsm("logs", "clean").failed(64, "tsm logs clean needs a service");
        tsm("logs", "-f", "clean", "talker").failed(64, "tsm logs clean takes no --follow");
        String id = String.valueOf(at(tsm("info", "--json", "clean").json(), 0, "tsm_id"));
        assertThat(tsm("logs", "clean", "--json", "--id", id).succeeded().json())
                .isEqualTo(List.of(Map.of("service", "clean", "freed_bytes", 11L)));
        assertThat(tsm("logs", "clean", "*").succeeded().out())
                .isEqualTo("emptied the logs of 2 services; freed 0 B\n");
    }

    @Test
    void since_shows_what_was_written_from_then_on() throws IOException {
        tsm("start", "--name", "a", "--shell", "echo one; echo two; echo three; sleep 600")
                .succeeded();
        await("it has written", () -> tsm("logs", "a").lines().size() == 3);
        tsm("stop", "a").succeeded();
        tsm("owner", "stop").succeeded();
        Path index = tetra.resolve("tsm/runtime/processes/a/current.out.index");
        long now = Instant.now().getEpochSecond();
        Files.writeString(
                index,
                (now - 7200) + " 000000000000000004 =\n" + (now - 3600) + " 000000000000000008 =\n" + (now - 60)
                        + " 000000000000000014 =\n");

        assertThat(tsm("logs", "--since", "90m", "a").succeeded().out()).isEqualTo("out| two\nout| three\n");
        assertThat(tsm("logs", "--since", "1d", "-n", "1", "a").succeeded().out())
                .isEqualTo("out| three\n");
        assertThat(tsm("logs", "--since", "10s", "a").succeeded().out()).isEmpty();
        assertThat(field(
                        tsm("logs", "--json", "--since", "10m", "a").succeeded().out(), "time"))
                .isEqualTo(now - 60);

        Files.delete(index);
        Result unsure = tsm("logs", "--since", "1h", "a");
        assertThat(unsure.lines()).hasSize(3);
        assertThat(unsure.err())
                .isEqualTo("tsm: no owner was there to note when a wrote its first lines shown here (out); "
                        + "some may be older than --since says\n");
        tsm("logs", "--since", "yesterday", "a")
                .failed(64, "--since takes 10m, 2h (ago), 14:30, 2026-11-22 or 2026-11-22T10:00, not yesterday");
    }
}
