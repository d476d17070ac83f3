package dev.tetra.tsm.ports;

/**
 * What is wrong with a line of a patterns file, or with the file. <em>Immutable.</em>
 *
 * @param file the file
 * @param line the line's number from 1; 0 if the whole file could not be read
 * @param message what is wrong and what to do, in one sentence
 */
public record PatternProblem(String file, int line, String message) {

    /** {@code file:line: message}, or {@code file: message} for the whole file. */
    @Override
    public String toString() {
        return file + (line == 0 ? ": " : ":" + line + ": ") + message;
    }
}
