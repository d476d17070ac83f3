package dev.tetra.tsm.core.spi;

import dev.tetra.tsm.core.Service;
import java.util.Map;

/**
 * Code of a host that runs around each service. Found by {@link java.util.ServiceLoader} when a host becomes the owner of a
 * runtime directory; needs a public constructor without parameters. Methods are called on threads of the owner, for many
 * services at once; one that takes longer than a minute is interrupted and counts as failed.
 */
public interface ServiceHook {
    /**
     * Before a process of the service is launched, after the scripts that do the same.
     *
     * @param variables what the process will have; may be changed, but for {@code PORT} and {@code TSM_*}
     * @throws Exception fails the start, with its message
     */
    @SuppressWarnings("UnusedVariable")
    default void beforeStart(Service service, Map<String, String> variables) throws Exception {}

    /** After a process of the service serves. @throws Exception is logged */
    @SuppressWarnings("UnusedVariable")
    default void afterStart(Service service) throws Exception {}

    /** After a process of the service is gone, however it ended. @throws Exception is logged */
    @SuppressWarnings("UnusedVariable")
    default void afterStop(Service service) throws Exception {}
}
