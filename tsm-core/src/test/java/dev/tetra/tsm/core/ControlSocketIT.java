package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control sockets of real services of a real owner. */
@Timeout(90)
class ControlSocketIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Listens where it is told to, after that many seconds, and removes nothing. */
    private static final String LISTENER = """
            import os, socket, sys, time
            time.sleep(float(sys.argv[1]))
            s = socket.socket(socket.AF_UNIX)
            s.bind(os.environ['TSM_SOCKET_PATH'])
            s.listen(5)
            while True:
                c, _ = s.accept()
                f = c.makefile('rw')
                try:
                    for line in f:
                        f.write('own ' + line)
                        f.flush()
                except OSError:
                    pass
                c.close()
            """;

    @TempDir
    Path root;

    private Sandbox sandbox;

    @BeforeEach
    void prepare() {
        sandbox = new Sandbox(root);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private ServiceManager open(String name) throws IOException {
        sandbox = new Sandbox(root, name);
        return sandbox.open();
    }

    private Path shown(String name) {
        return sandbox.directory().controlSocket(name);
    }

    private String ask(Service service, String line) throws IOException {
        return sandbox.directory().send(service, line, LONG);
    }

    private void awaitAnswer(Service service, String line, String beginning) throws Exception {
        await(service.name() + " answers " + beginning, () -> {
            try {
                return ask(service, line).startsWith(beginning);
            } catch (ServiceException notYet) {
                return false;
            }
        });
    }

    private ServiceSpec listener(String name, String delay) {
        return sandbox.spec(name, "python3", "-c", LISTENER, delay).build();
    }

    @Test
    void aServiceIsAskedAndStoppedAtItsSocket() throws Exception {
        ServiceManager manager = open("tsm");
        Service web = manager.start(sandbox.sleeper("web"), Sandbox.NO_WAIT);
        awaitAnswer(web, "HEALTH", "{\"ok\":true,\"status\":\"online\"");

        assertThat(ask(web, "STATUS"))
                .contains("\"name\":\"web\"", "\"pid\":" + web.pid().orElseThrow());
        assertThat(ask(web, "RELOAD")).contains("\"ok\":false", "no reload signal");
        assertThat(ask(web, "STOP")).startsWith("{\"ok\":true");

        assertThat(shown("web")).doesNotExist();
        assertThat(manager.list().services().get(0).status()).isEqualTo(Status.STOPPED);
        assertThat(Sandbox.runs(web.pid().orElseThrow())).isFalse();
    }

    @Test
    void aServiceThatListensItselfDoesSoAtOnceLateAndAgainAfterAKill() throws Exception {
        ServiceManager manager = open("tsm");
        Service early = manager.start(listener("early", "0"), Sandbox.NO_WAIT);
        Service late = manager.start(listener("late", "0.5"), Sandbox.NO_WAIT);
        awaitAnswer(early, "PING", "own PING");
        awaitAnswer(late, "PING", "own PING");

        ProcessHandle.of(early.pid().orElseThrow()).orElseThrow().destroyForcibly();
        await(
                "it is noticed",
                () -> !manager.find(new Selector.Name("early")).pid().equals(early.pid()));
        if (manager.find(new Selector.Name("early")).status() == Status.CRASHED) {
            manager.start(listener("early", "0"), Sandbox.NO_WAIT);
        }
        awaitAnswer(early, "PING", "own PING");

        manager.stop(List.of(new Selector.All()), LONG);
        assertThat(Files.exists(shown("early"), LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(sandbox.directory().ownSockets()).isEmptyDirectory();
    }

    @Test
    void theNextOwnerAnswersForThoseOfOneThatWasKilled() throws Exception {
        sandbox = new Sandbox(root);
        Process host = sandbox.host("start", "web", "exec sleep 1000");
        Service web = sandbox.directory().read().services().get(0);
        awaitAnswer(web, "HEALTH", "{\"ok\":true");
        Sandbox.killNow(host);

        sandbox.open();

        awaitAnswer(web, "STATUS", "{\"ok\":true");
        assertThat(ask(web, "STATUS")).contains("\"pid\":" + web.pid().orElseThrow());
    }

    @Test
    void aLongNameInADeepDirectoryIsNoHindrance() throws Exception {
        ServiceManager manager = open("d".repeat(120));
        Service service = manager.start(listener("n".repeat(100), "0"), Sandbox.NO_WAIT);

        awaitAnswer(service, "PING", "own PING");

        assertThat(Sandbox.variables(service.pid().orElseThrow()).get("TSM_SOCKET_PATH"))
                .hasSizeLessThanOrEqualTo(100);
        manager.stop(List.of(new Selector.All()), LONG);
    }
}
