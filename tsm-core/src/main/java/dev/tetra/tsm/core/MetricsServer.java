package dev.tetra.tsm.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tetra.tsm.ports.PortHolder;
import dev.tetra.tsm.ports.PortProbe;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves metrics to a Prometheus on the same machine: {@code GET /metrics} on 127.0.0.1, in text format 0.0.4. Everything else
 * is 404, also a request that names another host, as that of a web page would that was led here. Whoever may connect to this
 * machine's loopback may read; what there is to read are names, ports and numbers. Two requests are served at once, a few
 * more wait, the others are turned away.
 *
 * <p>The JDK reads the longest time that a request may take from the system property
 * {@code sun.net.httpserver.maxReqTime}, in seconds; a host that opens this sets it before.
 *
 * <p><em>Safe for use by many threads.</em>
 */
public final class MetricsServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int WAITING = 16;
    private static final int IDLE_SECONDS = 5;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Source source;

    /** Where the text comes from. */
    public interface Source {
        /** The metrics of now, as {@link RuntimeDirectory#metrics()} gives them. */
        String metrics() throws IOException;
    }

    private MetricsServer(HttpServer server, ThreadPoolExecutor threads, Source source) {
        this.server = server;
        this.threads = threads;
        this.source = source;
    }

    /**
     * Serves on that port until it is closed.
     *
     * @param port 1 to 65535, or 0 for any that is free
     * @throws IOException if the port is taken
     */
    public static MetricsServer open(int port, Source source) throws IOException {
        requireNonNull(source, "source");
        HttpServer server;
        try {
            server = HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), WAITING);
        } catch (BindException taken) {
            Optional<PortHolder> holder = PortProbe.system().holder(port);
            String who = holder.isPresent()
                    ? "is " + holder.get().describe()
                    : "cannot be had on 127.0.0.1 (" + taken.getMessage() + ")";
            throw new IOException("port " + port + " for metrics " + who + "; choose another, or 0 for any", taken);
        }
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
                    Thread thread = new Thread(work, "tsm-metrics");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        MetricsServer metrics = new MetricsServer(server, threads, source);
        server.setExecutor(threads);
        server.createContext("/", metrics::serve);
        server.start();
        return metrics;
    }

    /** The port. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean wanted = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().equals("/metrics")
                    && isLoopback(exchange.getRequestHeaders().getFirst("Host"));
            if (!wanted) {
                answer(exchange, NOT_FOUND, "text/plain; charset=utf-8", "there is only GET /metrics here\n");
                return;
            }
            String text;
            try {
                text = source.metrics();
            } catch (IOException | RuntimeException failed) {
                answer(exchange, FAILED, "text/plain; charset=utf-8", "no metrics: " + failed.getMessage() + "\n");
                return;
            }
            answer(exchange, OK, TYPE, text);
        }
    }

    /** A page of another site that made its name mean 127.0.0.1 still sends that name. */
    private static boolean isLoopback(@org.jspecify.annotations.Nullable String host) {
        if (host == null) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        return name.equals("127.0.0.1") || name.equalsIgnoreCase("localhost");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        // Without connections that stay open nobody holds a thread longer than one request takes.
        exchange.getResponseHeaders().set("Connection", "close");
        boolean bare = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, bare ? -1 : body.length);
        if (!bare) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Serves nobody any more; the port is free afterwards. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
