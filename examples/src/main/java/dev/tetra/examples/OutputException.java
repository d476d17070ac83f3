package dev.tetra.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard output takes no more. */
final class OutputException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    private final IOException refusal;

    OutputException(IOException refusal) {
        super(refusal);
        this.refusal = refusal;
    }

    /** Why, in the words of the system. */
    String reason() {
        return String.valueOf(refusal.getMessage());
    }

    /** Whether the reader went away, as {@code head} does, which is no failure. */
    boolean isReaderGone() {
        return reason().contains("Broken pipe") || isPipe();
    }

    /** The message is in the language of the user; what standard output is, is not. */
    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
