package dev.tetra.tsm.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MetricsServerIT {
    @TempDir
    Path root;

    private Sandbox sandbox;

    @BeforeEach
    void open() {
        sandbox = new Sandbox(root);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private static String ask(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String get(int port, String path) throws IOException {
        return ask(port, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n");
    }

    @Test
    void realServicesAreMeasured() throws Exception {
        ServiceManager manager = sandbox.open();
        manager.start(sandbox.sleeper("sleeper"));
        manager.start(sandbox.shell("talker", "echo hello; exec sleep 1000"));
        try (MetricsServer server = sandbox.keep(MetricsServer.open(0, sandbox.directory()::metrics))) {
            String answer = get(server.port(), "/metrics");

            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("content-type: text/plain; version=0.0.4; charset=utf-8\r\n")
                    .contains("tsm_service_up{service=\"sleeper\"} 1.0\n")
                    .contains("tsm_service_log_bytes{service=\"talker\",stream=\"out\"} 6.0\n")
                    .contains("tsm_service_processes{service=\"talker\"} 1.0\n")
                    .containsPattern("tsm_service_resident_memory_bytes\\{service=\"sleeper\"} [1-9]");
        }
    }

    @Test
    void everythingElseIsNotThere() throws Exception {
        try (MetricsServer server = MetricsServer.open(0, () -> "tsm_test 1\n")) {
            int port = server.port();
            assertThat(get(port, "/metrics")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\ntsm_test 1\n");
            assertThat(get(port, "/metrics?x=1")).startsWith("HTTP/1.1 200 ");
            for (String path : List.of("/", "/metrics/", "/metricsx", "/../metrics", "/%2e%2e/etc/passwd")) {
                assertThat(get(port, path)).as(path).startsWith("HTTP/1.1 404 ").doesNotContain("tsm_test");
            }
            String host = " /metrics HTTP/1.1\r\nContent-Length: 0\r\nHost: 127.0.0.1\r\n\r\n";
            for (String method : List.of("POST", "PUT", "DELETE", "HEAD", "OPTIONS")) {
                assertThat(ask(port, method + host)).as(method).startsWith("HTTP/1.1 404 ");
            }
            for (String other : List.of("", "Host: evil.example\r\n", "Host: evil.example:" + port + "\r\n")) {
                assertThat(ask(port, "GET /metrics HTTP/1.1\r\n" + other + "\r\n"))
                        .as(other)
                        .startsWith("HTTP/1.1 404 ")
                        .doesNotContain("tsm_test");
            }
            assertThat(ask(port, "GET /metrics HTTP/1.1\r\nHost: LOCALHOST:" + port + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whatCannotBeReadIsSaidAndNotShownAsATrace() throws Exception {
        try (MetricsServer server = MetricsServer.open(0, () -> {
            throw new IOException("the disk is gone");
        })) {
            assertThat(get(server.port(), "/metrics"))
                    .startsWith("HTTP/1.1 500 ")
                    .endsWith("\r\n\r\nno metrics: the disk is gone\n");
        }
    }

    @Test
    void aTakenPortIsSaidWithWhatToDo() throws Exception {
        try (MetricsServer first = MetricsServer.open(0, () -> "")) {
            assertThatThrownBy(() -> MetricsServer.open(first.port(), () -> ""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + first.port() + " for metrics is held by pid "
                            + ProcessHandle.current().pid())
                    .hasMessageEndingWith("choose another, or 0 for any");
        }
    }

    @Test
    void manyWhoSayNothingDoNotMakeThreads() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (MetricsServer server = MetricsServer.open(0, () -> "tsm_test 1\n")) {
            for (int i = 0; i < 50; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            }
            assertThat(get(server.port(), "/metrics")).startsWith("HTTP/1.1 200 ");
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("tsm-metrics"))
                            .count())
                    .isLessThanOrEqualTo(2);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void afterTheEndThePortIsFreeAndNoThreadIsLeft() throws Exception {
        MetricsServer server = MetricsServer.open(0, () -> "");
        int port = server.port();
        assertThat(get(port, "/metrics")).startsWith("HTTP/1.1 200 ");
        server.close();
        server.close();
        assertThatThrownBy(() -> get(port, "/metrics")).isInstanceOf(IOException.class);
        Sandbox.await(
                "its threads are gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("tsm-metrics")));
    }
}
