package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is known of one service at one moment: the content of its meta.json, with the status checked against the process
 * table. <em>Immutable.</em>
 *
 * @param id {@code tsm_id}: the lowest number that was free when the service was made
 * @param name its full name, port suffix included; also its directory's name
 * @param token the value of {@code TSM_ID} in the environment of its processes and all their descendants
 * @param status where it is in its life
 * @param reason one sentence about the status when there is something to say
 * @param spec what the user asked for; its environment is empty here, since values are never written to disk
 * @param launch how that was carried out at the last start
 * @param run the process that runs now; empty when none does
 * @param startTime when the last process was started
 * @param lastExit how the last process that ended did so
 * @param restarts how often it was started again
 * @param unstableRestarts how often in a row it was started again after a run that was too short
 * @param family its parent and children
 * @param health what it says and what probes find
 * @param variables the variables of the last start that its environment file and its spec gave it: name to a fingerprint that
 *     shows a change and hides the value
 */
public record Service(
        int id,
        String name,
        String token,
        Status status,
        Optional<String> reason,
        ServiceSpec spec,
        Launch launch,
        Optional<Run> run,
        Optional<Instant> startTime,
        Optional<Exit> lastExit,
        int restarts,
        int unstableRestarts,
        Family family,
        Health health,
        Map<String, String> variables) {
    public Service {
        if (id < 0) {
            throw new IllegalArgumentException("id negative: " + id);
        }
        requireNonNull(name, "name");
        requireNonNull(token, "token");
        requireNonNull(status, "status");
        requireNonNull(reason, "reason");
        requireNonNull(spec, "spec");
        requireNonNull(launch, "launch");
        requireNonNull(run, "run");
        requireNonNull(startTime, "startTime");
        requireNonNull(lastExit, "lastExit");
        requireNonNull(family, "family");
        requireNonNull(health, "health");
        variables = Map.copyOf(variables);
    }

    /** A service that was never started, from which others are built. */
    public static Builder of(int id, String name, String token, ServiceSpec spec, Launch launch) {
        return new Builder(id, name, token, spec, launch);
    }

    /** The same, to be changed. */
    public Builder with() {
        return new Builder(this);
    }

    /** The process id, while a process runs. */
    public OptionalLong pid() {
        return run.isPresent() ? OptionalLong.of(run.get().process().pid()) : OptionalLong.empty();
    }

    /** The service's main port: the first of {@link Launch#ports()}. */
    public OptionalInt port() {
        return launch.ports().isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(launch.ports().get(0).port());
    }

    /** The words that really run, joined by blanks. */
    public String command() {
        return String.join(" ", launch.argv());
    }

    /** The name without its port suffix: {@code web} for {@code web-8000}. */
    public String baseName() {
        OptionalInt port = port();
        String suffix = port.isPresent() ? "-" + port.getAsInt() : "";
        return name.length() > suffix.length() && name.endsWith(suffix)
                ? name.substring(0, name.length() - suffix.length())
                : name;
    }

    /** Whether its last run ended by itself as its restart policy says that a job does which is done; a stop is no such end. */
    public boolean isDone() {
        return InventoryReader.isDone(this);
    }

    /** The same in another status, with a reason. */
    public Service withStatus(Status next, Optional<String> why) {
        return with().status(next, why).build();
    }

    /** The same with a process that runs since then. */
    public Service withRun(Run process, Instant since, Status next) {
        return with().status(next, Optional.empty()).run(process, since).build();
    }

    /** The same without a process, which ended so. */
    public Service ended(Exit exit, Status next, Optional<String> why) {
        return with().status(next, why).exit(exit).build();
    }

    /** Collects a service. <em>For one thread at a time.</em> */
    public static final class Builder {
        private final int id;
        private final String name;
        private final String token;
        private ServiceSpec spec;
        private final Launch launch;
        private Status status = Status.STOPPED;
        private Optional<String> reason = Optional.empty();
        private Optional<Run> run = Optional.empty();
        private Optional<Instant> startTime = Optional.empty();
        private Optional<Exit> lastExit = Optional.empty();
        private int restarts;
        private int unstableRestarts;
        private Family family = Family.NONE;
        private Health health = Health.NONE;
        private Map<String, String> variables = Map.of();

        private Builder(int id, String name, String token, ServiceSpec spec, Launch launch) {
            this.id = id;
            this.name = name;
            this.token = token;
            this.spec = spec;
            this.launch = launch;
        }

        private Builder(Service service) {
            this(service.id, service.name, service.token, service.spec, service.launch);
            status = service.status;
            reason = service.reason;
            run = service.run;
            startTime = service.startTime;
            lastExit = service.lastExit;
            restarts = service.restarts;
            unstableRestarts = service.unstableRestarts;
            family = service.family;
            health = service.health;
            variables = service.variables;
        }

        /** What is asked for now. */
        public Builder spec(ServiceSpec asked) {
            spec = asked;
            return this;
        }

        /** Where it is in its life, and why. */
        public Builder status(Status next, Optional<String> why) {
            status = next;
            reason = why;
            return this;
        }

        /** The process that runs since then. */
        public Builder run(Run process, Instant since) {
            run = Optional.of(process);
            startTime = Optional.of(since);
            return this;
        }

        /** No process, since the last one ended so. */
        public Builder exit(Exit exit) {
            run = Optional.empty();
            lastExit = Optional.of(exit);
            health = Health.NONE;
            return this;
        }

        /** The process as a file has it, or none. */
        public Builder runs(Optional<Run> process, Optional<Instant> since) {
            run = process;
            startTime = since;
            return this;
        }

        /** How the last process ended, as a file has it. */
        public Builder lastExit(Optional<Exit> exit) {
            lastExit = exit;
            return this;
        }

        /** How often it was started again, and how often in a row after a run that was too short. */
        public Builder restarts(int all, int unstable) {
            restarts = all;
            unstableRestarts = unstable;
            return this;
        }

        /** Its parent and children. */
        public Builder family(Family relatives) {
            family = relatives;
            return this;
        }

        /** What it says and what probes find. */
        public Builder health(Health now) {
            health = now;
            return this;
        }

        /** Name to fingerprint of the variables of its start. */
        public Builder variables(Map<String, String> fingerprints) {
            variables = fingerprints;
            return this;
        }

        /** The service. */
        public Service build() {
            return new Service(
                    id,
                    name,
                    token,
                    status,
                    reason,
                    spec,
                    launch,
                    run,
                    startTime,
                    lastExit,
                    restarts,
                    unstableRestarts,
                    family,
                    health,
                    variables);
        }
    }

    /**
     * What a service says of itself and what probes find.
     *
     * @param healthy what the last liveness probe found; empty where there is none or it was not asked yet
     * @param failures how many of them failed in a row
     * @param text what it said last: {@code STATUS=} of sd_notify(3), or why a probe failed
     */
    public record Health(Optional<Boolean> healthy, int failures, Optional<String> text) {
        /** Nothing is known. */
        public static final Health NONE = new Health(Optional.empty(), 0, Optional.empty());

        public Health {
            requireNonNull(healthy, "healthy");
            requireNonNull(text, "text");
        }
    }

    /**
     * How a spec was carried out.
     *
     * @param argv the words that really run
     * @param interpreter the absolute path of the interpreter, when there is one
     * @param processType what kind of program it is
     * @param serviceType whether it has a port, a socket, or nothing but a process id
     * @param ports its ports, the main one first
     * @param ladder for each rung of the port ladder, in order, what it found or why not
     */
    public record Launch(
            List<String> argv,
            Optional<Path> interpreter,
            ProcessType processType,
            ServiceType serviceType,
            List<ServicePort> ports,
            List<Rung> ladder) {
        public Launch {
            argv = List.copyOf(argv);
            requireNonNull(interpreter, "interpreter");
            requireNonNull(processType, "processType");
            requireNonNull(serviceType, "serviceType");
            ports = List.copyOf(ports);
            ladder = List.copyOf(ladder);
        }
    }

    /**
     * One step on the port ladder.
     *
     * @param name the rung: {@code --port}, {@code env file}, …
     * @param result {@code found}, {@code portless}, {@code passed} or {@code refused}
     * @param why what it found or why not
     */
    public record Rung(String name, String result, String why) {
        public Rung {
            requireNonNull(name, "name");
            requireNonNull(result, "result");
            requireNonNull(why, "why");
        }
    }

    /**
     * One process of a service.
     *
     * @param process the service's own process, leader of its session and process group
     * @param wrapper the small shell that waits for it and keeps its exit code; empty once that is gone
     */
    public record Run(ProcessIdentity process, Optional<ProcessIdentity> wrapper) {
        public Run {
            requireNonNull(process, "process");
            requireNonNull(wrapper, "wrapper");
        }
    }

    /**
     * How services belong together.
     *
     * @param parent the service this one belongs to
     * @param children the services that belong to this one
     * @param commType how parent and child talk: {@code tcp}, {@code pipe}, {@code fifo}, {@code socket}
     */
    public record Family(Optional<String> parent, List<String> children, Optional<String> commType) {
        /** On its own. */
        public static final Family NONE = new Family(Optional.empty(), List.of(), Optional.empty());

        public Family {
            requireNonNull(parent, "parent");
            children = List.copyOf(children);
            requireNonNull(commType, "commType");
        }
    }
}
