package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Who takes part. <em>Immutable.</em>
 *
 * @param name as in the tables
 */
record Contender(String name, Supervisor.Opener opener) {
    /** Our command's name in the tables. */
    static final String TSM = "tsm";

    /** Brings one up in a new folder. */
    Supervisor open(Scratch scratch, List<Program> programs) throws IOException {
        Path home = scratch.home(name.replace(' ', '-'));
        return opener.open(home, scratch.commands(home), programs);
    }
}
