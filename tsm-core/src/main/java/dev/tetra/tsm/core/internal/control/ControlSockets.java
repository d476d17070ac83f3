package dev.tetra.tsm.core.internal.control;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import dev.tetra.tsm.core.internal.wire.UnixSockets;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The control sockets of all services of an owner: {@code runtime/sockets/NAME.sock}, mode 0600, for this user and root. A
 * line is a {@link Command}; each gets one line of JSON. One thread waits for all of them and never for anybody in particular;
 * answers are made by the workers. A service that listens at its own path ({@code TSM_SOCKET_PATH}) is left to answer for
 * itself. <em>Safe for use by many threads</em>, those of the handler included.
 */
public final class ControlSockets implements AutoCloseable {
    /** Who carries out the commands. */
    public interface Handler {
        /**
         * The answer to a command, made by a worker, who may take as long as it takes.
         *
         * @param service a service that was offered; it may be gone by now
         * @throws ServiceException if the supervisor refuses, which the client is told
         * @throws IOException if the world failed, which the client is told
         */
        JsonObject answer(String service, Command command) throws IOException;
    }

    /**
     * What a service that is launched needs.
     *
     * @param path the value of {@code TSM_SOCKET_PATH}: short enough for every program
     * @param problem why a service could not listen there, in one sentence; a service that does not want to loses nothing
     */
    public record OwnPath(Path path, Optional<String> problem) {}

    /**
     * What clients are granted.
     *
     * @param connections so many for each service; one more takes the place of the one that has been idle longest
     * @param idle a client that says nothing for so long is let go
     * @param stalled a client that does not take its answer for so long is let go
     * @param look how often the files are looked at
     */
    record Limits(int connections, Duration idle, Duration stalled, Duration look) {
        static final Limits USUAL =
                new Limits(16, Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(1));
    }

    /** So many are accepted before others have their turn. */
    private static final int ACCEPTED_AT_ONCE = 64;

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final RuntimeDirectory directory;
    private final ShortPaths shortPaths;
    private final UserPrincipal user;
    private final Executor workers;
    private final Handler handler;
    private final Limits limits;
    private final Selector selector;
    private final Thread thread;

    /** What others have the thread do; its lock is held while the selector is woken, and when it ends. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    // All below belongs to the thread.
    private final Map<String, ServedSocket> services = new HashMap<>();
    private final Set<Conversation> conversations = new LinkedHashSet<>();
    private final List<SelectionKey> deaf = new ArrayList<>();
    private long lastLook = System.nanoTime();
    private boolean closing;
    private long closingSince;
    private volatile boolean ended;

    /**
     * @param user who this process is
     * @param workers who runs the handler
     */
    public ControlSockets(
            RuntimeDirectory directory, ShortPaths shortPaths, UserPrincipal user, Executor workers, Handler handler)
            throws IOException {
        this(directory, shortPaths, user, workers, handler, Limits.USUAL);
    }

    ControlSockets(
            RuntimeDirectory directory,
            ShortPaths shortPaths,
            UserPrincipal user,
            Executor workers,
            Handler handler,
            Limits limits)
            throws IOException {
        this.directory = directory;
        this.shortPaths = shortPaths;
        this.user = user;
        this.workers = workers;
        this.handler = handler;
        this.limits = limits;
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "tsm-control-sockets");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Makes way for a service that is about to be launched: a socket that an earlier process left at its own path is removed,
     * so that it can listen there without removing anything. Nothing else is ever removed.
     */
    public OwnPath prepare(String service) {
        Path own = directory.ownSocket(service);
        try {
            createDirectory(directory.ownSockets());
            Occupant there = ServedSocket.removeStale(own);
            Path reachable = shortPaths.reachable(own);
            return new OwnPath(
                    reachable,
                    there == Occupant.NOBODY
                            ? Optional.empty()
                            : Optional.of("service " + service + " cannot listen at TSM_SOCKET_PATH: " + own + " is "
                                    + there.words() + "; "
                                    + (there == Occupant.LISTENER ? "end who listens there" : "remove it")));
        } catch (IOException failed) {
            return new OwnPath(
                    own,
                    Optional.of("service " + service + " cannot listen at TSM_SOCKET_PATH: "
                            + ServedSocket.reason(failed)));
        }
    }

