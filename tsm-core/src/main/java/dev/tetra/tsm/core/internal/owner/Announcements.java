package dev.tetra.tsm.core.internal.owner;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What wrappers tell all owners to come through a fifo (fifo(7)) in the runtime directory: the names of services whose process
 * has ended, a line each, written after the exit status. A line is a hint to look and nothing more; one that is lost costs
 * time, no truth. Each is told on a thread of this class.
 */
final class Announcements implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private static final long MADE_SECONDS = 5;

    /** No name is longer than a file name can be. */
    private static final int LONGEST_LINE = 256;

    private final @Nullable RandomAccessFile fifo;
    private final Thread thread;
    private volatile boolean closed;

    /** Opens the fifo, which is made if it is not there. */
    Announcements(Path path, Consumer<String> hear) {
        RandomAccessFile opened = null;
        try {
            make(path);
            // For both ways: it never ends while nobody writes, and a word of our own ends the reading.
            opened = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException unheard) {
            LOG.log(System.Logger.Level.WARNING, "ends are noticed a little later: " + unheard.getMessage());
        }
        this.fifo = opened;
        this.thread = new Thread(() -> read(hear), "tsm-announcements");
        thread.setDaemon(true);
        if (opened != null) {
            thread.start();
        }
    }

    /** Whether there is anything to hear. */
    boolean isOpen() {
        return fifo != null;
    }

    private static void make(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (isFifo(path)) {
                return;
            }
            Files.delete(path);
        }
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = mkfifo.inputReader(StandardCharsets.UTF_8)) {
            String problem = said.readLine();
            if (!mkfifo.waitFor(MADE_SECONDS, TimeUnit.SECONDS) || mkfifo.exitValue() != 0) {
                throw new IOException(problem == null ? "mkfifo failed" : problem);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + path + " was made", stopped);
        }
    }

    /** Whether there is a fifo of that name. */
    static boolean isFifo(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException none) {
            return false;
        }
    }

    private void read(Consumer<String> hear) {
        RandomAccessFile open = fifo;
        if (open == null) {
            return;
        }
        byte[] bytes = new byte[4096];
        StringBuilder line = new StringBuilder();
        try (FileInputStream stream = new FileInputStream(open.getFD())) {
            for (int count = stream.read(bytes); count > 0 && !closed; count = stream.read(bytes)) {
                for (int i = 0; i < count; i++) {
                    if (bytes[i] == '\n') {
                        tell(line.toString(), hear);
                        line.setLength(0);
                    } else if (line.length() < LONGEST_LINE) {
                        line.append((char) (bytes[i] & 0xff));
                    }
                }
            }
        } catch (IOException broken) {
            LOG.log(System.Logger.Level.WARNING, "ends are noticed a little later: " + broken.getMessage());
        }
    }

    private static void tell(String name, Consumer<String> hear) {
        try {
            if (!name.isEmpty()) {
                hear.accept(name);
            }
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "the end of " + name + " is noticed a little later", failed);
        }
    }

    @Override
    public void close() {
        closed = true;
        RandomAccessFile open = fifo;
        if (open == null) {
            return;
        }
        try {
            open.write('\n');
            thread.join(TimeUnit.SECONDS.toMillis(MADE_SECONDS));
            open.close();
        } catch (IOException alreadyClosed) {
            LOG.log(System.Logger.Level.DEBUG, alreadyClosed.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
