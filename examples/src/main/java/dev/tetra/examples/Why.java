package dev.tetra.examples;

import dev.tetra.examples.text.LogText;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.ServiceEvent.Kind;
import dev.tetra.tsm.core.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The story of one service, told from what is known of it: nothing in it is guessed, and what no event tells is left out.
 * <em>Immutable.</em>
 *
 * @param service its name
 * @param status where it is in its life; empty when it was deleted
 * @param since since when
 * @param now what is now, as a sentence that goes on behind its name: {@code is online, started 5s ago}
 * @param cause who or what brought it there, where that is known
 * @param ends the last ends of its process, and starts that failed, oldest first
 * @param restarts how often it was started again
 * @param unstableRestarts how often in a row after a run that was too short
 * @param starts its last starts, oldest first
 * @param variables which variables were different at the last start: {@code added NAME}, {@code changed NAME}, …
 * @param wrote the last lines of its last run that ended badly
 * @param next what happens next, in one sentence
 * @param advice a command that is worth typing
 */
record Why(
        String service,
        Optional<Status> status,
        Optional<Instant> since,
        String now,
        Optional<Cause> cause,
        List<ServiceEvent> ends,
        int restarts,
        int unstableRestarts,
        List<ServiceEvent> starts,
        List<String> variables,
        List<String> wrote,
        String next,
        Optional<String> advice) {
    private static final int MOST_ENDS = 5;
    private static final int MOST_STARTS = 3;
    private static final int MOST_LINES = 10;

    /**
     * What is known.
     *
     * @param name the service's name
     * @param service the service as it is; empty when it was deleted
     * @param events its events, newest last
     * @param lines the last lines of its logs, for when no event has them
     * @param isWatched whether an owner runs
     * @param now this moment
     */
    record Known(
            String name,
            Optional<Service> service,
            List<ServiceEvent> events,
            List<String> lines,
            boolean isWatched,
            Instant now) {}

    /** The story that follows from that. */
    static Why of(Known known) {
        return known.service().isPresent()
                ? new Teller(known).tell(known.service().get())
                : new Teller(known).tellDeleted();
    }

    /** Puts a story together. */
    private static final class Teller {
        private final Known known;

        private Teller(Known known) {
            this.known = known;
        }

        Why tell(Service service) {
            Optional<ServiceEvent> decisive = lastOfThisRun(decisive(service.status()));
            Optional<Instant> since = since(service, decisive);
            Optional<Cause> cause =
                    decisive.isPresent() ? Optional.of(decisive.get().cause()) : Optional.empty();
            return new Why(
                    known.name(),
                    Optional.of(service.status()),
                    since,
                    sentence(service, decisive),
                    cause,
                    lastOf(MOST_ENDS, Kind.EXITED, Kind.STOPPED, Kind.START_FAILED),
                    service.restarts(),
                    service.unstableRestarts(),
                    lastOf(MOST_STARTS, Kind.LAUNCHED),
                    variables(),
                    wrote(service),
                    next(service, decisive),
                    advice(service));
        }

        Why tellDeleted() {
            Optional<ServiceEvent> deletion = last(Kind.DELETED);
            Optional<ServiceEvent> lastEvent = known.events().isEmpty()
                    ? Optional.empty()
                    : Optional.of(known.events().get(known.events().size() - 1));
            boolean failed = deletion.isEmpty()
                    && lastEvent.isPresent()
                    && lastEvent.get().kind() == Kind.START_FAILED;
            Optional<ServiceEvent> end = deletion.isPresent() ? deletion : lastEvent;
            String by = end.isPresent() ? " " + ago(end.get().time()) : "";
            String now = failed
                    ? "did not start" + by + ", and nothing of it was kept"
                    : deletion.isPresent()
                            ? "was deleted" + by + " " + by(deletion.get().cause())
                            : "is gone: its directory was removed by somebody else";
            return new Why(
                    known.name(),
                    Optional.empty(),
                    end.isPresent() ? Optional.of(end.get().time()) : Optional.empty(),
                    now,
                    deletion.isPresent() ? Optional.of(deletion.get().cause()) : Optional.empty(),
                    lastOf(MOST_ENDS, Kind.EXITED, Kind.STOPPED, Kind.START_FAILED),
                    0,
                    0,
                    lastOf(MOST_STARTS, Kind.LAUNCHED),
                    variables(),
                    failed ? lines(end.get().details()) : List.of(),
                    "nothing: it is no service any more",
                    Optional.empty());
        }

        /** The kinds of event that bring a service to that status. */
        private static Kind[] decisive(Status status) {
            return switch (status) {
                case STARTING -> new Kind[] {Kind.LAUNCHED};
                case ONLINE -> new Kind[] {Kind.ONLINE, Kind.ADOPTED, Kind.LAUNCHED};
                case STOPPING -> new Kind[0];
                case STOPPED -> new Kind[] {Kind.STOPPED, Kind.EXITED};
                case CRASHED -> new Kind[] {Kind.EXITED};
                case WAITING -> new Kind[] {Kind.WAITING};
                case ERRORED -> new Kind[] {Kind.ERRORED, Kind.START_FAILED};
            };
        }

        private Optional<Instant> since(Service service, Optional<ServiceEvent> decisive) {
            if (service.status().isRunning()) {
                return service.status() == Status.STOPPING ? Optional.empty() : service.startTime();
            }
            if (decisive.isPresent()) {
                return Optional.of(decisive.get().time());
            }
            return service.lastExit().isPresent()
                    ? Optional.of(service.lastExit().get().time())
                    : Optional.empty();
        }

        private String sentence(Service service, Optional<ServiceEvent> decisive) {
            String when = since(service, decisive).isPresent()
                    ? " " + ago(since(service, decisive).get())
                    : "";
            return switch (service.status()) {
                case ONLINE ->
                    "is online, started" + when + " as pid " + service.pid().orElse(0) + health(service);
                case STARTING -> "is starting, launched" + when + ", and not ready yet";
                case STOPPING -> "is stopping";
                case STOPPED -> stopped(service, decisive, when);
                case CRASHED -> "crashed" + when + ": " + ending(service);
                case WAITING -> "waits to be started again, after " + ending(service) + when;
                case ERRORED ->
                    "is errored" + (when.isEmpty() ? "" : " (" + when.trim() + ")")
                            + (decisive.isPresent()
                                    ? ": " + decisive.get().text()
                                    : service.reason().isPresent()
                                            ? ": " + service.reason().get()
                                            : "");
            };
        }

        private static String health(Service service) {
            Service.Health health = service.health();
            if (health.failures() > 0) {
                return ", but its probe failed " + times(health.failures()) + " in a row"
                        + (health.text().isPresent() ? ": " + health.text().get() : "");
            }
            if (health.healthy().isPresent() && health.healthy().get()) {
                return ", healthy";
            }
            return health.text().isPresent() ? "; it says: " + health.text().get() : "";
        }

        private static String stopped(Service service, Optional<ServiceEvent> decisive, String when) {
            if (service.lastExit().isEmpty() && decisive.isEmpty()) {
                return service.startTime().isPresent() ? "is stopped" : "is stopped; it never ran";
            }
            if (decisive.isPresent() && decisive.get().kind() == Kind.STOPPED) {
                return "was stopped" + when + " " + by(decisive.get().cause()) + " ("
                        + decisive.get().text() + ")";
            }
            if (decisive.isPresent()) {
                return "ended by itself" + when + ": " + ending(service);
            }
            // Nobody told who: the reason of meta.json does.
            return "was stopped" + when
                    + (service.reason().isPresent() ? ": " + service.reason().get() : "");
        }

        private static String ending(Service service) {
            return service.lastExit().isPresent()
                    ? service.lastExit().get().outcome().describe()
                    : "an end of which nothing is known";
        }

        private static String by(Cause cause) {
            return switch (cause) {
                case USER -> "by a user's command";
                case POLICY -> "by its restart policy";
                case PROBE -> "because its probe failed";
                case RELATIVE -> "because of a service that it belongs to or depends on";
                case OWNER -> "by the owner";
                case ITSELF -> "by itself";
            };
        }

        private String next(Service service, Optional<ServiceEvent> decisive) {
            RestartPolicy policy = service.spec().restart();
            boolean active = service.status().isActive();
            if (!known.isWatched() && (active || service.status() == Status.CRASHED)) {
                return active && service.run().isPresent()
                        ? "it runs, but nobody watches: no owner runs that would start it again"
                        : "nobody watches: no owner runs that would start it again";
            }
            return switch (service.status()) {
                case ONLINE -> "if it ends: " + ifItEnds(policy);
                case STARTING ->
                    service.spec().ready().isPresent()
                            ? "it has "
                                    + span(service.spec()
                                            .ready()
                                            .get()
                                            .timeout()
                                            .toSeconds())
                                    + " from its launch to be ready: "
                                    + service.spec().ready().get().probe().text()
                            : "it is online once it has stayed up for its settling time";
                case STOPPING ->
                    "KILL, for what is left after "
                            + span(service.spec().stop().grace().toSeconds());
                case WAITING ->
                    decisive.isPresent()
                            ? decisive.get().text() + " (said "
                                    + ago(decisive.get().time()) + ")"
                            : "start " + (service.unstableRestarts() + 1) + " of " + policy.limit() + " in a row";
                case STOPPED, CRASHED -> notStarted(service, policy, decisive);
                case ERRORED -> "nothing: it is not started again by itself";
            };
        }

        private static String ifItEnds(RestartPolicy policy) {
            String shorter = "runs shorter than " + Amounts.text(policy.minUptime());
            String limit = policy.limit() == 0
                    ? "; not behind " + shorter
                    : "; after " + policy.limit() + (policy.limit() == 1 ? " restart" : " restarts in a row")
                            + " behind " + shorter + " it is given up";
            return switch (policy.mode()) {
                case ALWAYS -> "it is started again" + limit;
                case ON_FAILURE -> "it is started again, unless with exit code 0" + limit;
                case NEVER -> "it is not started again (policy never)";
            };
        }

        private static String notStarted(Service service, RestartPolicy policy, Optional<ServiceEvent> decisive) {
            if (decisive.isPresent() && decisive.get().kind() == Kind.STOPPED) {
                return "nothing: it stays stopped until it is started";
            }
            if (policy.mode() == RestartPolicy.Mode.NEVER) {
                return "nothing: its restart policy is never";
            }
            if (service.lastExit().isPresent() && service.lastExit().get().outcome() instanceof Exit.Exited exited) {
                if (policy.doneCodes().contains(exited.code())) {
                    return "nothing: exit code " + exited.code() + " is one of those that mean done";
                }
                if (exited.code() == 0 && policy.mode() == RestartPolicy.Mode.ON_FAILURE) {
                    return "nothing: exit code 0 means done under the restart policy on-failure";
                }
            }
            return "nothing: it stays as it is until it is started";
        }

        private Optional<String> advice(Service service) {
            String name = service.name();
            if (!known.isWatched() && (service.status().isActive() || service.status() == Status.CRASHED)) {
                return Optional.of(service.status().isActive() ? "tsm owner start" : "tsm start " + name);
            }
            return switch (service.status()) {
                case ONLINE -> service.health().failures() > 0 ? Optional.of("tsm logs " + name) : Optional.empty();
                case STARTING -> Optional.of("tsm logs -f " + name);
                case STOPPING -> Optional.of("tsm kill " + name);
                case STOPPED -> Optional.of("tsm start " + name);
                case CRASHED, ERRORED -> Optional.of("tsm logs " + name + "; then tsm start " + name);
                case WAITING ->
                    Optional.of("tsm restart " + name + " to try at once, tsm stop " + name + " to give up");
            };
        }

        private List<String> variables() {
            Optional<ServiceEvent> start = last(Kind.LAUNCHED);
            return start.isPresent() ? start.get().details() : List.of();
        }

        /** What the last run wrote that ended badly; nothing where the last end was a good one, or a run goes well. */
        private List<String> wrote(Service service) {
            boolean bad = service.status() == Status.CRASHED
                    || service.status() == Status.ERRORED
                    || service.status() == Status.WAITING;
            if (!bad) {
                return List.of();
            }
            for (int i = known.events().size() - 1; i >= 0; i--) {
                ServiceEvent event = known.events().get(i);
                boolean ending = event.kind() == Kind.EXITED
                        || event.kind() == Kind.START_FAILED
                        || event.kind() == Kind.ERRORED;
                if (ending && !event.details().isEmpty()) {
                    return lines(event.details());
                }
                if (event.kind() == Kind.LAUNCHED) {
                    break;
                }
            }
            return lines(known.lines());
        }

        private static List<String> lines(List<String> all) {
            List<String> told = new ArrayList<>();
            for (String line : all) {
                if (!LogText.isNoise(line)) {
                    told.add(line);
                }
            }
            return List.copyOf(told.subList(Math.max(0, told.size() - MOST_LINES), told.size()));
        }

        private Optional<ServiceEvent> last(Kind... kinds) {
            List<ServiceEvent> found = lastOf(1, kinds);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
        }

        /** The last event of these kinds, unless another run has begun since. */
        private Optional<ServiceEvent> lastOfThisRun(Kind... kinds) {
            for (int i = known.events().size() - 1; i >= 0; i--) {
                ServiceEvent event = known.events().get(i);
                for (Kind kind : kinds) {
                    if (event.kind() == kind) {
                        return Optional.of(event);
                    }
                }
                if (event.kind() == Kind.LAUNCHED) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        }

        private List<ServiceEvent> lastOf(int most, Kind... kinds) {
            List<ServiceEvent> found = new ArrayList<>();
            for (ServiceEvent event : known.events()) {
                for (Kind kind : kinds) {
                    if (event.kind() == kind) {
                        found.add(event);
                    }
                }
            }
            return List.copyOf(found.subList(Math.max(0, found.size() - most), found.size()));
        }

        private String ago(Instant time) {
            return span(known.now().getEpochSecond() - time.getEpochSecond()) + " ago";
        }

        private static String span(long seconds) {
            return Words.seconds(seconds);
        }

        private static String times(int count) {
            return count == 1 ? "once" : count == 2 ? "twice" : count + " times";
        }
    }
}
