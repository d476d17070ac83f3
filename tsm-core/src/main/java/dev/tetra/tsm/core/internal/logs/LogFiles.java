package dev.tetra.tsm.core.internal.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one stream of a service. Every byte that it ever wrote has an offset, counted from the first one; an archive
 * is named after the offset of its first byte, so that {@code cat current.out.0* current.out} is all that is kept, in order.
 * <em>Immutable.</em>
 *
 * <pre>
 * current.out                      what the service appends to
 * current.out.0000000000000000     an archive; an empty one says only how much came before
 * current.out.index                when what was written, see {@link LogIndex}
 * .current.out.0000000000000000.part   an archive that is not whole yet
 * </pre>
 *
 * @param directory the service's directory
 * @param name the name of the file that the service appends to
 */
public record LogFiles(Path directory, String name) {
    private static final int DIGITS = 16;
    private static final int MOST_DIGITS = 18;
    private static final String PART = ".part";

    /**
     * A piece that was cut off.
     *
     * @param file where it is
     * @param start the offset of its first byte
     * @param bytes its size
     */
    public record Archive(Path file, long start, long bytes) {
        /** The offset behind its last byte. */
        public long end() {
            return start + bytes;
        }
    }

    /** What the service appends to. */
    public Path live() {
        return directory.resolve(name);
    }

    /** When what was written. */
    public Path index() {
        return directory.resolve(name + ".index");
    }

    /** The archive that begins there. */
    public Path archive(long start) {
        return directory.resolve(name + "." + digits(start));
    }

    /** The archive that begins there while it is being written. */
    Path part(long start) {
        return directory.resolve("." + name + "." + digits(start) + PART);
    }

    private static String digits(long start) {
        String digits = Long.toString(start);
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    /** The archives, oldest first; none where there is no directory. */
    public List<Archive> archives() throws IOException {
        return list(name + ".", "");
    }

    /** Archives that are not whole, or not known to be. */
    List<Archive> parts() throws IOException {
        return list("." + name + ".", PART);
    }

    /**
     * Archives and parts, by where they begin, the longest of a place last; one that gets its name meanwhile may be there
     * twice.
     *
     * <p>The parts are listed first, and that is what counts: a part can become an archive at any moment, never an archive a
     * part. One that is not among the parts any more has its new name before the archives are listed. The other way round
     * it could be an archive too late for the one list and no part any more for the other, and seem to be nowhere.
     */
    List<Archive> pieces() throws IOException {
        List<Archive> parts = parts();
        List<Archive> pieces = archives();
        for (Archive part : parts) {
            insert(pieces, part);
        }
        return pieces;
    }

    /** The offset behind the last archive: 0 without one. */
    long archivedEnd() throws IOException {
        long highest = highestStart();
        if (highest < 0) {
            return 0;
        }
        try {
            return highest + Files.size(archive(highest));
        } catch (NoSuchFileException removed) {
            // Newer ones came meanwhile, and it was one too many.
            List<Archive> now = archives();
            return now.isEmpty() ? 0 : now.get(now.size() - 1).end();
        }
    }

    private long highestStart() throws IOException {
        long highest = -1;
        for (String file : names()) {
            highest = Math.max(highest, start(file, name + ".", ""));
        }
        return highest;
    }

    /** Whether what ends at that offset was archived, wholly, or is about to be. */
    boolean isArchivedUpTo(long end) throws IOException {
        return endingAt(pieces(), end) != null;
    }

    static @Nullable Archive endingAt(List<Archive> archives, long end) {
        for (Archive archive : archives) {
            if (archive.end() == end) {
                return archive;
            }
        }
        return null;
    }

    private List<Archive> list(String prefix, String suffix) throws IOException {
        List<Archive> found = new ArrayList<>();
        for (String file : names()) {
            long start = start(file, prefix, suffix);
            if (start >= 0) {
                Path path = directory.resolve(file);
                try {
                    insert(found, new Archive(path, start, Files.size(path)));
                } catch (NoSuchFileException removed) {
                    // Or a part that got its name: it is not what the list is about, and not an empty one.
                }
            }
        }
        return found;
    }

    /** What is in the directory; nothing where there is none. Offsets must not begin anew because it could not be listed. */
    private String[] names() throws IOException {
        String[] names = directory.toFile().list();
        if (names == null) {
            if (Files.isDirectory(directory)) {
                throw new IOException("the directory " + directory + " cannot be listed, so nobody knows where " + name
                        + " begins; see to it that it can be read, and try again");
            }
            return new String[0];
        }
        return names;
    }

    /** Few enough that sorting while inserting is fine. */
    private static void insert(List<Archive> found, Archive archive) {
        int at = found.size();
        while (at > 0 && isAfter(found.get(at - 1), archive)) {
            at--;
        }
        found.add(at, archive);
    }

    private static boolean isAfter(Archive one, Archive other) {
        return one.start() > other.start() || (one.start() == other.start() && one.bytes() > other.bytes());
    }

    /** The offset in an archive's name; -1 if it is none. */
    private static long start(String file, String prefix, String suffix) {
        int digits = file.length() - prefix.length() - suffix.length();
        if (digits < DIGITS || digits > MOST_DIGITS || !file.startsWith(prefix) || !file.endsWith(suffix)) {
            return -1;
        }
        long start = 0;
        for (int i = prefix.length(); i < prefix.length() + digits; i++) {
            char c = file.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            start = 10 * start + (c - '0');
        }
        return start;
    }
}
