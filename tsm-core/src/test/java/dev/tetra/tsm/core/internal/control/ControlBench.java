package dev.tetra.tsm.core.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import dev.tetra.tsm.core.internal.wire.UnixSockets;
import dev.tetra.tsm.ports.ServiceType;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A runtime directory with control sockets whose handler keeps real records: an owner without processes. Closing it leaves no
 * thread, no process and no socket.
 */
final class ControlBench implements ControlSockets.Handler {
    /** Looks often, so that tests need not wait; lets nobody go. */
    static final ControlSockets.Limits PATIENT =
            new ControlSockets.Limits(16, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(20));

    /** Binds a path as a program does that knows nothing of us, and answers "own LINE". */
    private static final String SERVICE = """
            import os, socket, sys
            path = sys.argv[1]
            if sys.argv[2] == 'unlink' and os.path.lexists(path):
                os.unlink(path)
            s = socket.socket(socket.AF_UNIX)
            try:
                s.bind(path)
            except OSError as e:
                print(e.strerror, flush=True)
                sys.exit(1)
            s.listen(5)
            print('listens', flush=True)
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

    private final RuntimeDirectory directory;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final ShortPaths shortPaths;
    private final UserPrincipal user;
    private @Nullable ControlSockets sockets;

    /** A STOP waits for it. */
    final CountDownLatch mayStop = new CountDownLatch(1);

    /** A STOP has begun. */
    final CountDownLatch stopping = new CountDownLatch(1);

    ControlBench(RuntimeDirectory directory) throws IOException {
        this.directory = directory;
        directory.create();
        this.user = Files.getOwner(directory.sockets());
        this.shortPaths = new ShortPaths(directory.sockets(), user);
    }

    /** Opens control sockets, as the next owner. */
    ControlSockets open(ControlSockets.Limits limits) throws IOException {
        ControlSockets fresh = keep(new ControlSockets(directory, shortPaths, user, workers, this, limits));
        sockets = fresh;
        return fresh;
    }

    /** Opens control sockets of an owner that ends. */
    ControlSockets openWithoutWorkers() throws IOException {
        ExecutorService none = Executors.newCachedThreadPool();
        none.shutdown();
        return keep(new ControlSockets(directory, shortPaths, user, none, this, PATIENT));
    }

    <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    RuntimeDirectory directory() {
        return directory;
    }

    /** A service that runs, or so its record says. */
    Service add(String name) {
        Service.Launch launch = new Service.Launch(
                List.of("web"), Optional.empty(), ProcessType.PYTHON, ServiceType.SOCKET, List.of(), List.of());
        ServiceSpec spec = ServiceSpec.command("web").cwd(Path.of("/")).build();
        Service service = Service.of(services.size(), name, "token", spec, launch)
                .status(Status.ONLINE, Optional.empty())
                .run(new Service.Run(new ProcessIdentity("boot", 4711, 1), Optional.empty()), Instant.now())
                .build();
        services.put(name, service);
        return service;
    }

    @Override
    public JsonObject answer(String name, Command command) throws IOException {
        Service service = services.get(name);
        if (service == null) {
            throw new ServiceException(Reason.NOT_FOUND, "no service named " + name);
        }
        return switch (command) {
            case STATUS -> StandardAnswers.status(service, Instant.now());
            case HEALTH -> StandardAnswers.health(service);
            case RELOAD -> throw new IOException("the disk is full");
            case STOP -> {
                stopping.countDown();
                try {
                    if (!mayStop.await(30, TimeUnit.SECONDS)) {
                        throw new IOException("the test has forgotten the stop");
                    }
                } catch (InterruptedException over) {
                    throw new IOException(over);
                }
                services.put(name, service.withStatus(Status.STOPPED, Optional.empty()));
                Objects.requireNonNull(sockets).withdraw(name);
                yield StandardAnswers.done("stopped");
            }
        };
    }

    /** A client. */
    static final class Peer implements AutoCloseable {
        final SocketChannel channel;
        private final BufferedReader answers;

        Peer(Path socket) throws IOException {
            channel = UnixSockets.connect(socket);
            answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        }

        Peer send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.UTF_8));
        }

        Peer send(byte[] bytes) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(bytes);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            return this;
        }

        /** The next line; "" at the end. */
        String answer() throws IOException {
            String line = answers.readLine();
            return line == null ? "" : line;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    Peer connect(String service) throws IOException {
        return keep(new Peer(directory.controlSocket(service)));
    }

    /** What a client is told that comes, asks and goes. */
    String ask(String service, String line) throws IOException {
        try (Peer peer = new Peer(directory.controlSocket(service))) {
            return peer.send(line + "\n").answer();
        }
    }

    /** A program that binds that path, and what came of it. */
    record Program(Process process, String said) {}

    /** @param manner {@code unlink} or {@code bind} */
    Program program(Path path, String manner) throws IOException {
        Process process = new ProcessBuilder("python3", "-c", SERVICE, path.toString(), manner)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        opened.add(() -> Sandbox.killNow(process));
        return new Program(process, process.inputReader(StandardCharsets.UTF_8).readLine());
    }

    /** A socket whose process is gone. */
    void leaveStale(Path path) throws Exception {
        Program program = program(path, "bind");
        assertThat(program.said()).isEqualTo("listens");
        Sandbox.killNow(program.process());
        assertThat(Occupant.at(path)).isEqualTo(Occupant.STALE);
    }

    /** Ends everything. */
    void close() throws Exception {
        mayStop.countDown();
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        workers.shutdown();
        assertThat(workers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        shortPaths.remove();
    }
}
