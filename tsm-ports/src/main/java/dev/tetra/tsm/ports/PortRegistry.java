package dev.tetra.tsm.ports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which service claims which port: one file, shared by all processes of a runtime directory. <em>Safe for use by many
 * threads and many processes.</em>
 *
 * <p>Every change is made under one lock (a file beside the registry, and a lock in this JVM), and written as a whole: a
 * new file is synced to the disk, has mode 0600 where the file system knows modes, and takes the old one's place. When
 * that fails, on a full disk for instance, the old file stays and the method throws. A line that cannot be read is set
 * aside, reported by {@link #problems()}, and never fatal.
 *
 * <p>A start goes like this: {@link #claim(PortLadder, PortRequest)} under a token of the caller's choice, decide the
 * service's name, then {@link #rename} the token to it, or {@link #release} it if the start comes to nothing.
 */
public final class PortRegistry {

    private final RegistryFile file;
    private final PortProbe probe;

    private PortRegistry(RegistryFile file, PortProbe probe) {
        this.file = file;
        this.probe = probe;
    }

    /**
     * Opens the registry in this file. Nothing is kept open, so nothing needs closing.
     *
     * @param file the registry's file; it and its directory are made when the first claim is written
     * @param probe sees what the machine listens on
     * @throws IOException if the file is there and cannot be read, or was written by a newer version
     */
    public static PortRegistry open(Path file, PortProbe probe) throws IOException {
        PortRegistry registry = new PortRegistry(new RegistryFile(file), probe);
        registry.claims();
        return registry;
    }

    /**
     * Resolves a port and claims it in one step, so that N starts at the same time get N ports.
     *
     * <p>Busy is what any other owner claims, and what somebody listens on; the owner's own claims are not. When the
     * ladder finds a port, it becomes the owner's {@linkplain Claim#PRIMARY primary} claim in place of the earlier one;
     * when it finds none, the earlier one is released; when it refuses, nothing changes.
     *
     * @param ladder asked while the registry is locked
     * @param request whose {@code owner} will have the claim
     * @throws IOException if the claim could not be written; then nothing is claimed
     */
    public PortResolution claim(PortLadder ladder, PortRequest request) throws IOException {
        return claim(ladder, request, Map.of());
    }

    /**
     * {@link #claim(PortLadder, PortRequest)}, passing over the ports of services that do not run now.
     *
     * @param kept see {@link PortUse#keptFor}
     */
    public PortResolution claim(PortLadder ladder, PortRequest request, Map<Integer, String> kept) throws IOException {
        return file.update(claims -> {
            String owner = request.owner();
            PortResolution resolution = ladder.resolve(request, new Use(owner, claims, kept));
            if (resolution.answer() instanceof RungAnswer.Refused) {
                return resolution;
            }
            claims.removeIf(
                    claim -> claim.service().equals(owner) && claim.protocol().equals(Claim.PRIMARY));
            if (resolution.port().isPresent()) {
                Claim primary = Claim.primary(owner, resolution.port().getAsInt());
                claims.removeIf(claim -> claim.service().equals(owner) && claim.samePort(primary));
                claims.add(primary);
            }
            return resolution;
        });
    }

    /**
     * Resolves a port as {@link #claim(PortLadder, PortRequest, Map)} would, and claims nothing.
     *
     * @throws IOException if the registry is there and cannot be read
     */
    public PortResolution resolve(PortLadder ladder, PortRequest request, Map<Integer, String> kept)
            throws IOException {
        return ladder.resolve(request, new Use(request.owner(), file.read().claims(), kept));
    }

    /**
     * Claims one more port for a service, if no other service's claim stands against it: two {@code bind} of one port and
     * transport never go together, and only shared with shared does otherwise; {@code send-to} goes with anything. What
     * the machine listens on is not asked.
     *
     * @param claim replaces an earlier claim of the same service, port and transport
     * @return who claims it already; empty if it is now claimed
     * @throws IOException if the claim could not be written; then nothing is claimed
     */
    public Optional<PortHolder> claim(Claim claim) throws IOException {
        return file.update(claims -> {
            for (Claim other : claims) {
                if (!other.service().equals(claim.service()) && other.conflictsWith(claim)) {
                    return Optional.of(PortHolder.service(other.port(), other.service()));
                }
            }
            claims.removeIf(other -> other.service().equals(claim.service()) && other.samePort(claim));
            claims.add(claim);
            return Optional.empty();
        });
    }

    /**
     * Gives all claims of one owner to another; those that the new owner had on the same ports, and its primary claim if
     * one comes along, are replaced.
     *
     * @param oldOwner a token or a service; without claims nothing happens
     * @param newOwner the service's name from now on
     * @throws IOException if it could not be written; then nothing is changed
     */
    public void rename(String oldOwner, String newOwner) throws IOException {
        if (oldOwner.equals(newOwner) || claimsOf(oldOwner).isEmpty()) {
            return;
        }
        file.update(claims -> {
            List<Claim> moved = new ArrayList<>();
            for (Claim claim : claims) {
                if (claim.service().equals(oldOwner)) {
                    moved.add(claim.withService(newOwner));
                }
            }
            claims.removeIf(claim ->
                    claim.service().equals(oldOwner) || (claim.service().equals(newOwner) && isReplaced(claim, moved)));
            claims.addAll(moved);
            return moved;
        });
    }

    private static boolean isReplaced(Claim old, List<Claim> moved) {
        for (Claim claim : moved) {
            boolean bothPrimary =
                    claim.protocol().equals(Claim.PRIMARY) && old.protocol().equals(Claim.PRIMARY);
            if (bothPrimary || claim.samePort(old)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Gives back all ports of a service or token; without claims nothing happens.
     *
     * @throws IOException if it could not be written; then nothing is changed
     */
    public void release(String service) throws IOException {
        // The file is whole at any time: nobody queues for the lock to change nothing.
        if (claimsOf(service).isEmpty()) {
            return;
        }
        file.update(claims -> claims.removeIf(claim -> claim.service().equals(service)));
    }

    /**
     * Gives back the ports of all services but these.
     *
     * @param services the services that still exist, and the tokens of starts that are under way
     * @throws IOException if it could not be written; then nothing is changed
     */
    public void retain(Set<String> services) throws IOException {
        file.update(claims -> claims.removeIf(claim -> !services.contains(claim.service())));
    }

    /**
     * All claims, the oldest first.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public List<Claim> claims() throws IOException {
        return List.copyOf(file.read().claims());
    }

    /**
     * The claims of one service, the oldest first.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public List<Claim> claimsOf(String service) throws IOException {
        List<Claim> claims = new ArrayList<>(file.read().claims());
        claims.removeIf(claim -> !claim.service().equals(service));
        return List.copyOf(claims);
    }

    /**
     * What could not be read in the file, one sentence for each line that was set aside; empty if all is well.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public List<String> problems() throws IOException {
        return List.copyOf(file.read().problems());
    }

    /** What stands against an owner: what others claim, what the machine listens on, what others had. */
    private final class Use implements PortUse {
        private final String owner;
        private final List<Claim> claims;
        private final Map<Integer, String> kept;

        /** One look for all questions, taken at the first: what needs no port needs none. */
        private @Nullable PortUse machine;

        Use(String owner, List<Claim> claims, Map<Integer, String> kept) {
            this.owner = owner;
            this.claims = claims;
            this.kept = kept;
        }

        @Override
        public Optional<PortHolder> holder(int port) {
            Claim wanted = Claim.primary(owner, port);
            for (Claim claim : claims) {
                if (!claim.service().equals(owner) && claim.conflictsWith(wanted)) {
                    PortHolder holder = machine().holder(port).orElse(PortHolder.unseen(port));
                    return Optional.of(
                            new PortHolder(port, Optional.of(claim.service()), holder.pid(), holder.command()));
                }
            }
            return machine().holder(port);
        }

        private PortUse machine() {
            PortUse look = machine;
            if (look == null) {
                look = probe.look();
                machine = look;
            }
            return look;
        }

        @Override
        public Optional<String> keptFor(int port) {
            return Optional.ofNullable(kept.get(port));
        }
    }
}
