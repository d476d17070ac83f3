package dev.tetra.tsm.core.internal.control;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.internal.wire.ShortPaths;
import dev.tetra.tsm.core.internal.wire.UnixSockets;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The control socket of one service on disk, and who serves it. There are two paths: the one that is <em>shown</em> to the
 * world, and the service's <em>own</em>, which {@code TSM_SOCKET_PATH} names and where we never bind, so that a service binds
 * it early or late, with or without removing what is there. As long as somebody listens at the own path, the shown one is a
 * link to it; else it is a socket of ours; and if somebody bound the shown path itself, it is left alone. What is ours is put
 * there by rename(2), so that there is no moment without it. <em>For one thread at a time.</em>
 */
final class ServedSocket {
    /** Who answers at the shown path. */
    private enum Server {
        /** Not decided yet, or something is in the way. */
        NOBODY,
        /** This owner. */
        US,
        /** The service, at its own path. */
        SERVICE,
        /** Somebody who bound the shown path: the service as a rule. */
        OTHER
    }

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final String service;
    private final Path shown;
    private final Path own;
    private final Path link;
    private final Path temporary;
    private final Set<Conversation> conversations = new LinkedHashSet<>();

    private Server server = Server.NOBODY;
    private @Nullable ServerSocketChannel listener;

    /** The files that are known: our socket, the service's own, and another's at the shown path. */
    private @Nullable Object ours;

    private @Nullable Object ownKey;
    private @Nullable Object othersKey;

    /** Whether the one who answered was gone at the last look: whoever unlinks and binds again is given time to do so. */
    private boolean missing;

    private Optional<String> problem = Optional.empty();

    ServedSocket(RuntimeDirectory directory, String service) {
        this.service = service;
        this.shown = directory.controlSocket(service);
        this.own = directory.ownSocket(service);
        this.link = directory.sockets().relativize(own);
        this.temporary = directory.sockets().resolve(ShortPaths.fileName("." + service, ".sock"));
    }

    String service() {
        return service;
    }

    /** Who talks to us, the one who has said nothing for the longest time first. */
    Set<Conversation> conversations() {
        return conversations;
    }

    /** Where connections are accepted; null while the service does that itself. */
    @Nullable ServerSocketChannel listener() {
        return listener;
    }

    /** Why it is not served; empty when it is, by us or by the service. */
    Optional<String> problem() {
        return problem;
    }

    /** Looks as if for the first time. */
    void settleAnew() {
        ownKey = null;
        othersKey = null;
        missing = false;
        settle();
    }

    /** Looks at both paths, and serves the shown one if nobody else does. */
    void settle() {
        try {
            problem = Optional.empty();
            boolean served = isOwnServed();
            Object there = Occupant.key(shown);
            if (there != null && there.equals(ours)) {
                arrange(served, false);
            } else if (there != null && there.equals(othersKey)) {
                server = Server.OTHER;
            } else if (isOurLink()) {
                arrange(served, true);
            } else {
                judge(Occupant.at(shown), served);
            }
        } catch (IOException failed) {
            problem = Optional.of(sentence(failed));
        }
    }

    private String sentence(IOException failed) {
        return "the control socket of " + service + " cannot be served: " + reason(failed);
    }

    /** The JDK's exceptions about files often say nothing but the path. */
    static String reason(IOException failed) {
        return failed instanceof FileSystemException file && file.getReason() == null
                ? file.getFile() + " (" + failed.getClass().getSimpleName() + ")"
                : String.valueOf(failed.getMessage());
    }

    /** The shown path has what is neither ours nor known. */
    private void judge(Occupant occupant, boolean served) throws IOException {
        switch (occupant) {
            case NOBODY, STALE -> arrange(served, true);
            case LISTENER -> {
                release();
                othersKey = Occupant.key(shown);
                server = Server.OTHER;
            }
            case LINK, DIRECTORY, FILE -> {
                release();
                server = Server.NOBODY;
                problem = Optional.of("the control socket of " + service + " cannot be served: " + shown + " is "
                        + occupant.words() + "; remove it");
            }
        }
    }

    /**
     * Has the shown path served by the one who shall.
     *
     * @param served whether the service listens at its own path
     * @param vacant whether our socket is not there now
     */
    private void arrange(boolean served, boolean vacant) throws IOException {
        if (served) {
            missing = false;
            if (server != Server.SERVICE || !isOurLink()) {
                Files.deleteIfExists(temporary);
                Files.createSymbolicLink(temporary, link);
                show();
                release();
                server = Server.SERVICE;
            }
        } else if (!vacant) {
            missing = false;
        } else if (server == Server.NOBODY || server == Server.SERVICE || missing) {
            // Nobody but us made way for ours: there is nobody to give time to.
            bind();
            missing = false;
        } else {
            missing = true;
        }
    }

    private void bind() throws IOException {
        ServerSocketChannel fresh = UnixSockets.listen(temporary);
        try {
            fresh.configureBlocking(false);
            Object key = Occupant.key(temporary);
            show();
            release();
            listener = fresh;
            ours = key;
            server = Server.US;
        } catch (IOException | RuntimeException failed) {
            fresh.close();
            throw failed;
        }
    }

    private void show() throws IOException {
        try {
            Files.move(temporary, shown, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(temporary);
            throw failed;
        }
    }

    /** Whether somebody listens at the own path. Who did so is not asked again while it is the same socket. */
    private boolean isOwnServed() {
        try {
            Object there = Occupant.key(own);
            if (there == null || !there.equals(ownKey)) {
                ownKey = there != null && Occupant.at(own) == Occupant.LISTENER ? there : null;
            }
        } catch (IOException noPlaceForASocket) {
            ownKey = null;
        }
        return ownKey != null;
    }

    /** Whether somebody else serves it now; then lines are for that one, not for us. */
    boolean isTakenOver() {
        if (server == Server.US && isOwnServed()) {
            settle();
        }
        return server == Server.SERVICE || server == Server.OTHER;
    }

    private boolean isOurLink() throws IOException {
        return Files.isSymbolicLink(shown) && Objects.equals(Files.readSymbolicLink(shown), link);
    }

    private void release() {
        ServerSocketChannel past = listener;
        listener = null;
        ours = null;
        if (past != null) {
            try {
                past.close();
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, shown + " is closed: " + gone.getMessage());
            }
        }
    }

    /** The service does not run any more: removes what is ours, and what it left behind. */
    void withdraw() {
        try {
            Object there = Occupant.key(shown);
            if ((there != null && there.equals(ours)) || isOurLink() || Occupant.at(shown) == Occupant.STALE) {
                Files.deleteIfExists(shown);
            }
            removeStale(own);
        } catch (IOException unwritable) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the control socket of " + service + " stays: " + unwritable.getMessage());
        }
        release();
    }

    /** The owner ends and the service goes on: removes our socket. A link to the service's own stays. */
    void leave() {
        try {
            Object there = Occupant.key(shown);
            if (there != null && there.equals(ours)) {
                Files.deleteIfExists(shown);
            }
        } catch (IOException unwritable) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the control socket of " + service + " stays: " + unwritable.getMessage());
        }
        release();
    }

    /** Removes a socket where nobody listens any more. @return what is there then */
    static Occupant removeStale(Path socket) throws IOException {
        Occupant occupant = Occupant.at(socket);
        if (occupant != Occupant.STALE) {
            return occupant;
        }
        Files.deleteIfExists(socket);
        return Occupant.NOBODY;
    }
}
