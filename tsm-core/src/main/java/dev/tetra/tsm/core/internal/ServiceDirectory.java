package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files of one service. Writing is for the owner alone; reading is for anybody. */
public final class ServiceDirectory {
    /** More than any meta.json of ours; what is larger was not written by us. */
    private static final int MAX_META_BYTES = 4 << 20;

    /** What is there, and empty, before the first meta.json. */
    private static final Set<String> LOGS = Set.of("current.out", "current.err", "wrapper.err");

    private final Path path;

    public ServiceDirectory(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    public Path meta() {
        return path.resolve(MetaFile.NAME);
    }

    public Path out() {
        return path.resolve("current.out");
    }

    public Path err() {
        return path.resolve("current.err");
    }

    public Path wrapperErr() {
        return path.resolve("wrapper.err");
    }

    /** What meta.json holds. @throws IOException with what is wrong when it cannot be understood */
    public JsonObject readMeta() throws IOException {
        File meta = meta().toFile();
        if (meta.exists() && !meta.isFile()) {
            throw new IOException("it is no regular file");
        }
        // A channel of NIO would take a short-lived command twice as long.
        try (FileInputStream file = new FileInputStream(meta().toString())) {
            byte[] text = file.readNBytes(MAX_META_BYTES + 1);
            if (text.length > MAX_META_BYTES) {
                throw new IOException("larger than " + MAX_META_BYTES + " bytes");
            }
            return JsonObject.parse(text);
        } catch (FileNotFoundException unopened) {
            if (Files.exists(meta())) {
                throw new IOException("this user may not read it", unopened);
            }
            throw new NoSuchFileException(meta().toString());
        }
    }

    /** The service that meta.json says, without a look at the processes. */
    public Service readService() throws IOException {
        Service service = MetaFile.fromJson(readMeta());
        Path directoryName = path.getFileName();
        if (directoryName == null || !directoryName.toString().equals(service.name())) {
            throw new IOException("it names another service: " + service.name());
        }
        return service;
    }

    /** Writes the service; fields of the file that are not ours stay. */
    public void write(Service service) throws IOException {
        StateFile.write(meta(), merged(service));
    }

    /** The same without waiting for the disk: for what only an owner that follows on one that was killed has to know. */
    public void writeUnsynced(Service service) throws IOException {
        StateFile.writeUnsynced(meta(), merged(service));
    }

    private byte[] merged(Service service) throws IOException {
        JsonObject json = MetaFile.toJson(service);
        try {
            json.putMissing(readMeta());
        } catch (NoSuchFileException first) {
            // A new service has no fields to keep.
        } catch (IOException corrupt) {
            Files.move(meta(), path.resolve("meta.json.corrupt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        return checked(json.toPrettyBytes(), service);
    }

    /** Nothing is written that could not be read again. */
    private static byte[] checked(byte[] text, Service service) throws IOException {
        if (text.length > MAX_META_BYTES) {
            throw new IOException("the command of " + service.name() + " is too long to be kept: " + text.length
                    + " bytes of state, and no more than " + MAX_META_BYTES + " are read again");
        }
        return text;
    }

    /** Writes a service that was never written before; see {@link StateFile#writeUnsynced}. */
    public void writeFirst(Service service) throws IOException {
        StateFile.writeUnsynced(meta(), checked(MetaFile.toJson(service).toPrettyBytes(), service));
    }

    /** Removes what a writer that was killed left half written. */
    public void removeTemporary() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(path, ".*.tmp")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Makes the directory and its logs, and forgets what the last run left in {@code process} and {@code exit}. */
    public void prepare() throws IOException {
        if (Files.isDirectory(path)) {
            Files.deleteIfExists(path.resolve("process"));
            Files.deleteIfExists(path.resolve("exit"));
            if (wrapperErr().toFile().length() > 0) {
                // Not removed: a wrapper that waits has it open.
                FileChannel.open(wrapperErr(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                        .close();
            }
        } else {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        StateFile.createIfAbsent(out());
        StateFile.createIfAbsent(err());
        StateFile.createIfAbsent(wrapperErr());
    }

    /** The process that the wrapper launched last, as it wrote it down before it became the service. */
    public Optional<ProcessIdentity> launched() {
        try {
            return parseProcess(Files.readString(path.resolve("process")));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Two lines: the boot id, and the process's line of {@code /proc/PID/stat}. */
    public static Optional<ProcessIdentity> parseProcess(String text) {
        int end = text.indexOf('\n');
        if (end < 0 || text.indexOf('\n', end + 1) < 0) {
            return Optional.empty();
        }
        byte[] stat = text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1);
        ProcessTable.@Nullable Entry entry = ProcessTable.parseStat(stat, stat.length);
        return entry == null
                ? Optional.empty()
                : Optional.of(new ProcessIdentity(text.substring(0, end), entry.pid(), entry.startTicks()));
    }

    /** How the last process ended, as the wrapper wrote it down; empty while it runs or when nobody wrote it. */
    public Optional<Exit> exit() {
        Path file = path.resolve("exit");
        try {
            String text = Files.readString(file);
            Instant time = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
            if (text.endsWith("\n")) {
                int status = Integer.parseInt(text.trim());
                return Optional.of(new Exit(Exit.Outcome.ofShellStatus(status), time));
            }
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** How long the last process ran, by the times of what the wrapper wrote; empty if it did not write both. */
    public Optional<Duration> ran() {
        try {
            Duration ran = Duration.between(
                    Files.getLastModifiedTime(path.resolve("process")).toInstant(),
                    Files.getLastModifiedTime(path.resolve("exit")).toInstant());
            // A clock that was set back between the two.
            return ran.isNegative() ? Optional.empty() : Optional.of(ran);
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Removes the directory with all it holds. It is out of sight in one step, however much there is to remove. */
    public void delete() throws IOException {
        Path doomed = path.resolveSibling("." + path.getFileName() + ".deleted");
        remove(doomed);
        try {
            Files.move(path, doomed);
        } catch (NoSuchFileException gone) {
            return;
        }
        remove(doomed);
    }

    /** Removes what a deletion that was killed left, of any service. */
    public static void removeDoomed(Path processes) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(processes, ".*.deleted")) {
            for (Path directory : left) {
                remove(directory);
            }
        }
    }

    /** Removes what first starts left that were killed before they had written meta.json: directories that hold nothing. */
    public static void removeUnbegun(Path processes) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(processes, path -> holdsNothing(path))) {
            for (Path directory : all) {
                remove(directory);
            }
        }
    }

    private static boolean holdsNothing(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                boolean half = name.startsWith("." + MetaFile.NAME + ".") && name.endsWith(".tmp");
                boolean empty = LOGS.contains(name)
                        && Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)
                        && Files.size(child) == 0;
                if (!half && !empty) {
                    return false;
                }
            }
        } catch (AccessDeniedException notOurs) {
            return false;
        }
        return true;
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    remove(child);
                } else {
                    Files.delete(child);
                }
            }
        }
        Files.delete(directory);
    }
}
