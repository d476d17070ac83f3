package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.ports.PortSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user wants kept running. Only what was asked for: how it is carried out (the words that really run, the port) is
 * decided at each start and shown by {@link Service}. <em>Immutable.</em>
 *
 * @param command the words of the command, at least one; never given to a shell
 * @param name the name asked for; without one it is derived from the directory and the command
 * @param port the port asked for, {@code none} included; without one the ladder looks for it (guide, "Port resolution ladder")
 * @param envFile an absolute path to a file of variables, which is parsed at each start and never executed
 * @param preHook what runs before the command: a file, the name of one in the hooks directory, or {@code sh:TEXT} or
 *     {@code bash:TEXT}
 * @param cwd the absolute directory it runs in
 * @param environment variables over those of the caller and of {@code envFile}; never written to disk
 */
public record ServiceSpec(
        List<String> command,
        Optional<String> name,
        Optional<PortSpec> port,
        Optional<Path> envFile,
        Optional<String> preHook,
        Path cwd,
        Map<String, String> environment) {
    public ServiceSpec {
        command = List.copyOf(command);
        requireNonNull(name, "name");
        requireNonNull(port, "port");
        envFile = envFile.isPresent() ? Optional.of(envFile.get().toAbsolutePath()) : envFile;
        requireNonNull(preHook, "preHook");
        cwd = cwd.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
    }

    /** A spec of these words, in the directory of this JVM. */
    public static Builder command(String... words) {
        return new Builder(List.of(words));
    }

    /** A spec of these words, in the directory of this JVM. */
    public static Builder command(List<String> words) {
        return new Builder(words);
    }

    /** The same with other variables. */
    public ServiceSpec withEnvironment(Map<String, String> variables) {
        return new ServiceSpec(command, name, port, envFile, preHook, cwd, variables);
    }

    /** The same under that name and with that port, as a service that was named and placed once keeps them. */
    public ServiceSpec withNameAndPort(String kept, Optional<PortSpec> placed) {
        return new ServiceSpec(command, Optional.of(kept), placed, envFile, preHook, cwd, environment);
    }

    /** All but the values of its variables, which may be secrets. */
    @Override
    public String toString() {
        return "ServiceSpec[command=" + command + ", name=" + name + ", port=" + port + ", envFile=" + envFile
                + ", preHook=" + preHook + ", cwd=" + cwd + ", environment=" + environment.keySet() + "]";
    }

    /** Collects a spec. <em>For one thread at a time.</em> */
    public static final class Builder {
        private final List<String> command;
        private Optional<String> name = Optional.empty();
        private Optional<PortSpec> port = Optional.empty();
        private Optional<Path> envFile = Optional.empty();
        private Optional<String> preHook = Optional.empty();
        private Path cwd = Path.of("");
        private Map<String, String> environment = Map.of();

        private Builder(List<String> command) {
            this.command = List.copyOf(command);
        }

        /** The name, without its port: {@code web} becomes {@code web-8080}. */
        public Builder name(String given) {
            this.name = Optional.of(given);
            return this;
        }

        /** Exactly this port, 1 to 65535. */
        public Builder port(int number) {
            return port(new PortSpec.Exact(number));
        }

        /** The port: exact, the first free one from a number on, or none. */
        public Builder port(PortSpec wanted) {
            this.port = Optional.of(wanted);
            return this;
        }

        /** The file of variables. */
        public Builder envFile(Path file) {
            this.envFile = Optional.of(file);
            return this;
        }

        /** What runs before the command. */
        public Builder preHook(String hook) {
            this.preHook = Optional.of(hook);
            return this;
        }

        /** The directory it runs in. */
        public Builder cwd(Path directory) {
            this.cwd = directory;
            return this;
        }

        /** Variables over those of the caller and of the environment file. */
        public Builder environment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            return this;
        }

        /** The spec. */
        public ServiceSpec build() {
            return new ServiceSpec(command, name, port, envFile, preHook, cwd, environment);
        }
    }
}
