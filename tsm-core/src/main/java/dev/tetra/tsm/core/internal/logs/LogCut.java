package dev.tetra.tsm.core.internal.logs;

import dev.tetra.tsm.core.internal.StateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one log. The caller has the {@link LogLock}. The steps, after each of which everything may end:
 *
 * <ol>
 *   <li>the first bytes are copied to a part, which is synced: a part without a mark is thrown away;
 *   <li>the {@link CutMark} is laid over the beginning of the log, and synced: from here on the cut is finished, by whoever
 *       comes;
 *   <li>the part gets its name as an archive;
 *   <li>the bytes go from the log, and the mark with them.
 * </ol>
 *
 * <em>Safe for use by many threads.</em>
 */
final class LogCut {
    private static final int COPIED_AT_ONCE = 256 * 1024;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Collapse collapse;

    LogCut(Collapse collapse) {
        this.collapse = collapse;
    }

    /**
     * Archives what is in the log, but for what is in its last block, and removes it from the log.
     *
     * @param keep how many archives are wanted; with none, nothing is copied
     * @return what was archived, if anything; an empty archive where none are kept
     * @throws IOException if it could not be done; nothing is lost or doubled, and {@link #finish} goes on
     */
    Optional<LogFiles.Archive> collapse(LogFiles files, int keep, LogLock lock) throws IOException {
        long block = Collapse.blockSize(files.directory());
        LogFiles.Archive cut;
        CutMark mark;
        try (FileChannel live = FileChannel.open(files.live(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            LogLayout layout = LogLayout.of(files, live);
            long size = live.size();
            // The kernel takes no range that reaches the end of the file.
            long bytes = (size - 1) / block * block;
            if (bytes <= layout.hidden()) {
                return Optional.empty();
            }
            mark = new CutMark(layout.base(), bytes, RANDOM.nextLong());
            long start = keep == 0 ? mark.end() : layout.start();
            cut = new LogFiles.Archive(files.archive(start), start, mark.end() - start);
            copy(live, start - layout.base(), cut, files.part(start));
            if (live.size() < size) {
                Files.delete(files.part(start));
                throw new IOException(files.live() + " was truncated by another process while it was cut");
            }
            ByteBuffer line = ByteBuffer.wrap(mark.encoded());
            while (line.hasRemaining()) {
                live.write(line, line.position());
            }
            live.force(false);
        }
        rename(files.part(cut.start()), cut.file());
        collapse.run(files.live(), mark, lock.file());
        return Optional.of(cut);
    }

    private static void copy(FileChannel live, long from, LogFiles.Archive cut, Path part) throws IOException {
        Files.deleteIfExists(part);
        try (FileChannel archive =
                FileChannel.open(part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE)) {
            ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(COPIED_AT_ONCE, Math.max(1, cut.bytes())));
            for (long done = 0; done < cut.bytes(); ) {
                block.clear().limit((int) Math.min(block.capacity(), cut.bytes() - done));
                if (live.read(block, from + done) <= 0) {
                    throw new IOException(part + " is not whole: the log was truncated by another process");
                }
                done += block.position();
                block.flip();
                while (block.hasRemaining()) {
                    archive.write(block);
                }
            }
            archive.force(true);
        } catch (IOException failed) {
            Files.deleteIfExists(part);
            throw failed;
        }
    }

    private static void rename(Path part, Path archive) throws IOException {
        Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(archive.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Whether nobody left a cut half done, as far as a cheap look shows. */
    static boolean isWhole(LogFiles files) throws IOException {
        return mark(files) == null && files.parts().isEmpty();
    }

    /** Finishes what a killed owner began, and throws away what it had not come far enough with. */
    void finish(LogFiles files, LogLock lock) throws IOException {
        CutMark mark = mark(files);
        if (mark != null) {
            LogFiles.@Nullable Archive part = LogFiles.endingAt(files.parts(), mark.end());
            if (part != null) {
                rename(part.file(), files.archive(part.start()));
            }
            boolean archived = LogFiles.endingAt(files.archives(), mark.end()) != null;
            // The mark of an emptying that was killed is about any number of bytes; they are hidden until the next cut.
            boolean possible = mark.bytes() % Collapse.blockSize(files.directory()) == 0
                    && mark.bytes() < Files.size(files.live());
            if (archived && possible) {
                collapse.run(files.live(), mark, lock.file());
            }
        }
        for (LogFiles.Archive left : files.parts()) {
            Files.deleteIfExists(left.file());
        }
    }

    private static @Nullable CutMark mark(LogFiles files) throws IOException {
        if (!Files.exists(files.live())) {
            return null;
        }
        try (FileChannel live = FileChannel.open(files.live())) {
            return CutMark.read(live);
        }
    }

    /**
     * Makes an archive of the log, and a new log: for a service that does not run.
     *
     * @return the archive, if there was anything to archive
     */
    Optional<LogFiles.Archive> rename(LogFiles files, int keep, LogLock lock) throws IOException {
        if (!lock.directory().equals(files.directory().toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("the lock of " + lock.directory() + " for " + files);
        }
        LogLayout layout;
        long size;
        try (FileChannel live = FileChannel.open(files.live())) {
            layout = LogLayout.of(files, live);
            size = live.size();
        }
        if (size == 0 || layout.hidden() > 0) {
            return Optional.empty();
        }
        LogFiles.Archive archive = new LogFiles.Archive(files.archive(layout.base()), layout.base(), size);
        Files.move(files.live(), archive.file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        StateFile.createIfAbsent(files.live());
        if (keep == 0) {
            StateFile.createIfAbsent(files.archive(archive.end()));
        }
        return Optional.of(archive);
    }

    /**
     * Empties the log, and removes its archives.
     *
     * @return how many bytes that freed
     */
    static long empty(LogFiles files) throws IOException {
        long freed = 0;
        if (!Files.exists(files.live())) {
            StateFile.createIfAbsent(files.archive(files.archivedEnd()));
        } else {
            try (FileChannel live = FileChannel.open(files.live(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                LogLayout layout = LogLayout.of(files, live);
                long size = live.size();
                long end = layout.base() + size;
                if (size > CutMark.LONGEST) {
                    // Readers know what is about to go before it goes.
                    ByteBuffer line = ByteBuffer.wrap(new CutMark(layout.base(), size, RANDOM.nextLong()).encoded());
                    while (line.hasRemaining()) {
                        live.write(line, line.position());
                    }
                }
                StateFile.createIfAbsent(files.archive(end));
                live.truncate(0);
                freed += size;
            }
        }
        return freed + prune(files, 0);
    }

    /** Removes the oldest archives. An empty one at the end stays: it says how much came before. */
    static long prune(LogFiles files, int keep) throws IOException {
        List<LogFiles.Archive> archives = files.archives();
        long freed = 0;
        int kept = 0;
        for (int i = archives.size() - 1; i >= 0; i--) {
            LogFiles.Archive archive = archives.get(i);
            boolean last = i == archives.size() - 1;
            if (archive.bytes() > 0 && kept < keep) {
                kept++;
            } else if (!last) {
                freed += archive.bytes();
                Files.deleteIfExists(archive.file());
            }
        }
        return freed;
    }
}
