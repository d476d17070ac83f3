package dev.tetra.examples;

import dev.tetra.tsm.core.EnvFile;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Services as the specs of a file. The value of a variable is known where the service's own service file has it in the clear
 * and the service was started with it; of all others there is the name alone. <em>For one thread at a time.</em>
 */
final class FiledSpecs {
    private final Console console;
    private final List<Service> all;
    private final Map<Path, Optional<ServiceFile>> files = new HashMap<>();

    /** @param all the services of the runtime directory */
    FiledSpecs(List<Service> all, Console console) {
        this.all = all;
        this.console = console;
    }

    /** The spec of a service, with a name that no other service has: without its port, unless others are called so too. */
    ServiceSpec spec(Service service) {
        boolean only = true;
        for (Service other : all) {
            only &= other.name().equals(service.name()) || !other.baseName().equals(service.baseName());
        }
        return service.spec()
                .with()
                .name(only ? service.baseName() : service.name())
                .environment(known(service))
                .build();
    }

    /** Its variables with values. */
    private Map<String, String> known(Service service) {
        Map<String, String> given = given(service);
        Map<String, String> variables = new TreeMap<>(envFile(service));
        variables.putAll(given);
        List<String> unknown = SpecDiff.setByHand(service, variables);
        Map<String, String> known = new TreeMap<>();
        for (Map.Entry<String, String> variable : given.entrySet()) {
            String name = variable.getKey();
            if (service.variables().containsKey(name) && !unknown.contains(name)) {
                known.put(name, variable.getValue());
            }
        }
        return known;
    }

    /** The names of the variables that a service was started with and whose values neither its files nor a spec has. */
    List<String> byHand(Service service, ServiceSpec spec) {
        Map<String, String> variables = new TreeMap<>(envFile(service));
        variables.putAll(spec.environment());
        return SpecDiff.setByHand(service, variables);
    }

    private Map<String, String> envFile(Service service) {
        Optional<Path> file = service.spec().envFile();
        try {
            return file.isPresent()
                    ? EnvFile.read(file.get(), console.caller().environment()).variables()
                    : Map.of();
        } catch (ServiceException unreadable) {
            return Map.of();
        }
    }

    /** What a service's service file has for it now. */
    private Map<String, String> given(Service service) {
        Optional<Path> path = service.spec().file();
        Optional<ServiceFile> file = path.isPresent() ? read(path.get()) : Optional.empty();
        if (file.isPresent()) {
            for (ServiceSpec spec : file.get().services()) {
                if (SpecDiff.counterpart(spec, List.of(service)).isPresent()) {
                    return spec.environment();
                }
            }
        }
        return Map.of();
    }

    private Optional<ServiceFile> read(Path path) {
        Optional<ServiceFile> known = files.get(path);
        if (known == null) {
            try {
                known = Optional.of(ServiceFile.read(path, console.caller().environment()));
            } catch (ServiceException unreadable) {
                known = Optional.empty();
            }
            files.put(path, known);
        }
        return known;
    }
}
