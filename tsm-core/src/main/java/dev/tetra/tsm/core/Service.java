package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
        Family family) {
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

    /** The same in another status, with a reason. */
    public Service withStatus(Status next, Optional<String> why) {
        return new Service(
                id, name, token, next, why, spec, launch, run, startTime, lastExit, restarts, unstableRestarts, family);
    }

    /** The same with a process that runs since then. */
    public Service withRun(Run process, Instant since, Status next) {
        return new Service(
                id,
                name,
                token,
                next,
                Optional.empty(),
                spec,
                launch,
                Optional.of(process),
                Optional.of(since),
                lastExit,
                restarts,
                unstableRestarts,
                family);
    }

    /** The same without a process, which ended so. */
    public Service ended(Exit exit, Status next, Optional<String> why) {
        return new Service(
                id,
                name,
                token,
                next,
                why,
                spec,
                launch,
                Optional.empty(),
                startTime,
                Optional.of(exit),
                restarts,
                unstableRestarts,
                family);
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
