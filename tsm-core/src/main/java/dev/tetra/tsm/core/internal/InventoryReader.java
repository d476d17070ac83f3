package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.events.Doer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads all services from disk and checks each against the process table. Writes nothing. */
public final class InventoryReader {
    /** By id; two of one id, which no owner makes, stay as they are. */
    public static final Comparator<Service> BY_ID = new Comparator<>() {
        @Override
        public int compare(Service left, Service right) {
            return Integer.compare(left.id(), right.id());
        }
    };

    private static final String BY_ITSELF = "ended by itself: ";

    private InventoryReader() {}

    /** The services of that directory as they are now. */
    public static Inventory read(RuntimeDirectory directory) throws IOException {
        List<Service> services = new ArrayList<>();
        List<Inventory.Unreadable> unreadable = new ArrayList<>();
        File processes = directory.processes().toFile();
        String[] names = processes.list();
        if (names == null) {
            if (!Files.notExists(directory.processes()) || leadsThroughFile(directory.processes())) {
                throw new IOException(directory.processes()
                        + " cannot be read by this user; choose another TETRA_DIR, or mend its mode");
            }
            return new Inventory(services, unreadable);
        }
        for (String name : names) {
            if (name.charAt(0) != '.') {
                ServiceDirectory files = new ServiceDirectory(directory.service(name));
                try {
                    services.add(verified(files.readService(), files));
                } catch (NoSuchFileException absent) {
                    if (Files.isDirectory(files.path())) {
                        unreadable.add(new Inventory.Unreadable(name, files.meta(), "there is no meta.json"));
                    }
                } catch (IOException wrong) {
                    if (Files.isDirectory(files.path())) {
                        unreadable.add(new Inventory.Unreadable(name, files.meta(), sentence(wrong)));
                    }
                }
            }
        }
        services.sort(BY_ID);
        return new Inventory(services, unreadable);
    }

    /** Whether the first thing that exists on the way up is no directory: then there is nothing to be made there either. */
    private static boolean leadsThroughFile(Path path) {
        for (Path up = path; up != null; up = up.getParent()) {
            if (Files.exists(up)) {
                return !Files.isDirectory(up);
            }
        }
        return false;
    }

    /** The service with the status that its process really has. */
    public static Service verified(Service service, ServiceDirectory files) {
        if (!service.status().isRunning()) {
            return service;
        }
        ProcessTable table = ProcessTable.system();
        Optional<Service.Run> run = service.run();
        if (run.isEmpty()) {
            Optional<ProcessIdentity> launched = files.launched();
            if (launched.isEmpty()) {
                // Another program's file may call it online and yet name no process that could be told from others.
                return service.status() == Status.STARTING ? service : ended(service, lost());
            }
            run = Optional.of(new Service.Run(launched.get(), Optional.empty()));
        }
        if (table.isAlive(run.get().process())) {
            return service.run().isPresent()
                    ? service
                    : service.withRun(run.get(), service.startTime().orElse(begin(run.get())), service.status());
        }
        Optional<Exit> exit = files.exit();
        boolean wrapperWrites = run.get().wrapper().isPresent()
                && table.isAlive(run.get().wrapper().get());
        if (exit.isEmpty() && wrapperWrites) {
            return service;
        }
        return ended(service, exit.orElseGet(InventoryReader::lost));
    }

    /** The service after its process ended, and nobody said why. */
    public static Service ended(Service service, Exit exit) {
        return ended(service, exit, Doer.ITSELF);
    }

    /** The service after its process ended, by whoever's doing. */
    public static Service ended(Service service, Exit exit, Doer doer) {
        boolean clean = exit.outcome().isClean() || service.status() == Status.STOPPING;
        return service.ended(
                exit,
                clean ? Status.STOPPED : Status.CRASHED,
                Optional.of(
                        exit.outcome() instanceof Exit.Signalled
                                ? "ended by " + doer.of(exit.outcome())
                                : BY_ITSELF + exit.outcome().describe()));
    }

    /** Whether a service ended by itself as its policy says that one does which is done; a stop is no such end. */
    public static boolean isDone(Service service) {
        return service.status() == Status.STOPPED
                && service.reason().isPresent()
                && service.reason().get().startsWith(BY_ITSELF)
                && service.lastExit().isPresent()
                && service.spec().restart().isDone(service.lastExit().get().outcome());
    }

    /** The exit of a process whose end nobody saw. */
    public static Exit lost() {
        return new Exit(new Exit.Lost(), now());
    }

    private static Instant begin(Service.Run run) {
        return Instant.now().minus(ProcessTable.system().age(run.process())).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    /** The first line of what is wrong: Jackson adds the place on a second one, which names no file here. */
    private static String sentence(IOException wrong) {
        String message = String.valueOf(wrong.getMessage());
        if (wrong instanceof java.nio.file.AccessDeniedException) {
            return "this user may not read it";
        }
        int line = message.indexOf('\n');
        return line < 0 ? message : message.substring(0, line);
    }
}
