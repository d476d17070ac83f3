package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.examples.text.Style;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.ServiceEvent.Kind;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whole stories. */
class WhyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");
    private static final Exit.Outcome KILLED = new Exit.Signalled(9);
    private static final Exit.Outcome FAILED = new Exit.Exited(3);
    private static final Exit.Outcome DONE = new Exit.Exited(0);

    private static Instant at(int secondsAgo) {
        return NOW.minusSeconds(secondsAgo);
    }

    private static Service.Builder service(ServiceSpec.Builder spec) {
        return Service.of(
                0,
                "web-8000",
                "token",
                spec.cwd(Path.of("/srv")).build(),
                new Service.Launch(
                        List.of("serve"),
                        Optional.empty(),
                        ProcessType.COMMAND,
                        ServiceType.PID,
                        List.of(),
                        List.of()));
    }

    private static Service.Builder service() {
        return service(ServiceSpec.command("serve"));
    }

    private static Service.Builder running(Service.Builder service, int secondsAgo) {
        return service.status(Status.ONLINE, Optional.empty())
                .run(new Service.Run(new ProcessIdentity("boot", 4711, 1), Optional.empty()), at(secondsAgo));
    }

    private static ServiceEvent event(
            int secondsAgo, Kind kind, Cause cause, Optional<Exit.Outcome> exit, String text, String... details) {
        return new ServiceEvent(
                at(secondsAgo),
                "web-8000",
                0,
                kind,
                cause,
                kind == Kind.DELETED || kind == Kind.WAITING ? Optional.empty() : Optional.of(100L + secondsAgo),
                exit,
                text,
                List.of(details));
    }

    private static String story(Optional<Service> service, boolean watched, List<String> logs, ServiceEvent... events) {
        Why why = Why.of(new Why.Known("web-8000", service, List.of(events), logs, watched, NOW));
        return String.join("\n", WhyText.lines(why, Style.PLAIN, NOW, ZoneOffset.UTC)) + "\n";
    }

    @Test
    void one_that_runs_since_its_first_start() {
        assertThat(story(
                        Optional.of(running(service(), 65).build()),
                        true,
                        List.of(),
                        event(65, Kind.LAUNCHED, Cause.USER, Optional.empty(), "started"),
                        event(64, Kind.ONLINE, Cause.OWNER, Optional.empty(), "stayed up for 300 ms")))
                .isEqualTo("""
                        web-8000 is online, started 1m 5s ago as pid 4711.
                        It was started:
                          14:58:55  started  (pid 165)
                        Next: if it ends: it is started again, unless with exit code 0; after 16 restarts in a row behind runs shorter than 1s it is given up.
                        """);
    }

    @Test
    void one_that_was_killed_and_started_again() {
        assertThat(story(
                        Optional.of(running(service().restarts(3, 1), 5).build()),
                        true,
                        List.of("current.out: of a run that goes well"),
                        event(90_000, Kind.LAUNCHED, Cause.USER, Optional.empty(), "started"),
                        event(
                                6,
                                Kind.EXITED,
                                Cause.ITSELF,
                                Optional.of(KILLED),
                                "signal 9 (KILL), which TSM did not send, after 1 d 1 h"),
                        event(
                                5,
                                Kind.LAUNCHED,
                                Cause.POLICY,
                                Optional.empty(),
                                "started again after signal 9 (KILL); restart 3, unstable 1",
                                "changed PATH",
                                "added DEBUG")))
                .isEqualTo("""
                        web-8000 is online, started 5s ago as pid 4711.
                        Its last ends:
                          14:59:54  signal 9 (KILL), which TSM did not send, after 1 d 1 h  (pid 106)
                        It was started again 3 times, 1 of them in a row after runs that were too short:
                          2026-11-21 14:00:00  started  (pid 90100)
                          14:59:55  started again after signal 9 (KILL); restart 3, unstable 1  (pid 105)
                        Variables at its last start: changed PATH, added DEBUG.
                        Next: if it ends: it is started again, unless with exit code 0; after 16 restarts in a row behind runs shorter than 1s it is given up.
                        """);
    }

    @Test
    void one_that_waits_for_its_next_start() {
        Service waiting = service()
                .status(Status.WAITING, Optional.empty())
                .exit(new Exit(FAILED, at(2)))
                .restarts(4, 4)
                .build();
        ServiceEvent[] events = {
            event(
                    4,
                    Kind.LAUNCHED,
                    Cause.POLICY,
                    Optional.empty(),
                    "started again after exit code 3; restart 4, unstable 4"),
            event(
                    2,
                    Kind.EXITED,
                    Cause.ITSELF,
                    Optional.of(FAILED),
                    "exit code 3, after 312 ms",
                    "current.err: no database\u001b[2J"),
            event(2, Kind.WAITING, Cause.POLICY, Optional.empty(), "waits 3 s, then start 5 of 16 in a row"),
        };
        String told = """
                web-8000 waits to be started again, after exit code 3 2s ago.
                Its last ends:
                  14:59:58  exit code 3, after 312 ms  (pid 102)
                It was started again 4 times, 4 of them in a row after runs that were too short:
                  14:59:56  started again after exit code 3; restart 4, unstable 4  (pid 104)
                It wrote last:
                  err| no database·[2J
                """;
        assertThat(story(Optional.of(waiting), true, List.of(), events)).isEqualTo(told + """
                Next: waits 3 s, then start 5 of 16 in a row (said 2s ago).
                Try: tsm restart web-8000 to try at once, tsm stop web-8000 to give up
                """);
        assertThat(story(Optional.of(waiting), false, List.of(), events)).isEqualTo(told + """
                Next: nobody watches: no owner runs that would start it again.
                Try: tsm owner start
                """);
    }

    @Test
    void one_that_was_given_up() {
        Service errored = service()
                .status(Status.ERRORED, Optional.of("gave up after 16 short runs in a row"))
                .exit(new Exit(FAILED, at(60)))
                .restarts(16, 16)
                .build();
        assertThat(story(
                        Optional.of(errored),
                        true,
                        List.of("current.err: from the log"),
                        event(60, Kind.EXITED, Cause.ITSELF, Optional.of(FAILED), "exit code 3, after 100 ms"),
                        event(
                                60,
                                Kind.ERRORED,
                                Cause.POLICY,
                                Optional.empty(),
                                "gave up after 16 short runs in a row")))
                .isEqualTo("""
                        web-8000 is errored (1m 0s ago): gave up after 16 short runs in a row.
                        Its last ends:
                          14:59:00  exit code 3, after 100 ms  (pid 160)
                        It was started again 16 times, 16 of them in a row after runs that were too short.
                        It wrote last:
                          err| from the log
                        Next: nothing: it is not started again by itself.
                        Try: tsm logs web-8000; then tsm start web-8000
                        """);
    }

    @Test
    void one_that_a_user_stopped() {
        Service stopped = service()
                .status(Status.STOPPED, Optional.of("stopped"))
                .exit(new Exit(new Exit.Signalled(15), at(30)))
                .build();
        assertThat(story(
                        Optional.of(stopped),
                        true,
                        List.of("current.out: x"),
                        event(40, Kind.LAUNCHED, Cause.USER, Optional.empty(), "started"),
                        event(
                                30,
                                Kind.STOPPED,
                                Cause.USER,
                                Optional.of(new Exit.Signalled(15)),
                                "stopped; signal 15 (TERM)")))
                .isEqualTo("""
                        web-8000 was stopped 30s ago by a user's command (stopped; signal 15 (TERM)).
                        Its last ends:
                          14:59:30  by a user's command: stopped; signal 15 (TERM)  (pid 130)
                        It was started:
                          14:59:20  started  (pid 140)
                        Next: nothing: it stays stopped until it is started.
                        Try: tsm start web-8000
                        """);
    }

    @Test
    void one_that_is_done() {
        Service done = service()
                .status(Status.STOPPED, Optional.of("ended by itself: exit code 0"))
                .exit(new Exit(DONE, at(30)))
                .build();
        ServiceEvent end = event(30, Kind.EXITED, Cause.ITSELF, Optional.of(DONE), "exit code 0, after 2 min");
        assertThat(story(Optional.of(done), true, List.of(), end)).isEqualTo("""
                        web-8000 ended by itself 30s ago: exit code 0.
                        Its last ends:
                          14:59:30  exit code 0, after 2 min  (pid 130)
                        Next: nothing: exit code 0 means done under the restart policy on-failure.
                        Try: tsm start web-8000
                        """);
    }

    @Test
    void why_one_is_not_started_again() {
        RestartPolicy usual = RestartPolicy.DEFAULT;
        assertThat(next(usual.withMode(RestartPolicy.Mode.NEVER), FAILED))
                .isEqualTo("nothing: its restart policy is never");
        assertThat(next(usual.withDoneCodes(Set.of(3)), FAILED))
                .isEqualTo("nothing: exit code 3 is one of those that mean done");
        assertThat(next(usual, KILLED)).isEqualTo("nothing: it stays as it is until it is started");
    }

    private static String next(RestartPolicy policy, Exit.Outcome outcome) {
        Service crashed = service(ServiceSpec.command("serve").restart(policy))
                .status(Status.CRASHED, Optional.empty())
                .exit(new Exit(outcome, at(30)))
                .build();
        return Why.of(new Why.Known("web-8000", Optional.of(crashed), List.of(), List.of(), true, NOW))
                .next();
    }

    @Test
    void one_whose_owner_is_dead() {
        Service crashed = service()
                .status(Status.CRASHED, Optional.of("ended by signal 9 (KILL), which TSM did not send"))
                .exit(new Exit(KILLED, at(7)))
                .build();
        // The end that events tell of is that of another run: nobody was there to tell of this one.
        assertThat(story(
                        Optional.of(crashed),
                        false,
                        List.of("current.out: hello"),
                        event(500, Kind.EXITED, Cause.ITSELF, Optional.of(FAILED), "exit code 3, after 2 s", "old"),
                        event(499, Kind.LAUNCHED, Cause.POLICY, Optional.empty(), "started again after exit code 3")))
                .isEqualTo("""
                        web-8000 crashed 7s ago: signal 9 (KILL).
                        Its last ends:
                          14:51:40  exit code 3, after 2 s  (pid 600)
                        It was started:
                          14:51:41  started again after exit code 3  (pid 599)
                        It wrote last:
                          out| hello
                        Next: nobody watches: no owner runs that would start it again.
                        Try: tsm start web-8000
                        """);
        assertThat(story(Optional.of(running(service(), 5).build()), false, List.of()))
                .isEqualTo("""
                        web-8000 is online, started 5s ago as pid 4711.
                        Next: it runs, but nobody watches: no owner runs that would start it again.
                        Try: tsm owner start
                        """);
    }

    @Test
    void one_that_was_deleted() {
        assertThat(story(
                        Optional.empty(),
                        true,
                        List.of(),
                        event(
                                300,
                                Kind.STOPPED,
                                Cause.USER,
                                Optional.of(new Exit.Signalled(15)),
                                "stopped; signal 15 (TERM)"),
                        event(300, Kind.DELETED, Cause.USER, Optional.empty(), "forgotten, logs included")))
                .isEqualTo("""
                        web-8000 was deleted 5m 0s ago by a user's command.
                        Its last ends:
                          14:55:00  by a user's command: stopped; signal 15 (TERM)  (pid 400)
                        Next: nothing: it is no service any more.
                        """);
    }

    @Test
    void one_whose_first_start_failed() {
        assertThat(story(
                        Optional.empty(),
                        true,
                        List.of(),
                        event(10, Kind.LAUNCHED, Cause.USER, Optional.empty(), "started"),
                        event(
                                10,
                                Kind.START_FAILED,
                                Cause.USER,
                                Optional.of(FAILED),
                                "ended right after its start with exit code 3",
                                "current.err: no such module")))
                .isEqualTo("""
                        web-8000 did not start 10s ago, and nothing of it was kept.
                        Its last ends:
                          14:59:50  start failed: ended right after its start with exit code 3  (pid 110)
                        It was started:
                          14:59:50  started  (pid 110)
                        It wrote last:
                          err| no such module
                        Next: nothing: it is no service any more.
                        """);
    }

    @Test
    void one_that_is_on_its_way_or_not_well() {
        ServiceSpec.Builder spec = ServiceSpec.command("serve")
                .ready(new Readiness(Probe.parse("port")))
                .liveness(new Liveness(Probe.parse("port")));
        Service starting = running(service(spec), 4)
                .status(Status.STARTING, Optional.empty())
                .build();
        assertThat(story(Optional.of(starting), true, List.of())).isEqualTo("""
                        web-8000 is starting, launched 4s ago, and not ready yet.
                        Next: it has 30s from its launch to be ready: port.
                        Try: tsm logs -f web-8000
                        """);
        Service ill = running(service(spec), 4)
                .health(new Service.Health(Optional.of(false), 2, Optional.of("connection refused")))
                .build();
        assertThat(story(Optional.of(ill), true, List.of()))
                .startsWith("web-8000 is online, started 4s ago as pid 4711, but its probe failed twice in a row:"
                        + " connection refused.\n")
                .endsWith("Try: tsm logs web-8000\n");
        Service stopping = running(service(spec), 4)
                .status(Status.STOPPING, Optional.empty())
                .build();
        assertThat(story(Optional.of(stopping), true, List.of())).isEqualTo("""
                        web-8000 is stopping.
                        Next: KILL, for what is left after 5s.
                        Try: tsm kill web-8000
                        """);
    }

    @Test
    void one_of_which_no_event_tells() {
        Service stopped = service()
                .status(Status.STOPPED, Optional.of("killed: it did not end within 5 s"))
                .exit(new Exit(KILLED, at(30)))
                .build();
        assertThat(story(Optional.of(stopped), true, List.of())).isEqualTo("""
                        web-8000 was stopped 30s ago: killed: it did not end within 5 s.
                        Next: nothing: it stays as it is until it is started.
                        Try: tsm start web-8000
                        """);
        assertThat(story(Optional.of(service().build()), true, List.of()))
                .startsWith("web-8000 is stopped; it never ran.\n");
    }
}
