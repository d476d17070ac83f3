package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.RuntimeDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SendIT extends TsmContract {
    /** Listens at the path that it is given, and answers as its first word says. */
    private static final String ECHO = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.bind(sys.argv[1])
            s.listen(5)
            while True:
                c, _ = s.accept()
                line = c.makefile().readline().strip()
                answers = {'BAD': '{"ok":false,"error":"no"}', 'GOOD': '{"ok":true}', 'JSON': '[1]', 'MUTE': ''}
                try:
                    c.sendall((answers.get(line, 'you said ' + line) + '\\n' * (line != 'MUTE')).encode())
                    c.close()
                except OSError:
                    pass
            """;

    private Path listening(String name) throws IOException {
        Path script = Files.writeString(cwd.resolve("echo.py"), ECHO);
        Path socket = RuntimeDirectory.of(tetra.resolve("tsm")).ownSocket(name);
        Files.createDirectories(socket.getParent());
        tsm("start", "--name", name, "--port", "none", "python3", script.toString(), socket.toString())
                .succeeded();
        await("it listens", () -> tsm("send", name, "GOOD").exitCode() == 0);
        return socket;
    }

    @Test
    void send_prints_what_a_service_answers_and_fails_if_it_says_so() throws IOException {
        listening("echo");

        assertThat(tsm("send", "echo", "any", "words").succeeded().out()).isEqualTo("you said any words\n");
        assertThat(tsm("send", "echo", "--", "-v").succeeded().out()).isEqualTo("you said -v\n");
        assertThat(tsm("send", "echo", "GOOD").succeeded().out()).isEqualTo("{\"ok\":true}\n");
        Result bad = tsm("send", "echo", "BAD");
        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.out()).isEqualTo("{\"ok\":false,\"error\":\"no\"}\n");
        assertThat(bad.err()).isEmpty();
        tsm("send", "echo", "MUTE").failed(1, "service echo gave no answer");
    }

    @Test
    void send_prints_json_when_asked_whatever_the_answer_is() throws IOException {
        listening("echo");

        assertThat(tsm("send", "--json", "echo", "JSON").out()).isEqualTo("[1]\n");
        assertThat(tsm("send", "--json", "echo", "\"quoted\"").out()).isEqualTo("\"you said \\\"quoted\\\"\"\n");
        Result mute = tsm("send", "--json", "echo", "MUTE");
        assertThat(JsonSchema.named("error").problems(mute.json())).isEmpty();
        assertThat(at(mute.json(), "error", "reason")).isEqualTo("no-answer");
    }

    @Test
    void send_to_nobody_says_why() throws IOException {
        tsm("send", "nobody", "STATUS").failed(2, "no service named nobody");
        tsm("send").failed(64, "say what to which service? For example: tsm send web STATUS");
        tsm("send", "web").failed(64, "say what to which service? For example: tsm send web STATUS");
        tsm("send", "", "STATUS").failed(64, "an empty word names no service");
        tsm("send", "web", "two\nlines").failed(64, "tsm send says one line");
        tsm("send", "--timeout", "soon", "web", "STATUS").failed(64, "--timeout");
        assertThat(tetra).doesNotExist();

        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        tsm("stop", "job").succeeded();
        tsm("send", "job", "STATUS").failed(1, "service job has no socket: it does not run (stopped); tsm start job");
    }
}
