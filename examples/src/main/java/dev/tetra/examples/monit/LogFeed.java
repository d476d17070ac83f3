package dev.tetra.examples.monit;

import dev.tetra.examples.text.LogText;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.ServiceLogs;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows the log of one service at a time on a thread of its own and keeps the last lines of it. It reads as fast as the
 * service writes, and waits for nobody. <em>Safe for use by many threads.</em>
 */
final class LogFeed implements AutoCloseable {
    /** How many lines are kept. */
    private static final int MOST_LINES = 2000;

    /** How many of the lines that are there are read to begin with, of each file. */
    private static final int FIRST_LINES = 1000;

    /** How much of a line is kept: some screens full. */
    private static final int LONGEST_LINE = 4000;

    private static final long PAUSE_MILLIS = 1000;

    private final Runnable onNews;
    private final Function<Throwable, String> sentence;
    private final Thread thread = new Thread(this::run, "tsm-monit-log");

    // Guarded by this.
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private String service = "";
    private String token = "";
    private @Nullable ServiceLogs logs;
    private long total;
    /** Whether all that was there to begin with was read. */
    private boolean read;
    /** Whether somebody was told since {@link #log()} was asked last. */
    private boolean told;
    /** Counts the services that were followed. */
    private volatile int turn;

    private volatile boolean closed;

    /**
     * @param onNews called, on any thread, when {@link #log()} has changed since it was asked last
     * @param sentence says what a failure is for people
     */
    LogFeed(Runnable onNews, Function<Throwable, String> sentence) {
        this.onNews = onNews;
        this.sentence = sentence;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Follows that service from now on; the one that is followed already goes on.
     *
     * @param newToken tells it from another of the same name
     * @param newLogs null for nobody
     */
    synchronized void follow(String name, String newToken, @Nullable ServiceLogs newLogs) {
        if (name.equals(service) && newToken.equals(token)) {
            return;
        }
        service = name;
        token = newToken;
        logs = newLogs;
        turn++;
        lines.clear();
        total = 0;
        read = false;
        thread.interrupt();
        notifyAll();
        if (newLogs == null) {
            tell();
        }
    }

    /** What is there now. */
    synchronized Log log() {
        told = false;
        return new Log(service, total, new ArrayList<>(lines), read);
    }

    private void run() {
        int mine = -1;
        while (!closed) {
            try {
                ServiceLogs next;
                synchronized (this) {
                    while (turn == mine || logs == null) {
                        wait();
                    }
                    mine = turn;
                    // The one that asked for this turn has done its work; it is not to end the turn as well.
                    Thread.interrupted();
                    next = logs;
                }
                follow(next, mine);
            } catch (InterruptedException another) {
                // Another service is followed now, or nobody any more.
            }
        }
    }

    private void follow(ServiceLogs next, int mine) throws InterruptedException {
        int first = FIRST_LINES;
        while (turn == mine && !closed) {
            try {
                next.follow(first, line -> add(line, mine), new Look(mine));
                return;
            } catch (ClosedByInterruptException another) {
                return;
            } catch (IOException | RuntimeException failed) {
                first = 0;
                add(new LogLine("", LogLine.Stream.WRAPPER, "tsm: " + sentence.apply(failed)), mine);
                wasRead(mine);
                synchronized (this) {
                    wait(PAUSE_MILLIS);
                }
            }
        }
    }

    private synchronized void add(LogLine line, int mine) {
        if (turn != mine || LogText.isNoise(line)) {
            return;
        }
        String text = line.text().length() > LONGEST_LINE ? line.text().substring(0, LONGEST_LINE) + "…" : line.text();
        lines.addLast(new LogLine(line.service(), line.stream(), Harmless.text(text)));
        total++;
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
        tell();
    }

    /** Asked before each look at the files, so that the second time says that the first look is over. */
    private final class Look implements BooleanSupplier {
        private final int mine;
        private int looks;

        Look(int mine) {
            this.mine = mine;
        }

        @Override
        public boolean getAsBoolean() {
            if (++looks == 2) {
                wasRead(mine);
            }
            return turn != mine || closed;
        }
    }

    private synchronized void wasRead(int mine) {
        if (turn == mine && !read) {
            read = true;
            tell();
        }
    }

    private void tell() {
        if (!told) {
            told = true;
            onNews.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
