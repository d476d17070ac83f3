package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.EnvFile;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.internal.CommandResolver;
import dev.tetra.tsm.core.internal.Fingerprints;
import dev.tetra.tsm.core.internal.ResolvedCommand;
import dev.tetra.tsm.core.internal.ServiceNames;
import dev.tetra.tsm.core.internal.health.HealthWatch;
import dev.tetra.tsm.ports.AllocationPolicy;
import dev.tetra.tsm.ports.PortLadder;
import dev.tetra.tsm.ports.PortPatterns;
import dev.tetra.tsm.ports.PortRange;
import dev.tetra.tsm.ports.PortRequest;
import dev.tetra.tsm.ports.PortResolution;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.Relation;
import dev.tetra.tsm.ports.RungAnswer;
import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Turns a spec into what will run: words, variables, name and port. Changes nothing. */
final class Planner {
    private final RuntimeDirectory directory;

    Planner(RuntimeDirectory directory) {
        this.directory = directory;
    }

    /**
     * A spec understood.
     *
     * @param base the service's name without its port
     * @param command the words and their interpreter
     * @param fileVariables what the environment file sets
     */
    record Understood(ServiceSpec spec, String base, ResolvedCommand command, Map<String, String> fileVariables) {
        /** What the port ladder is asked. */
        PortRequest portRequest(String owner) {
            PortRequest request =
                    PortRequest.of(base, command.argv()).withOwner(owner).withServesByInterpreter(command.serves());
            if (spec.port().isPresent()) {
                request = request.withFlag(spec.port().get());
            }
            return spec.envFile().isPresent()
                    ? request.withEnvironment(spec.envFile().get().toString(), fileVariables)
                    : request;
        }
    }

    /**
     * Understands a spec.
     *
     * @param inherited the caller's variables
     * @throws ServiceException if its name is not valid or a file that it names is missing
     */
    Understood understand(ServiceSpec spec, Map<String, String> inherited) {
        if (!Files.isDirectory(spec.cwd())) {
            throw new ServiceException(Reason.MISSING_FILE, "no such directory: " + spec.cwd());
        }
        Map<String, String> fileVariables = readEnvFile(spec, inherited);
        ResolvedCommand command =
                CommandResolver.resolve(spec.command(), spec.cwd(), merged(inherited, fileVariables, spec));
        String base = ServiceNames.base(spec.name(), fileVariables, spec.cwd(), spec.command());
        HookScript.check(spec.hooks(), spec.cwd(), directory.hooks());
        checkPortProbes(spec, base);
        return new Understood(spec, base, command, fileVariables);
    }

    private static void checkPortProbes(ServiceSpec spec, String base) {
        boolean ready = spec.ready().isPresent() && spec.ready().get().probe() instanceof Probe.Port;
        boolean alive = spec.liveness().isPresent() && spec.liveness().get().probe() instanceof Probe.Port;
        if ((ready || alive) && spec.port().orElse(null) instanceof PortSpec.None) {
            throw new ServiceException(
                    Reason.INVALID,
                    "service " + base
                            + " is to have no port, and its probe \"port\" would wait for one for ever; give it a"
                            + " port, or another probe");
        }
    }

    private static Map<String, String> readEnvFile(ServiceSpec spec, Map<String, String> inherited) {
        Optional<Path> file = spec.envFile();
        return file.isPresent() ? EnvFile.read(file.get(), inherited).variables() : Map.of();
    }

    /** The ladder as the user's pattern file has it now. */
    PortLadder ladder() {
        return PortLadder.standard(
                PortPatterns.load(directory.patterns()), PortRange.DEFAULT, AllocationPolicy.WHEN_COMMAND_TAKES_PORT);
    }

    /** How the spec is carried out with the port that the ladder found. */
    static Service.Launch launch(Understood understood, PortResolution resolution) {
        List<Service.Rung> rungs = new ArrayList<>();
        for (PortResolution.Step step : resolution.trace()) {
            RungAnswer answer = step.answer();
            rungs.add(new Service.Rung(
                    step.rung(), answer.getClass().getSimpleName().toLowerCase(Locale.ROOT), why(answer)));
        }
        OptionalInt port = resolution.port();
        List<ServicePort> ports = port.isPresent()
                ? List.of(new ServicePort(port.getAsInt(), "tcp", "primary", Relation.BIND, Optional.empty()))
                : List.of();
        boolean refused = resolution.answer() instanceof RungAnswer.Refused;
        return new Service.Launch(
                refused ? understood.command().argv() : resolution.command(),
                understood.command().interpreter(),
                understood.command().type(),
                refused ? ServiceType.PID : resolution.serviceType(),
                ports,
                rungs);
    }

    /** For a spec that never came to be launched. */
    static Service.Launch unlaunched(ServiceSpec spec) {
        return new Service.Launch(
                spec.command(), Optional.empty(), ProcessType.COMMAND, ServiceType.PID, List.of(), List.of());
    }

    private static String why(RungAnswer answer) {
        if (answer instanceof RungAnswer.Found found) {
            return found.why();
        }
        if (answer instanceof RungAnswer.Portless portless) {
            return portless.why();
        }
        if (answer instanceof RungAnswer.Passed passed) {
            return passed.why();
        }
        return ((RungAnswer.Refused) answer).why();
    }

    /** The variables of a process: the caller's, over them the file's, over them the spec's. */
    private static Map<String, String> merged(
            Map<String, String> inherited, Map<String, String> fileVariables, ServiceSpec spec) {
        Map<String, String> merged = new TreeMap<>();
        for (Map.Entry<String, String> variable : inherited.entrySet()) {
            if (!variable.getKey().startsWith("TSM_") && !HealthWatch.NOT_INHERITED.contains(variable.getKey())) {
                merged.put(variable.getKey(), variable.getValue());
            }
        }
        merged.putAll(fileVariables);
        merged.putAll(spec.environment());
        return merged;
    }

    /**
     * What a process is given.
     *
     * @param all its variables
     * @param fingerprints of those that it is given beside the variables of whoever starts it
     */
    record Variables(Map<String, String> all, Map<String, String> fingerprints) {}

    /**
     * The variables of a service's process: {@link #merged}, {@code PORT}, {@code PWD} and {@code TSM_*}.
     *
     * @throws ServiceException if its environment file cannot be read, or its service file, where only that has its variables
     */
    Variables variables(Service service, Map<String, String> inherited) {
        Map<String, String> fileVariables = readEnvFile(service.spec(), inherited);
        ServiceSpec spec = FileVariables.recalled(service, fileVariables, inherited);
        Map<String, String> variables = merged(inherited, fileVariables, spec);
        variables.put("PWD", service.spec().cwd().toString());
        variables.remove("OLDPWD");
        identify(service, variables);
        return new Variables(variables, Fingerprints.of(service.token(), Fingerprints.own(spec, fileVariables)));
    }

    /** Sets the variables that say which service it is; a hook does not change them. */
    void identify(Service service, Map<String, String> variables) {
        if (service.port().isPresent()) {
            String port = Integer.toString(service.port().getAsInt());
            variables.put("PORT", port);
            variables.put("TSM_PORT", port);
        }
        variables.put("TSM_ID", service.token());
        variables.put("TSM_NAME", service.name());
        variables.put("TSM_DIR", directory.service(service.name()).toString());
    }

    /** The names that the environment file and the spec set. */
    static List<String> names(Understood understood) {
        TreeMap<String, String> set = new TreeMap<>(understood.fileVariables());
        set.putAll(understood.spec().environment());
        return List.copyOf(set.keySet());
    }
}
