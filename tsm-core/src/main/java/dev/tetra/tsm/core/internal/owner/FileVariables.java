package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import dev.tetra.tsm.core.internal.Fingerprints;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The variables under {@code environment} of a service file, for an owner that did not start the service: no value is in
 * meta.json, so that they are read again from the file that the service came from.
 */
final class FileVariables {
    private FileVariables() {}

    /**
     * A service's spec with its variables: as it is where they are known or there were none, else with those that its service
     * file has for it now.
     *
     * @param envVariables what its environment file sets now
     * @param inherited what a {@code .tsm} file may refer to
     * @throws ServiceException if the service was started with a variable that only the service file can know, and the file
     *     cannot be read or has no such service
     */
    static ServiceSpec recalled(Service service, Map<String, String> envVariables, Map<String, String> inherited) {
        ServiceSpec spec = service.spec();
        if (spec.file().isEmpty() || !spec.environment().isEmpty()) {
            return spec;
        }
        Fingerprints.Difference own =
                Fingerprints.difference(Fingerprints.of(service.token(), envVariables), service.variables());
        if (own.added().isEmpty() && own.changed().isEmpty()) {
            return spec;
        }
        try {
            Map<String, String> environment =
                    inFile(spec.file().get(), service, inherited).environment();
            return spec.with().environment(environment).build();
        } catch (ServiceException unreadable) {
            if (own.added().isEmpty()) {
                return spec; // a value of the environment file has changed, and nothing else is known to be missing
            }
            throw new ServiceException(
                    unreadable.reason(),
                    "service " + service.name() + " was started with " + String.join(", ", own.added())
                            + ", known to its service file alone: " + unreadable.getMessage(),
                    unreadable.details());
        }
    }

    private static ServiceSpec inFile(Path file, Service service, Map<String, String> inherited) {
        for (ServiceSpec spec : ServiceFile.read(file, inherited).services()) {
            if (SpecDiff.counterpart(spec, List.of(service)).isPresent()) {
                return spec;
            }
        }
        throw new ServiceException(
                ServiceException.Reason.NOT_FOUND,
                file + " has no service " + service.baseName()
                        + " any more; bring it up from another file, or delete it");
    }
}
