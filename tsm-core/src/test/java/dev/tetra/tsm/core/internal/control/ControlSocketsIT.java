package dev.tetra.tsm.core.internal.control;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.internal.control.ControlBench.Peer;
import dev.tetra.tsm.core.internal.control.ControlBench.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets, with python at the other end. */
@Timeout(90)
class ControlSocketsIT {
    @TempDir
    Path root;

    private ControlBench bench;
    private ControlSockets sockets;
    private Path shown;
    private Path own;

    @BeforeEach
    void open() throws IOException {
        bench = new ControlBench(RuntimeDirectory.of(root.resolve("tsm")));
        sockets = bench.open(ControlBench.PATIENT);
        shown = bench.directory().controlSocket("web");
        own = bench.directory().ownSocket("web");
        bench.add("web");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        bench.close();
    }

    /** What a python client is told. */
    private static String python(Path socket, String text) throws Exception {
        Process client = new ProcessBuilder("python3", "-c", """
                        import socket, sys
                        s = socket.socket(socket.AF_UNIX)
                        s.connect(sys.argv[1])
                        s.sendall(sys.argv[2].encode())
                        s.shutdown(socket.SHUT_WR)
                        for line in s.makefile(): print(line, end='')
                        """, socket.toString(), text)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(client.waitFor()).isZero();
        return said;
    }

    @Test
    void eachLineHasItsAnswerOnOneConnection() throws Exception {
        assertThat(sockets.offer("web")).isEmpty();

        List<String> answers = python(shown, "STATUS\nhealth\r\n  Reload \ndance\nHEALTH")
                .lines()
                .toList();

        assertThat(answers.get(0)).startsWith("{\"ok\":true,\"tsm_id\":0,\"name\":\"web\",\"status\":\"online\"");
        assertThat(answers.get(1)).isEqualTo("{\"ok\":true,\"status\":\"online\",\"text\":null}");
        assertThat(answers.get(2)).isEqualTo("{\"ok\":false,\"error\":\"the disk is full\"}");
        assertThat(answers.get(3)).contains("there is no command dance; say STATUS, HEALTH, RELOAD or STOP");
        assertThat(answers.get(4)).as("without an end").isEqualTo(answers.get(1));
        assertThat(answers).hasSize(5);
    }

