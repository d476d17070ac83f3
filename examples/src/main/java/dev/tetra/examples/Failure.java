package dev.tetra.examples;

import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.ServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/**
 * What the user is told when it does not work. <em>Immutable.</em>
 *
 * @param exitCode the command's exit code
 * @param reason one word for programs
 * @param message one sentence for people
 * @param details lines below it
 */
record Failure(int exitCode, String reason, String message, List<String> details) {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int NOT_FOUND = 2;
    static final int USAGE = 64;

    /** What to say of an exception. */
    static Failure of(Throwable thrown) {
        if (thrown instanceof UsageException) {
            return new Failure(USAGE, "usage", String.valueOf(thrown.getMessage()), List.of());
        }
        if (thrown instanceof ServiceException refusal) {
            return new Failure(
                    exitCode(refusal.reason()),
                    refusal.reason().text(),
                    String.valueOf(refusal.getMessage()),
                    refusal.details());
        }
        if (thrown instanceof OwnerFailedException owner) {
            return new Failure(FAILED, "io", String.valueOf(owner.getMessage()), owner.details());
        }
        if (thrown instanceof UncheckedIOException && thrown.getCause() instanceof IOException failed) {
            return new Failure(FAILED, "io", sentence(failed), List.of());
        }
        if (thrown instanceof IOException failed) {
            return new Failure(FAILED, "io", sentence(failed), List.of());
        }
        return new Failure(
                FAILED,
                "internal",
                "this is a defect of tsm: " + oneLine(thrown.toString()) + "; TSM_DEBUG=1 shows where",
                List.of());
    }

    private static int exitCode(ServiceException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> NOT_FOUND;
            case INVALID, AMBIGUOUS -> USAGE;
            default -> FAILED;
        };
    }

    /** The JDK's exceptions about files often say nothing but the path. */
    private static String sentence(IOException failed) {
        if (failed instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (failed instanceof AccessDeniedException denied) {
            return denied.getFile() + " may not be read or written by this user";
        }
        if (failed instanceof FileAlreadyExistsException there) {
            return there.getFile() + " exists already";
        }
        if (failed instanceof NotDirectoryException file) {
            return file.getFile() + " is not a directory";
        }
        if (failed instanceof FileSystemException other && other.getReason() != null) {
            return other.getFile() + ": " + other.getReason();
        }
        String message = failed.getMessage();
        return message == null ? "input or output failed: " + failed.getClass().getSimpleName() : oneLine(message);
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }
}
