package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.core.internal.Observer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where the truth lives: {@code $TETRA_DIR/tsm} and what is in it (guide, "Runtime directory"). <em>Immutable.</em>
 *
 * <pre>
 * patterns.txt                     the user's port patterns
 * hooks/                           the user's hooks
 * runtime/owner.lock               held by the owner for its life
 * runtime/ports                    the port claims
 * runtime/processes/NAME/          meta.json  current.out  current.err  wrapper.err
 *                                  process (the process's line of /proc, as it was launched)  exit (its exit status)
 *                                  current.out.NUMBER (archives)  current.out.index (when what was written)
 * runtime/sockets/tsm.sock         the owner's socket
 * </pre>
 */
public final class RuntimeDirectory {
    private final Path root;

    private RuntimeDirectory(Path root) {
        this.root = root;
    }

    /** The directory {@code $TETRA_DIR/tsm}, which need not exist yet. */
    public static RuntimeDirectory of(Path root) {
        return new RuntimeDirectory(root.toAbsolutePath().normalize());
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** The user's port patterns. */
    public Path patterns() {
        return root.resolve("patterns.txt");
    }

    /** The user's hooks. */
    public Path hooks() {
        return root.resolve("hooks");
    }

    /** What TSM keeps there. */
    public Path runtime() {
        return root.resolve("runtime");
    }

    /** One directory for each service. */
    public Path processes() {
        return runtime().resolve("processes");
    }

    /** The directory of one service; the name must have been checked. */
    public Path service(String name) {
        return processes().resolve(name);
    }

    /** The Unix sockets. */
    public Path sockets() {
        return runtime().resolve("sockets");
    }

    /** The owner's socket. */
    public Path managerSocket() {
        return sockets().resolve("tsm.sock");
    }

    /** The lock that the owner holds. */
    public Path ownerLock() {
        return runtime().resolve("owner.lock");
    }

    /** What a background owner wrote. */
    public Path ownerLog() {
        return runtime().resolve("owner.log");
    }

    /** The port claims. */
    public Path ports() {
        return runtime().resolve("ports");
    }

    /**
     * Makes the directories, for nobody but this user (0700). Idempotent.
     *
     * @throws IOException if they cannot be made or written
     */
    public void create() throws IOException {
        Files.createDirectories(root);
        for (Path directory : new Path[] {runtime(), processes(), sockets()}) {
            try {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException there) {
                if (!Files.isDirectory(directory)) {
                    throw new IOException(
                            directory + " is not a directory; remove it, or choose another TETRA_DIR", there);
                }
            }
        }
        if (!Files.isWritable(processes())) {
            throw new IOException(processes() + " cannot be written by this user; choose another TETRA_DIR");
        }
    }

    /**
     * All services as they are now: from the files and the process table, without asking an owner and without writing. A
     * directory that does not exist has none.
     *
     * @throws IOException if the directory exists and cannot be listed
     */
    public Inventory read() throws IOException {
        return InventoryReader.read(this);
    }

    /** What the processes of a service use and have open now; all zero when it does not run. */
    public Observation observe(Service service) {
        return observe(List.of(service)).get(0);
    }

    /** The same for many services at one look: one observation for each, in their order. */
    public List<Observation> observe(List<Service> services) {
        return Observer.system().observe(services);
    }

    /** What a service wrote. */
    public ServiceLogs logs(Service service) {
        return new ServiceLogs(service.name(), service(service.name()));
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