    @Test
    void theSocketIsForThisUserAlone() throws Exception {
        sockets.offer("web");
        sockets.prepare("web");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shown)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(bench.directory().ownSockets())))
                .isEqualTo("rwx------");
    }

    @Test
    void aServiceThatIsForgottenIsSaidSo() throws Exception {
        sockets.offer("stranger");

        assertThat(bench.ask("stranger", "STATUS"))
                .isEqualTo("{\"ok\":false,\"error\":\"no service named stranger\",\"reason\":\"not-found\"}");
    }

    @Test
    void aStopThatTakesItsTimeKeepsNobodyWaitingAndIsAnsweredThoughItsSocketIsGone() throws Exception {
        bench.add("other");
        sockets.offer("web");
        sockets.offer("other");
        Peer idle = bench.connect("web");
        Peer stopper = bench.connect("web").send("STOP\nSTATUS\n");
        assertThat(bench.stopping.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(bench.ask("other", "HEALTH")).contains("\"ok\":true");
        assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");

        bench.mayStop.countDown();
        assertThat(stopper.answer()).isEqualTo("{\"ok\":true,\"text\":\"stopped\"}");
        assertThat(stopper.answer()).as("it is withdrawn").isEmpty();
        assertThat(idle.answer()).isEmpty();
        assertThat(shown).doesNotExist();
    }

    @Test
    void closingWaitsForTheAnswer() throws Exception {
        sockets.offer("web");
        Peer stopper = bench.connect("web").send("STOP\n");
        assertThat(bench.stopping.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(sockets::close);
        await("the socket is removed", () -> !Files.exists(shown));

        assertThat(closing).isNotDone();
        bench.mayStop.countDown();
        assertThat(stopper.answer()).contains("stopped");
        closing.get(30, TimeUnit.SECONDS);
        assertThat(sockets.offer("web")).as("afterwards nothing is served").isEmpty();
        assertThat(shown).doesNotExist();
        sockets.withdraw("web");
        sockets.close();
    }

    @Test
    void offersAreIdempotentAndAWithdrawnServiceCanBeOfferedAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(sockets.offer("web")).isEmpty();
            assertThat(sockets.offer("web")).isEmpty();
            assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");
            sockets.withdraw("web");
            assertThat(shown).doesNotExist();
        }
        assertThat(bench.directory().sockets()).isEmptyDirectory();
    }

    @Test
    void whatIsOfferedSoonIsOfferedBeforeItIsWithdrawn() throws Exception {
        List<String> problems = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 50; i++) {
            sockets.offerSoon("web", problems::add);
            sockets.withdraw("web");
            assertThat(bench.directory().sockets()).isEmptyDirectory();
        }
        sockets.offerSoon("web", problems::add);
        assertThat(sockets.offer("web")).isEmpty();
        assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");
        assertThat(problems).isEmpty();

        Files.createDirectory(bench.directory().controlSocket("other"));
        sockets.offerSoon("other", problems::add);
        await("it is told", () -> problems.size() == 1);
        assertThat(problems.get(0)).contains("other.sock is a directory; remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bind", "unlink"})
    void aServiceThatListensEarlyAnswersForItself(String manner) throws Exception {
        Path path = sockets.prepare("web").path();
        assertThat(bench.program(path, manner).said()).isEqualTo("listens");

        assertThat(sockets.offer("web")).isEmpty();

        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");
        assertThat(shown).isSymbolicLink();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bind", "unlink"})
    void aServiceThatListensLateTakesOver(String manner) throws Exception {
        Path path = sockets.prepare("web").path();
        sockets.offer("web");
        Peer early = bench.connect("web").send("HEALTH\n");
        assertThat(early.answer()).contains("\"ok\":true");

        assertThat(bench.program(path, manner).said()).isEqualTo("listens");

        assertThat(early.send("HEALTH\n").answer()).contains("service web listens itself by now; connect again");
        assertThat(early.answer()).isEmpty();
        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");
    }

    @Test
    void aServiceThatListensLateIsNoticedWithoutAnyClient() throws Exception {
        Path path = sockets.prepare("web").path();
        sockets.offer("web");
        bench.program(path, "bind");

        await("the shown path leads to it", () -> Files.isSymbolicLink(shown));

        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");
    }

    @Test
    void whenTheServicesOwnIsGoneWeAnswerAgain() throws Exception {
        Path path = sockets.prepare("web").path();
        Program program = bench.program(path, "bind");
        sockets.offer("web");
        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");

        Sandbox.killNow(program.process());
        Files.delete(own);

        await("ours is there again", () -> !Files.isSymbolicLink(shown));
        assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");
    }

    @Test
    void whatAServiceLeftBehindIsRemovedAtItsEndAndBeforeItsNextStart() throws Exception {
        Program first = bench.program(sockets.prepare("web").path(), "bind");
        sockets.offer("web");
        Sandbox.killNow(first.process());
        sockets.withdraw("web");
        assertThat(bench.directory().sockets().resolve("own")).isEmptyDirectory();
        assertThat(Files.exists(shown, LinkOption.NOFOLLOW_LINKS)).isFalse();

        bench.leaveStale(own);
        ControlSockets.OwnPath prepared = sockets.prepare("web");
        assertThat(prepared.problem()).isEmpty();
        assertThat(bench.program(prepared.path(), "bind").said()).isEqualTo("listens");
    }

    @Test
    void aServiceThatBoundTheShownPathItselfIsLeftAlone() throws Exception {
        bench.program(shown, "bind");
        assertThat(sockets.offer("web")).isEmpty();
        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");

        sockets.withdraw("web");
        assertThat(bench.ask("web", "PING")).as("somebody listens still").isEqualTo("own PING");
        sockets.offer("web");
        sockets.close();
        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");
    }

    @Test
    void aServiceThatReplacesOurSocketKeepsThePath() throws Exception {
        sockets.offer("web");
        assertThat(bench.program(shown, "bind").said())
                .as("ours is there, and stays")
                .isEqualTo("Address already in use");
        assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");

        Program program = bench.program(shown, "unlink");

        assertThat(program.said()).isEqualTo("listens");
        assertThat(sockets.offer("web")).isEmpty();
        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");
        Sandbox.killNow(program.process());
        sockets.withdraw("web");
        assertThat(shown).as("it was left behind").doesNotExist();
    }

    @Test
    void aSocketThatSomebodyRemovedIsMadeAgain() throws Exception {
        sockets.offer("web");
        Files.delete(shown);

        await("ours is there again", () -> Files.exists(shown));
        assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "file", "link"})
    void whatIsInTheWayIsSaidAndNeverRemoved(String what) throws Exception {
        bench.add("other");
        Files.createDirectories(own.getParent());
        for (Path path : List.of(shown, own)) {
            switch (what) {
                case "directory" -> Files.createDirectory(path);
                case "file" -> Files.writeString(path, "precious");
                default -> Files.createSymbolicLink(path, Files.writeString(root.resolve("target"), "precious"));
            }
        }
        Object before = Files.readAttributes(shown, "unix:ino,ctime", LinkOption.NOFOLLOW_LINKS)
                .toString();

        assertThat(sockets.prepare("web").problem().orElseThrow())
                .contains("service web cannot listen at TSM_SOCKET_PATH", own.toString(), what, "remove it");
        assertThat(sockets.offer("web").orElseThrow())
                .contains("the control socket of web cannot be served", shown.toString(), what, "remove it");
        assertThat(sockets.offer("other")).isEmpty();
        assertThat(bench.ask("other", "HEALTH")).contains("\"ok\":true");
        sockets.withdraw("web");
        assertThat(Files.readAttributes(shown, "unix:ino,ctime", LinkOption.NOFOLLOW_LINKS)
                        .toString())
                .isEqualTo(before);

        sockets.offer("web");
        Files.delete(shown);
        await("it is served when the way is free", () -> Files.exists(shown));
        assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");
        assertThat(Files.exists(own, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void aListenerThatAnEarlierProcessLeftIsSaid() throws Exception {
        bench.program(sockets.prepare("web").path(), "bind");

        assertThat(sockets.prepare("web").problem().orElseThrow())
                .contains("is a socket in use; end who listens there");
        assertThat(own).exists();
    }

    @Test
    void aPlaceThatCannotBeMadeIsSaid() throws Exception {
        Files.writeString(bench.directory().ownSockets(), "precious");

        assertThat(sockets.prepare("web").problem().orElseThrow()).contains("is not a directory; remove it");
        assertThat(sockets.offer("web")).as("ours does not need it").isEmpty();
        assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");
    }

    @Test
    void theNextOwnerReplacesTheSocketsOfOneThatWasKilledWithoutAGap() throws Exception {
        bench.leaveStale(shown);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> gaps = CompletableFuture.supplyAsync(() -> {
            int missing = 0;
            while (!over.get()) {
                missing += Files.exists(shown, LinkOption.NOFOLLOW_LINKS) ? 0 : 1;
            }
            return missing;
        });
        try {
            assertThat(sockets.offer("web")).isEmpty();
            assertThat(bench.ask("web", "HEALTH")).contains("\"ok\":true");
            bench.program(sockets.prepare("web").path(), "bind");
            await("the service took over", () -> Files.isSymbolicLink(shown));
        } finally {
            over.set(true);
        }
        assertThat(gaps.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void theNextOwnerFindsWhoListensItself() throws Exception {
        bench.program(sockets.prepare("web").path(), "bind");
        sockets.offer("web");
        sockets.close();
        assertThat(bench.ask("web", "PING")).as("without an owner").isEqualTo("own PING");

        ControlSockets next = bench.open(ControlBench.PATIENT);
        assertThat(next.offer("web")).isEmpty();

        assertThat(bench.ask("web", "PING")).isEqualTo("own PING");
    }

    @Test
    void threeHundredServicesNeedOneThread() throws Exception {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            bench.add("s" + i);
            assertThat(sockets.offer("s" + i)).isEmpty();
        }
        for (int i = 0; i < 300; i++) {
            peers.add(bench.connect("s" + i).send("STATUS\n"));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(peers.get(i).answer()).contains("\"name\":\"s" + i + "\"");
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("tsm-control-sockets")))
                .hasSize(1);
        sockets.close();
        assertThat(bench.directory().sockets()).isEmptyDirectory();
    }

    @Test
    void aServiceMayBeCalledAsTheOwnersSocket() throws Exception {
        bench.add("tsm");
        assertThat(sockets.offer("tsm")).isEmpty();

        assertThat(bench.ask("tsm", "STATUS")).contains("\"name\":\"tsm\"");
        assertThat(bench.directory().managerSocket()).doesNotExist();
    }

    @Test
    void namesAndDirectoriesBeyondTheKernelsLimitWork() throws Exception {
        Path deep = root.resolve("d".repeat(120)).resolve("e".repeat(120));
        String name = "n".repeat(100);
        ControlBench far = new ControlBench(RuntimeDirectory.of(deep));
        try {
            ControlSockets farSockets = far.open(ControlBench.PATIENT);
            far.add(name);
            ControlSockets.OwnPath path = farSockets.prepare(name);
            assertThat(path.problem()).isEmpty();
            assertThat(path.path().toString()).hasSizeLessThanOrEqualTo(100);
            assertThat(farSockets.offer(name)).isEmpty();
            assertThat(far.directory().controlSocket(name).getFileName()).hasToString(name + ".sock");
            assertThat(far.ask(name, "STATUS")).contains(name);

            assertThat(far.program(path.path(), "bind").said()).isEqualTo("listens");
            await(
                    "the service took over",
                    () -> Files.isSymbolicLink(far.directory().controlSocket(name)));

            assertThat(far.ask(name, "PING")).isEqualTo("own PING");
        } finally {
            far.close();
        }
    }
}