    private static void createDirectory(Path path) throws IOException {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(path)) {
                throw new IOException(path + " is not a directory; remove it", there);
            }
        }
    }

    /**
     * Begins to serve a service that runs, or looks again who does. From then on the files are looked at each second, and what
     * stands in the way is tried again.
     *
     * @return why it is not served, in one sentence; empty when it is, by us or by itself
     */
    public Optional<String> offer(String service) {
        return call(() -> offered(service), Optional.empty());
    }

    /**
     * The same for who cannot wait for it: done soon, and before whatever the caller, or whoever hears from it, has done next.
     *
     * @param told is given the problem, if there is one, by a worker
     */
    public void offerSoon(String service, Consumer<String> told) {
        post(() -> {
            Optional<String> problem = ended ? Optional.empty() : offered(service);
            if (problem.isPresent()) {
                try {
                    workers.execute(() -> told.accept(problem.get()));
                } catch (RejectedExecutionException ending) {
                    LOG.log(System.Logger.Level.WARNING, problem.get());
                }
            }
        });
    }

    private Optional<String> offered(String service) {
        if (closing) {
            return Optional.empty();
        }
        ServedSocket served = services.get(service);
        if (served == null) {
            served = new ServedSocket(directory, service);
            services.put(service, served);
        }
        served.settleAnew();
        accept(served);
        return served.problem();
    }

    /**
     * Stops serving a service whose process is gone. Removed are our socket and the stale ones that the service left; never a
     * socket where somebody listens. Who is being answered still is.
     */
    public void withdraw(String service) {
        call(
                () -> {
                    ServedSocket served = services.remove(service);
                    (served == null ? new ServedSocket(directory, service) : served).withdraw();
                    if (served != null) {
                        for (Conversation conversation : List.copyOf(served.conversations())) {
                            conversation.endSoon();
                            proceed(conversation);
                        }
                    }
                    return true;
                },
                false);
    }

    /**
     * Takes no more lines, and returns when those that are being answered are, and our sockets are removed. What services
     * serve themselves stays.
     */
    @Override
    public void close() {
        call(
                () -> {
                    closing = true;
                    closingSince = System.nanoTime();
                    for (ServedSocket served : services.values()) {
                        served.leave();
                    }
                    services.clear();
                    for (Conversation conversation : List.copyOf(conversations)) {
                        conversation.endSoon();
                        proceed(conversation);
                    }
                    return true;
                },
                false);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that the thread does and others wait for. */
    private interface Task<T> {
        T run();
    }

    private <T> T call(Task<T> task, T afterEnd) {
        CompletableFuture<T> result = new CompletableFuture<>();
        post(() -> {
            try {
                result.complete(ended ? afterEnd : task.run());
            } catch (RuntimeException defect) {
                result.completeExceptionally(defect);
            }
        });
        return result.join();
    }

    private void post(Runnable task) {
        synchronized (tasks) {
            if (!ended) {
                tasks.add(task);
                selector.wakeup();
                return;
            }
        }
        task.run();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void run() {
        try {
            while (!closing || !conversations.isEmpty()) {
                turn();
            }
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.ERROR, "control sockets are not served any more: " + failed.getMessage());
        } finally {
            end();
        }
    }

    private void turn() throws IOException {
        try {
            long wait = services.isEmpty() && conversations.isEmpty()
                    ? 0
                    : limits.look().toMillis();
            selector.select(this::ready, wait);
            runTasks();
            long now = System.nanoTime();
            if (now - lastLook >= limits.look().toNanos()) {
                lastLook = now;
                look(now);
            }
        } catch (RuntimeException defect) {
            // One service's trouble is not the others'.
            LOG.log(System.Logger.Level.ERROR, "a defect of the control sockets", defect);
        }
    }

    private void end() {
        for (ServedSocket served : services.values()) {
            served.leave();
        }
        for (Conversation conversation : List.copyOf(conversations)) {
            discard(conversation);
        }
        synchronized (tasks) {
            ended = true;
        }
        runTasks();
        try {
            selector.close();
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "the selector is closed: " + gone.getMessage());
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof ServedSocket served) {
                acceptAll(served, key);
            } else if (key.attachment() instanceof Conversation conversation) {
                ready(conversation, key);
            }
        } catch (CancelledKeyException closed) {
            // By the one before it in this turn.
            return;
        }
    }

    private void ready(Conversation conversation, SelectionKey key) {
        try {
            if (key.isReadable()) {
                conversation.read();
            }
            if (key.isWritable()) {
                conversation.write(System.nanoTime());
            }
        } catch (IOException gone) {
            discard(conversation);
            return;
        }
        proceed(conversation);
    }

    /** Answers lines until there is none, or the answer takes time. */
    private void proceed(Conversation conversation) {
        try {
            for (String line = conversation.next(); line != null; line = conversation.next()) {
                answer(conversation, line);
            }
            if (conversation.isOverfull()) {
                conversation.endSoon();
                conversation.answer(
                        StandardAnswers.failure("a line of more than " + RequestLines.LONGEST + " bytes is no command"),
                        System.nanoTime());
            }
            if (conversation.isOver()) {
                discard(conversation);
            } else {
                conversation.await();
            }
        } catch (IOException gone) {
            discard(conversation);
        }
    }

    private void answer(Conversation conversation, String line) throws IOException {
        ServedSocket served = conversation.served();
        Optional<Command> command = Command.parse(line);
        if (served.isTakenOver()) {
            conversation.endSoon();
            conversation.answer(
                    StandardAnswers.failure(
                            "service " + served.service() + " listens itself by now; connect again to speak to it"),
                    System.nanoTime());
        } else if (command.isEmpty()) {
            conversation.answer(StandardAnswers.unknown(line), System.nanoTime());
        } else {
            conversation.begin();
            delegate(conversation, command.get());
        }
    }

    private void delegate(Conversation conversation, Command command) throws IOException {
        String service = conversation.served().service();
        try {
            workers.execute(() -> {
                JsonObject answer = made(service, command);
                post(() -> answered(conversation, answer));
            });
        } catch (RejectedExecutionException ending) {
            conversation.endSoon();
            conversation.answer(StandardAnswers.failure("the owner of " + directory + " ends"), System.nanoTime());
        }
    }

    private JsonObject made(String service, Command command) {
        try {
            return handler.answer(service, command);
        } catch (ServiceException refused) {
            return StandardAnswers.refusal(refused);
        } catch (IOException failed) {
            return StandardAnswers.failure(ServedSocket.reason(failed));
        } catch (RuntimeException | Error defect) {
            LOG.log(System.Logger.Level.ERROR, command + " of " + service + " failed", defect);
            return StandardAnswers.failure("this is a defect of tsm: " + defect);
        }
    }

    private void answered(Conversation conversation, JsonObject answer) {
        if (conversations.contains(conversation)) {
            try {
                conversation.answer(answer, System.nanoTime());
                proceed(conversation);
            } catch (IOException gone) {
                discard(conversation);
            }
        }
    }

    private void discard(Conversation conversation) {
        conversations.remove(conversation);
        conversation.close();
    }

    /** Has the selector listen for clients of a socket that is served by us. */
    private void accept(ServedSocket served) {
        ServerSocketChannel listener = served.listener();
        if (listener != null && listener.keyFor(selector) == null) {
            try {
                listener.register(selector, SelectionKey.OP_ACCEPT, served);
            } catch (IOException closed) {
                LOG.log(System.Logger.Level.WARNING, served.service() + " is not served: " + closed.getMessage());
            }
        }
    }

    private void acceptAll(ServedSocket served, SelectionKey key) {
        if (!(key.channel() instanceof ServerSocketChannel listener)) {
            return;
        }
        try {
            SocketChannel channel = listener.accept();
            for (int i = 1; channel != null; i++) {
                welcome(served, channel);
                channel = i < ACCEPTED_AT_ONCE ? listener.accept() : null;
            }
        } catch (IOException failed) {
            if (listener.isOpen()) {
                // Too many open files, for example: it passes. Until the next look nobody is accepted.
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a client of service " + served.service() + " has to wait: " + failed.getMessage());
                key.interestOps(0);
                deaf.add(key);
            }
        }
    }

    private void welcome(ServedSocket served, SocketChannel channel) throws IOException {
        boolean welcome = false;
        try {
            if (UnixSockets.isAllowed(channel, user) && makeRoom(served)) {
                channel.configureBlocking(false);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                Conversation conversation = new Conversation(served, channel, key, System.nanoTime());
                key.attach(conversation);
                conversations.add(conversation);
                served.conversations().add(conversation);
                welcome = true;
            }
        } catch (IOException left) {
            welcome = false;
        } finally {
            if (!welcome) {
                channel.close();
            }
        }
    }

    /** Lets the one go that has been idle longest, if there are too many. @return whether one more can be served */
    private boolean makeRoom(ServedSocket served) {
        if (served.conversations().size() < limits.connections()) {
            return true;
        }
        long now = System.nanoTime();
        Conversation longest = null;
        for (Conversation conversation : served.conversations()) {
            if (!conversation.isAnswering()
                    && (longest == null || conversation.idleNanos(now) > longest.idleNanos(now))) {
                longest = conversation;
            }
        }
        if (longest != null) {
            discard(longest);
        }
        return longest != null;
    }

    /** What is done each second. */
    private void look(long now) {
        for (ServedSocket served : services.values()) {
            served.settle();
            accept(served);
        }
        for (SelectionKey key : deaf) {
            if (key.isValid()) {
                key.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
        deaf.clear();
        long idle = limits.idle().toNanos();
        long stalled = limits.stalled().toNanos();
        for (Conversation conversation : List.copyOf(conversations)) {
            boolean late = conversation.idleNanos(now) >= (conversation.isBusy() ? stalled : idle);
            boolean kept = closing && !conversation.isAnswering() && now - closingSince >= stalled;
            if (late || kept) {
                discard(conversation);
            }
        }
    }
}
