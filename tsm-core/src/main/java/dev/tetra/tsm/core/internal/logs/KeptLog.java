package dev.tetra.tsm.core.internal.logs;

import dev.tetra.tsm.core.LogPolicy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is remembered of one log between two rounds. <em>For one thread at a time.</em> */
final class KeptLog {
    /** How long after a failure the next try comes. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** What is left on a disk for others. */
    private static final long SPARE_BYTES = 1 << 20;

    private final LogFiles files;
    private final Collapse collapse;
    private final LogCut cut;
    private @Nullable LogLayout layout;
    private long size;
    private @Nullable Object key;
    private @Nullable Instant born;
    private @Nullable LogIndexWriter index;
    private Instant nextIndex = Instant.MIN;
    private Instant nextCut = Instant.MIN;
    /** Whether a cut may have been left half done, by another owner or by a failure. */
    private boolean unfinished = true;
    /** Whether it can be cut by a rename only. */
    private boolean waitsForLaunch;

    /** Trouble is told of once, until something works again. */
    private boolean toldOfCut;

    private boolean toldOfIndex;
    private boolean toldOfLaunch;
    private long block;

    KeptLog(LogFiles files, Collapse collapse) {
        this.files = files;
        this.collapse = collapse;
        this.cut = new LogCut(collapse);
    }

    /** What is worth an event. */
    interface Report {
        void say(String text, boolean trouble);
    }

    /** How the look at a log is taken. */
    record Look(Instant now, boolean directoryChanged, boolean missed, boolean fresh) {}

