package dev.tetra.tsm.core.internal.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Paths of sockets that a program can bind or connect to by itself. The kernel takes 108 bytes (unix(7)), other systems and
 * some languages a few less. Where the directory of the sockets is too long, they are reached through a symbolic link to it in
 * a folder of this user's own below {@code /tmp}, named by a hash of the directory and the user, so that every owner finds the
 * same one. A folder of that name which somebody else made, or which others may enter, is passed over for the next name.
 * <em>Safe for use by many threads.</em>
 */
public final class ShortPaths {
    /** No longer path is handed to the kernel, in bytes. */
    static final int LONGEST = 100;

    /** With the folder before it, a file of that many bytes still fits. */
    private static final int LONGEST_NAME = 64;

    private static final int KEPT_OF_A_LONG_NAME = 24;
    private static final int TRIES = 8;
    private static final int HASH_BYTES = 8;
    private static final Path TEMPORARY = Path.of("/tmp");
    private static final String LINK = "s";
    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final UserPrincipal user;
    private final Path temporary;
    private final String name;

    /**
     * @param directory where the sockets are, or a directory above it
     * @param user who this process is
     */
    public ShortPaths(Path directory, UserPrincipal user) {
        this(directory, user, TEMPORARY);
    }

    /** The same with another place than {@code /tmp}. */
    ShortPaths(Path directory, UserPrincipal user, Path temporary) {
        this.directory = directory.toAbsolutePath().normalize();
        this.user = user;
        this.temporary = temporary;
        this.name = "tsm-" + hash(this.directory + "\n" + user.getName());
    }

    /**
     * A file name of at most 64 bytes: the two texts, or for a long name its beginning, {@code ~} and a hash. No service is
     * called so, since {@code ~} is in no service's name.
     *
     * @param ending at most 20 bytes, such as {@code .sock}
     */
    public static String fileName(String name, String ending) {
        if (length(name + ending) <= LONGEST_NAME) {
            return name + ending;
        }
        int end = Math.min(name.length(), KEPT_OF_A_LONG_NAME);
        while (length(name.substring(0, end)) > KEPT_OF_A_LONG_NAME) {
            end--;
        }
        return name.substring(0, end) + "~" + hash(name) + ending;
    }

    /** Whether the kernel takes it as it is. */
    static boolean fits(Path path) {
        return length(path.toString()) <= LONGEST;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it (MessageDigest).
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * A path of at most 100 bytes to that socket: itself if it fits, else one through the folder, which is made when it is not
     * there. Ask again for each launch: whoever cleans {@code /tmp} may have removed it.
     *
     * @param socket a path below the directory; nothing need be there
     * @throws IOException if the folder cannot be made, or the path is too long even so
     */
    public synchronized Path reachable(Path socket) throws IOException {
        Path absolute = socket.toAbsolutePath().normalize();
        if (!absolute.startsWith(directory)) {
            throw new IllegalArgumentException(socket + " is not below " + directory);
        }
        if (fits(absolute)) {
            return absolute;
        }
        Path reachable = folder().resolve(LINK).resolve(directory.relativize(absolute));
        if (!fits(reachable)) {
            throw new IOException("a socket cannot be at " + socket + ": the path is too long even by way of "
                    + reachable + "; give it a shorter name");
        }
        return reachable;
    }

    /** Our folder with its link. */
    private Path folder() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Path folder = candidate(i);
            try {
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
            } catch (FileAlreadyExistsException there) {
                if (!isOurs(folder)) {
                    continue;
                }
            }
            link(folder);
            return folder;
        }
        throw new IOException("the path of a socket in " + directory + " is too long, and " + candidate(0) + " to "
                + candidate(TRIES - 1).getFileName()
                + ", which would make it shorter, are not this user's own; remove them");
    }

    private Path candidate(int i) {
        return temporary.resolve(i == 0 ? name : name + "-" + i);
    }

    /** Whether nobody but this user and root can have put anything there. */
    private boolean isOurs(Path folder) throws IOException {
        try {
            PosixFileAttributes there =
                    Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean trusted =
                    there.owner().equals(user) || there.owner().getName().equals("root");
            return trusted && there.isDirectory() && there.permissions().equals(OURS_ALONE);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private void link(Path folder) throws IOException {
        if (leadsHere(folder)) {
            return;
        }
        Path fresh = folder.resolve(LINK + ".new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, directory);
        Files.move(fresh, folder.resolve(LINK), StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean leadsHere(Path folder) throws IOException {
        try {
            return Files.readSymbolicLink(folder.resolve(LINK)).equals(directory);
        } catch (NoSuchFileException | NotLinkException other) {
            return false;
        }
    }

    /** Removes our folder, if there is one; for when nobody uses such a path any more. */
    public synchronized void remove() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Path folder = candidate(i);
            if (isOurs(folder) && leadsHere(folder)) {
                Files.deleteIfExists(folder.resolve(LINK));
                try {
                    Files.deleteIfExists(folder);
                } catch (DirectoryNotEmptyException used) {
                    // What else is in it is not ours to judge.
                    return;
                }
            }
        }
    }
}
