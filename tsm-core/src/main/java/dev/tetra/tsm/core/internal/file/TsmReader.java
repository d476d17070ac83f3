package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.EnvFile;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Words;
import dev.tetra.tsm.core.internal.ServiceNames;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import dev.tetra.tsm.ports.PortSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a spec of the {@code KEY="value"} lines of the original's {@code .tsm} files, which there are shell scripts. Here they
 * are parsed as environment files are, and never executed. Variables without {@code TSM_} may help to write others.
 */
public final class TsmReader {
    /** What is read. */
    static final List<String> KEYS = List.of(
            "TSM_COMMAND",
            "TSM_NAME",
            "TSM_CWD",
            "TSM_PORT",
            "TSM_ENV",
            "TSM_ENV_FILE",
            "TSM_PRE_COMMAND",
            "TSM_PARENT",
            "TSM_DEPS",
            "TSM_RESTART_ON_FAILURE",
            "TSM_HEALTH_CHECK");

    /** What files of the original have and nothing here needs. */
    static final List<String> PASSED_OVER = List.of(
            "TSM_DESCRIPTION",
            "TSM_AUTOSTART",
            "TSM_PORTS",
            "TSM_SECONDARY_PORTS",
            "TSM_CHILDREN",
            "TSM_COUPLING_MODE",
            "TSM_TDP_TOPIC",
            "TSM_ADAPTER_TYPE");

    private static final String SHELL_ONLY = ";&|<>()`\n";

    private final Problems problems;
    private final EnvFile file;
    private final Path directory;

    private TsmReader(Problems problems, EnvFile file, Path directory) {
        this.problems = problems;
        this.file = file;
        this.directory = directory;
    }

    /**
     * The one service of the text.
     *
     * @param file what messages call the text
     * @param name the service's name where the text has none
     * @param directory what paths in it begin at
     * @param base the variables that the text may refer to
     * @throws ServiceException with all that is wrong, or with the first thing that is no assignment
     */
    public static ServiceSpec read(String file, String text, String name, Path directory, Map<String, String> base) {
        Problems problems = new Problems(file);
        ServiceSpec spec = new TsmReader(problems, EnvFile.parse(file, text, base), directory).spec(name);
        problems.throwAny();
        return spec;
    }

    private ServiceSpec spec(String defaultName) {
        for (String key : file.variables().keySet()) {
            if (key.startsWith("TSM_") && !KEYS.contains(key) && !PASSED_OVER.contains(key)) {
                List<String> nearest = ServiceNames.nearest(key, KEYS);
                problems.add(
                        mark(key),
                        "unknown key " + key + "; "
                                + (nearest.isEmpty() ? "there are " + String.join(", ", KEYS) : nearest.get(0) + "?"));
            }
        }
        if (text("TSM_COMMAND").isEmpty()) {
            problems.add(mark("TSM_COMMAND"), "no TSM_COMMAND; write TSM_COMMAND=\"what it runs\"");
        }
        ServiceSpec.Builder spec = ServiceSpec.command(
                        read("TSM_COMMAND", TsmReader::command).orElse(List.of()))
                .cwd(directory);
        read("TSM_NAME", TsmReader::name)
                .or(() -> text("TSM_NAME").isPresent() ? Optional.empty() : nameOf(defaultName))
                .ifPresent(spec::name);
        Path cwd = read("TSM_CWD", directory::resolve).map(Path::normalize).orElse(directory);
        spec.cwd(cwd);
        read("TSM_PORT", TsmReader::port).ifPresent(spec::port);
        envFile(cwd).ifPresent(spec::envFile);
        // There it is text that the shell of the service reads.
        text("TSM_PRE_COMMAND").ifPresent(hook -> spec.preHook("bash:" + hook));
        read("TSM_PARENT", TsmReader::name).ifPresent(spec::parent);
        read("TSM_DEPS", TsmReader::dependencies).ifPresent(spec::dependsOn);
        read("TSM_RESTART_ON_FAILURE", TsmReader::mode).ifPresent(spec::restart);
        read("TSM_HEALTH_CHECK", TsmReader::probe).map(Liveness::new).ifPresent(spec::liveness);
        return spec.build();
    }

    /** The key's value; an empty one is none, as there. */
    private Optional<String> text(String key) {
        return Optional.ofNullable(file.variables().get(key)).filter(value -> !value.isBlank());
    }

    private <T> Optional<T> read(String key, Function<String, T> reading) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.apply(text.get()));
        } catch (IllegalArgumentException | ServiceException wrong) {
            problems.add(mark(key), key + ": " + wrong.getMessage());
            return Optional.empty();
        }
    }

    private Mark mark(String key) {
        return new Mark(file.lines().getOrDefault(key, 1), 1);
    }

    private Optional<String> nameOf(String fileName) {
        try {
            return Optional.of(name(fileName));
        } catch (ServiceException wrong) {
            problems.add(Mark.BEGIN, wrong.getMessage() + "; or write TSM_NAME");
            return Optional.empty();
        }
    }

    private static String name(String text) {
        ServiceNames.check(text);
        return text;
    }

    /** There every command is a line of shell; here only one that needs to be. */
    private static List<String> command(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (SHELL_ONLY.indexOf(line.charAt(i)) >= 0) {
                return List.of("bash", "-c", line);
            }
        }
        return Words.split(line);
    }

    private static PortSpec port(String text) {
        return text.equals("0") ? new PortSpec.None() : PortSpec.parse(text);
    }

    private Optional<Path> envFile(Path cwd) {
        Optional<String> name = text("TSM_ENV").filter(env -> !env.equals("none"));
        if (name.isPresent() && text("TSM_ENV_FILE").isPresent()) {
            problems.add(mark("TSM_ENV_FILE"), "TSM_ENV_FILE beside TSM_ENV; a service has one of the two");
        }
        return name.isPresent()
                ? read("TSM_ENV", env -> environmentOf(cwd, env))
                : read("TSM_ENV_FILE", path -> directory.resolve(path).normalize());
    }

    /** A bare name means a file of the service's env directory. */
    private static Path environmentOf(Path cwd, String env) {
        boolean bare = env.indexOf('/') < 0 && !env.endsWith(".env");
        return cwd.resolve(bare ? "env/" + env + ".env" : env).normalize();
    }

    private static List<Dependency> dependencies(String text) {
        List<Dependency> first = new ArrayList<>();
        for (String one : Words.split(text.replace(',', ' '))) {
            Dependency dependency = Dependency.parse(one);
            ServiceNames.check(dependency.service());
            first.add(dependency);
        }
        return first;
    }

    private static RestartPolicy.Mode mode(String text) {
        return switch (text) {
            case "true", "yes", "1" -> RestartPolicy.Mode.ON_FAILURE;
            case "false", "no", "0" -> RestartPolicy.Mode.NEVER;
            default -> throw new IllegalArgumentException("neither true nor false: " + text);
        };
    }

    /** A probe, or else a command that ends with 0. */
    private static Probe probe(String text) {
        for (String begin : List.of("http://", "https://", "tcp:", "log:", "exec:")) {
            if (text.startsWith(begin)) {
                return Probe.parse(text);
            }
        }
        boolean word = text.equals("port") || text.equals("notify") || text.equals("socket");
        return word ? Probe.parse(text) : new Probe.Exec(command(text));
    }
}
