package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One of those that are compared: brought up in a folder of its own, with programs that do not run yet. <em>For one thread at
 * a time.</em>
 */
interface Supervisor extends AutoCloseable {
    /** Brings one up. */
    interface Opener {
        /**
         * @param home an empty folder
         * @param commands whose state is in that folder
         */
        Supervisor open(Path home, Commands commands, List<Program> programs) throws IOException;
    }

    /**
     * Starts all programs, by one command where there is one; returns when the supervisor says that they run.
     *
     * @return nanoseconds that this took
     */
    long start() throws IOException;

    /**
     * Stops all programs; returns when the supervisor says that they are gone.
     *
     * @return nanoseconds that this took
     */
    long stop() throws IOException;

    /** After a stop: makes the next start like the first one, where that is another thing than a later one. */
    void forget() throws IOException;

    /** The processes that there are once, however many programs. */
    List<Long> managers() throws IOException;

    /** The processes that there are for each program that runs, not counting its own. */
    List<Long> attendants() throws IOException;

    /** Where the output of a program is kept: what is written to now last, older files before, oldest first. */
    List<Path> log(Program program) throws IOException;

    /** Ends the programs and the supervisor. */
    @Override
    void close() throws IOException;

    /** Closes; what goes wrong is said, and hides no other failure. What is left then, {@link Scratch} ends. */
    default void end() {
        try {
            close();
        } catch (IOException unclean) {
            System.err.println(unclean.getMessage());
        }
    }
}