    /** Looks at the log, and notes how long it is. @return false if there is none */
    boolean look(Look look, Report report) throws IOException {
        BasicFileAttributes file;
        try {
            file = Files.readAttributes(files.live(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException none) {
            layout = null;
            return false;
        }
        if (!file.isRegularFile()) {
            return false;
        }
        boolean same = file.fileKey() != null && file.fileKey().equals(key);
        LogLayout where = layout;
        if (where == null || look.directoryChanged() || !same || file.size() < size) {
            where = place();
        }
        key = file.fileKey();
        size = file.size();
        if (size == 0) {
            born = null;
        } else if (born == null) {
            born = birth(where, look.now());
        }
        note(look, where, report);
        return true;
    }

    private LogLayout place() throws IOException {
        try (FileChannel live = FileChannel.open(files.live())) {
            LogLayout found = LogLayout.of(files, live);
            layout = found;
            return found;
        }
    }

    /** When its first line was written: no later than noted, and after the last cut. */
    private Instant birth(LogLayout where, Instant now) throws IOException {
        Instant noted = now;
        try {
            noted = LogIndex.read(files.index()).time(where.start()).orElse(now);
        } catch (IOException damaged) {
            // Then it counts from now on.
        }
        List<LogFiles.Archive> archives = files.archives();
        if (archives.isEmpty()) {
            return noted;
        }
        Instant lastCut = Files.getLastModifiedTime(
                        archives.get(archives.size() - 1).file())
                .toInstant();
        return noted.isAfter(lastCut) ? noted : lastCut;
    }

    private void note(Look look, LogLayout where, Report report) {
        if (look.now().isBefore(nextIndex)) {
            return;
        }
        try {
            LogIndexWriter writer = index;
            if (writer == null) {
                writer = LogIndexWriter.open(files.index(), look.fresh() && where.base() == 0);
                index = writer;
            }
            if (look.missed()) {
                writer.missed();
            }
            writer.note(look.now().getEpochSecond(), where.base() + size, where.start());
            toldOfIndex = false;
        } catch (IOException failed) {
            index = null;
            nextIndex = look.now().plus(PAUSE);
            if (!toldOfIndex) {
                report.say("the times of " + files.name() + " are not noted: " + why(failed), true);
            }
            toldOfIndex = true;
        }
    }

    /** Whether it is large or old enough to be cut. */
    private boolean isDue(LogPolicy policy, Instant now) {
        boolean large = policy.maxBytes() > 0 && size >= policy.maxBytes();
        boolean old = !policy.maxAge().isZero() && born != null && !now.isBefore(born.plus(policy.maxAge()));
        return size > 0 && (large || old);
    }

    /** Cuts it while the service writes, if it is time. */
    void cut(LogPolicy policy, Instant now, Report report) throws IOException {
        if (now.isBefore(nextCut) || waitsForLaunch) {
            return;
        }
        try {
            unfinished = unfinished && !LogCut.isWhole(files);
            if (!unfinished && !isDue(policy, now)) {
                return;
            }
            if (unfinished) {
                // How large it is afterwards, the next round sees.
                finish();
            } else {
                cutNow(policy, now, report);
            }
        } catch (NoSuchFileException deleted) {
            // The service is gone, or about to be.
        } catch (IOException failed) {
            unfinished = true;
            nextCut = now.plus(PAUSE);
            complain(files.name() + " is not cut: " + why(failed) + "; it is tried again every minute", report);
        }
    }

    private void finish() throws IOException {
        Optional<LogLock> lock = LogLock.tryTake(files.directory());
        if (lock.isPresent()) {
            try (LogLock held = lock.get()) {
                cut.finish(files, held);
                unfinished = false;
                layout = null;
            }
        }
    }

    private void cutNow(LogPolicy policy, Instant now, Report report) throws IOException {
        if (block == 0) {
            block = Collapse.blockSize(files.directory());
        }
        if (size <= block) {
            return;
        }
        Optional<String> whyNot = collapse.whyNot(files.directory());
        if (whyNot.isPresent()) {
            waitsForLaunch = true;
            if (!toldOfLaunch) {
                report.say(
                        files.name() + " is cut when the service is started anew, not before: " + whyNot.get(), true);
            }
            toldOfLaunch = true;
            return;
        }
        long free = Files.getFileStore(files.directory()).getUsableSpace();
        if (policy.keep() > 0 && free < size + SPARE_BYTES) {
            throw new IOException("the disk has " + free + " bytes left, and the archive needs " + size);
        }
        Optional<LogLock> lock = LogLock.tryTake(files.directory());
        if (lock.isEmpty()) {
            return;
        }
        try (LogLock held = lock.get()) {
            Optional<LogFiles.Archive> archive = cut.collapse(files, policy.keep(), held);
            if (archive.isPresent()) {
                done(archive.get(), policy, now, report);
            }
        }
    }

    /** Makes an archive of it, where that was not possible while the service ran. For a service that does not run. */
    void beforeLaunch(LogPolicy policy, Instant now, Report report) throws IOException {
        if (!isDue(policy, now) || collapse.whyNot(files.directory()).isEmpty()) {
            return;
        }
        Optional<LogLock> lock = LogLock.tryTake(files.directory());
        if (lock.isEmpty()) {
            return;
        }
        try (LogLock held = lock.get()) {
            Optional<LogFiles.Archive> archive = cut.rename(files, policy.keep(), held);
            if (archive.isPresent()) {
                done(archive.get(), policy, now, report);
            }
        }
        waitsForLaunch = false;
    }

    private void done(LogFiles.Archive archive, LogPolicy policy, Instant now, Report report) throws IOException {
        layout = null;
        born = now;
        toldOfCut = false;
        report.say(
                policy.keep() == 0
                        ? files.name() + " was cut at offset " + archive.end() + ", and no archive is kept"
                        : files.name() + " was cut: " + archive.bytes() + " bytes are in "
                                + archive.file().getFileName(),
                false);
        if (LogCut.prune(files, policy.keep()) > 0 && index != null) {
            List<LogFiles.Archive> archives = files.archives();
            index.forgetBefore(archives.get(0).start());
        }
    }

    /** The JDK's exceptions about files often say nothing but the path. */
    private static String why(IOException failed) {
        return failed instanceof FileSystemException file && file.getReason() == null
                ? file.getFile() + ": " + file.getClass().getSimpleName().replace("Exception", "")
                : String.valueOf(failed.getMessage());
    }

    private void complain(String what, Report report) {
        if (!toldOfCut) {
            report.say(what, true);
        }
        toldOfCut = true;
    }
}
