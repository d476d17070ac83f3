package dev.tetra.tsm.core.internal;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;

/**
 * By what a process is known to come from a service once it has left its tree, group and session. <em>Immutable.</em>
 *
 * @param token the value of {@code TSM_ID} in its environment; empty for none
 * @param logs how the paths of the service's logs begin, one of which is its standard output or error; empty for none
 */
public record Mark(String token, String logs) {
    public Mark {
        requireNonNull(token, "token");
        requireNonNull(logs, "logs");
    }

    /** By its environment alone. */
    public static Mark token(String token) {
        return new Mark(token, "");
    }

    /** By its environment, or by the logs of that service, which a process that has cleared its environment still writes. */
    public static Mark of(String token, ServiceDirectory files) {
        Path directory = files.path();
        try {
            // The kernel names files by the path without links.
            directory = directory.toRealPath();
        } catch (IOException absent) {
            return token(token);
        }
        return new Mark(token, directory + "/current.");
    }
}
