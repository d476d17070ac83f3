package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.internal.CommTypes;
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
 * @param cwd the absolute directory it runs in
 * @param environment variables over those of the caller and of {@code envFile}; never written to disk
 * @param hooks what runs before and after it
 * @param restart when it is started again after it ended by itself
 * @param stop how it is asked to end and to reload
 * @param ready how it shows that it serves; without it, it is ready when it has settled
 * @param liveness how it shows that it still does
 * @param dependsOn the services that come first
 * @param parent the service that it belongs to: it is stopped before that one
 * @param commType how it talks to its parent: {@code tcp}, {@code pipe}, {@code fifo}, {@code socket}, …
 * @param logs when its logs are cut
 * @param file the absolute path of the service file that it was read from; no part of what is wanted
 */
public record ServiceSpec(
        List<String> command,
        Optional<String> name,
        Optional<PortSpec> port,
        Optional<Path> envFile,
        Path cwd,
        Map<String, String> environment,
        Hooks hooks,
        RestartPolicy restart,
        StopPolicy stop,
        Optional<Readiness> ready,
        Optional<Liveness> liveness,
        List<Dependency> dependsOn,
        Optional<String> parent,
        Optional<String> commType,
        LogPolicy logs,
        Optional<Path> file) {
    public ServiceSpec {
        command = List.copyOf(command);
        requireNonNull(name, "name");
        requireNonNull(port, "port");
        envFile = envFile.isPresent() ? Optional.of(envFile.get().toAbsolutePath()) : envFile;
        cwd = cwd.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
        requireNonNull(hooks, "hooks");
        requireNonNull(restart, "restart");
        requireNonNull(stop, "stop");
        requireNonNull(ready, "ready");
        requireNonNull(liveness, "liveness");
        dependsOn = List.copyOf(dependsOn);
        requireNonNull(parent, "parent");
        requireNonNull(commType, "commType");
        requireNonNull(logs, "logs");
        file = file.isPresent() ? Optional.of(file.get().toAbsolutePath().normalize()) : file;
    }

    /** A spec of these words, in the directory of this JVM. */
    public static Builder command(String... words) {
        return new Builder(List.of(words));
    }

    /** A spec of these words, in the directory of this JVM. */
    public static Builder command(List<String> words) {
        return new Builder(words);
    }

    /** The same, to be changed. */
    public Builder with() {
        return new Builder(this);
    }

    /** All but the values of its variables, which may be secrets. */
    @Override
    public String toString() {
        return "ServiceSpec[command=" + command + ", name=" + name + ", port=" + port + ", envFile=" + envFile
                + ", cwd="
                + cwd + ", environment=" + environment.keySet() + ", hooks=" + hooks + ", restart=" + restart
                + ", stop="
                + stop + ", ready=" + ready + ", liveness=" + liveness + ", dependsOn=" + dependsOn + ", parent="
                + parent + ", commType=" + commType + ", logs=" + logs + ", file=" + file + "]";
    }

    /** Collects a spec. <em>For one thread at a time.</em> */
    public static final class Builder {
        private List<String> command;
        private Optional<String> name = Optional.empty();
        private Optional<PortSpec> port = Optional.empty();
        private Optional<Path> envFile = Optional.empty();
        private Path cwd = Path.of("");
        private Map<String, String> environment = Map.of();
        private Hooks hooks = Hooks.NONE;
        private RestartPolicy restart = RestartPolicy.DEFAULT;
        private StopPolicy stop = StopPolicy.DEFAULT;
        private Optional<Readiness> ready = Optional.empty();
        private Optional<Liveness> liveness = Optional.empty();
        private List<Dependency> dependsOn = List.of();
        private Optional<String> parent = Optional.empty();
        private Optional<String> commType = Optional.empty();
        private LogPolicy logs = LogPolicy.DEFAULT;
        private Optional<Path> file = Optional.empty();

        private Builder(List<String> command) {
            this.command = List.copyOf(command);
        }

        private Builder(ServiceSpec spec) {
            command = spec.command;
            name = spec.name;
            port = spec.port;
            envFile = spec.envFile;
            cwd = spec.cwd;
            environment = spec.environment;
            hooks = spec.hooks;
            restart = spec.restart;
            stop = spec.stop;
            ready = spec.ready;
            liveness = spec.liveness;
            dependsOn = spec.dependsOn;
            parent = spec.parent;
            commType = spec.commType;
            logs = spec.logs;
            file = spec.file;
        }

        /** Other words. */
        public Builder command(List<String> words) {
            this.command = List.copyOf(words);
            return this;
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

        /** What runs before the command; the other hooks stay. */
        public Builder preHook(String hook) {
            return hooks(new Hooks(Optional.of(hook), hooks.postStart(), hooks.postStop()));
        }

        /** What runs before and after it. */
        public Builder hooks(Hooks around) {
            this.hooks = around;
            return this;
        }

        /** When it is started again. */
        public Builder restart(RestartPolicy policy) {
            this.restart = policy;
            return this;
        }

        /** When it is started again, otherwise as by default. */
        public Builder restart(RestartPolicy.Mode mode) {
            return restart(restart.withMode(mode));
        }

        /** How it is asked to end and to reload. */
        public Builder stop(StopPolicy policy) {
            this.stop = policy;
            return this;
        }

        /** How it shows that it serves. */
        public Builder ready(Readiness readiness) {
            this.ready = Optional.of(readiness);
            return this;
        }

        /** How it shows that it still serves. */
        public Builder liveness(Liveness question) {
            this.liveness = Optional.of(question);
            return this;
        }

        /** The services that come first. */
        public Builder dependsOn(List<Dependency> first) {
            this.dependsOn = List.copyOf(first);
            return this;
        }

        /** The service that it belongs to. */
        public Builder parent(String service) {
            this.parent = Optional.of(service);
            return this;
        }

        /**
         * How it talks to its parent: {@code tcp}, {@code pipe}, {@code fifo}, {@code socket}, {@code udp}, {@code websocket},
         * {@code osc}, {@code pty}, {@code signals}, {@code shm} or {@code mqueue}.
         *
         * @throws IllegalArgumentException if it is none of these
         */
        public Builder commType(String type) {
            this.commType = Optional.of(CommTypes.check(type));
            return this;
        }

        /** When its logs are cut. */
        public Builder logs(LogPolicy policy) {
            this.logs = policy;
            return this;
        }

        /** The service file that it was read from. */
        public Builder file(Path source) {
            this.file = Optional.of(source);
            return this;
        }

        /** The spec. */
        public ServiceSpec build() {
            return new ServiceSpec(
                    command,
                    name,
                    port,
                    envFile,
                    cwd,
                    environment,
                    hooks,
                    restart,
                    stop,
                    ready,
                    liveness,
                    dependsOn,
                    parent,
                    commType,
                    logs,
                    file);
        }
    }
}
