package dev.tetra.tsm.core.internal.client;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceLogs;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StartPlan;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.events.FollowedEvents;
import dev.tetra.tsm.core.internal.wire.LineSocket;
import dev.tetra.tsm.core.internal.wire.UnixSockets;
import dev.tetra.tsm.core.internal.wire.Wire;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A manager that asks the owner. Each call has a connection of its own, so that calls of many threads run at once. */
public final class Client implements ServiceManager {
    /** An owner greets at once; one that does not is stopped or stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RuntimeDirectory directory;
    private final Map<String, String> environment;
    private final FollowedEvents events;
    private volatile boolean closed;

    /** A connection that was greeted and not used yet; guarded by this. */
    private @Nullable LineSocket ready;

    private Client(RuntimeDirectory directory, Map<String, String> environment, LineSocket ready) {
        this.environment = environment;
        this.directory = directory;
        this.events = new FollowedEvents(directory.eventLog());
        this.ready = ready;
    }

    /** A client of the owner that answers; empty when none does. */
    public static Optional<Client> tryConnect(RuntimeDirectory directory, Map<String, String> environment)
            throws IOException {
        LineSocket socket = greeted(directory);
        return socket == null ? Optional.empty() : Optional.of(new Client(directory, environment, socket));
    }

    /** A connection whose owner has greeted, and so will read a request; null when there is none. */
    private static @Nullable LineSocket greeted(RuntimeDirectory directory) throws IOException {
        SocketChannel channel;
        try {
            channel = UnixSockets.connect(directory.managerSocket());
        } catch (IOException nobody) {
            return null;
        }
        LineSocket socket = new LineSocket(channel, Wire.MAX_REPLY_BYTES);
        JsonObject greeting;
        try {
            greeting = socket.read(PATIENCE);
        } catch (InterruptedIOException stuck) {
            socket.close();
            throw new IOException(
                    "the owner of " + directory + " takes connections but does not answer (" + stuck.getMessage()
                            + "); " + directory.ownerLock() + " says its pid, and services go on without it");
        } catch (IOException leaving) {
            greeting = null;
        }
        if (greeting == null) {
            socket.close();
            return null;
        }
        if (greeting.number("tsm").orElse(0) != Wire.PROTOCOL) {
            socket.close();
            throw new IOException("the owner of " + directory + " (pid "
                    + greeting.number("pid").orElse(0)
                    + ") speaks another version; end it with tsm owner stop (services go on) and try again");
        }
        return socket;
    }

    private JsonObject call(JsonObject request) throws IOException {
        checkOpen();
        try (LineSocket socket = take()) {
            socket.write(request);
            JsonObject reply = socket.read();
            if (reply == null) {
                throw new IOException(
                        "the owner of " + directory + " ended before it answered; tsm list shows what is");
            }
            return Wire.checked(reply);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the manager of " + directory + " is closed");
        }
    }

    /** In milliseconds. @throws IllegalArgumentException if negative */
    private static long millis(String what, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " negative: " + duration);
        }
        return duration.toMillis();
    }

    private LineSocket take() throws IOException {
        synchronized (this) {
            LineSocket first = ready;
            if (first != null) {
                ready = null;
                return first;
            }
        }
        LineSocket socket = greeted(directory);
        if (socket == null) {
            throw new IOException("nobody owns " + directory + " any more; open it again");
        }
        return socket;
    }

    @Override
    public boolean isOwner() {
        return false;
    }

    @Override
    public Service start(ServiceSpec spec, Wait wait) throws IOException {
        return Wire.service(call(withEnvironment(
                Wire.request("start").put("spec", Wire.spec(spec)).put("wait", Wire.wait(wait)))));
    }

    @Override
    public StartPlan plan(ServiceSpec spec) throws IOException {
        return Wire.readPlan(call(withEnvironment(Wire.request("plan").put("spec", Wire.spec(spec)))));
    }

    /** What a child of this JVM would inherit goes to the service, wherever it is launched. */
    private JsonObject withEnvironment(JsonObject request) {
        return request.put("environment", JsonObject.of(environment));
    }

    @Override
    public List<Change> stop(Collection<? extends Selector> selectors) throws IOException {
        return change(Wire.request("stop"), selectors);
    }

    @Override
    public List<Change> apply(List<ServiceSpec> specs, Wait wait) throws IOException {
        return Wire.readChanges(call(withEnvironment(
                Wire.request("apply").put("specs", Wire.specs(specs)).put("wait", Wire.wait(wait)))));
    }

    @Override
    public List<Change> signal(Collection<? extends Selector> selectors, UnixSignal signal) throws IOException {
        return change(Wire.request("signal").put("signal", signal.number()), selectors);
    }

    @Override
    public List<Change> reload(Collection<? extends Selector> selectors) throws IOException {
        return change(Wire.request("reload"), selectors);
    }

    @Override
    public List<Change> stop(Collection<? extends Selector> selectors, Duration grace) throws IOException {
        return change(Wire.request("stop").put("grace_ms", millis("grace", grace)), selectors);
    }

    @Override
    public List<Change> kill(Collection<? extends Selector> selectors) throws IOException {
        return change(Wire.request("kill"), selectors);
    }

    @Override
    public List<Change> delete(Collection<? extends Selector> selectors) throws IOException {
        return change(Wire.request("delete"), selectors);
    }

    @Override
    public List<Change> restart(Collection<? extends Selector> selectors, Wait wait) throws IOException {
        return change(withEnvironment(Wire.request("restart").put("wait", Wire.wait(wait))), selectors);
    }

    private List<Change> change(JsonObject request, Collection<? extends Selector> selectors) throws IOException {
        return Wire.readChanges(call(request.put("selectors", Wire.selectors(selectors))));
    }

    @Override
    public Inventory list() throws IOException {
        return Wire.readInventory(call(Wire.request("list")));
    }

    @Override
    public ServiceLogs logs(Service service) {
        checkOpen();
        return directory.logs(service);
    }

    @Override
    public Flow.Publisher<ServiceEvent> events() {
        checkOpen();
        return events;
    }

    @Override
    public String metrics() throws IOException {
        return call(Wire.request("metrics")).text("text");
    }

    @Override
    public boolean awaitIdle(Duration quiet) {
        checkOpen();
        throw new IllegalStateException("this JVM is not the owner of " + directory);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        events.close();
        LineSocket unused;
        synchronized (this) {
            unused = ready;
            ready = null;
        }
        if (unused != null) {
            unused.close();
        }
    }
}
