package dev.tetra.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
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
        assertThat(JsonTree.parse(logs.lines().get(3)))
                .isEqualTo(Map.of("service", "talker", "stream", "err", "text", "oops"));
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
}
