package dev.tetra.tsm.core.internal.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.ServiceEvent.Kind;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.internal.SomeService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventOfTest {
    private static final Instant BEGIN = Instant.ofEpochSecond(1_700_000_000);
    private static final Exit KILLED = new Exit(new Exit.Signalled(9), BEGIN);
    private static final Exit FAILED = new Exit(new Exit.Exited(3), BEGIN);

    private static Service running() {
        return SomeService.running("web", BEGIN).build();
    }

    private static void tells(ServiceEvent event, Kind kind, Cause cause, String text) {
        assertThat(event.kind()).isEqualTo(kind);
        assertThat(event.cause()).isEqualTo(cause);
        assertThat(event.text()).isEqualTo(text);
        assertThat(event.service()).isEqualTo("web");
        assertThat(event.id()).isEqualTo(3);
        assertThat(event.time()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void aStartSaysWhatItFollows() {
        ServiceEvent first = EventOf.launched(running(), Cause.USER, List.of("added PORT"));
        tells(first, Kind.LAUNCHED, Cause.USER, "started");
        assertThat(first.pid()).contains(4711L);
        assertThat(first.details()).containsExactly("added PORT");

        Service again = SomeService.of("web")
                .exit(KILLED)
                .restarts(3, 1)
                .run(running().run().orElseThrow(), BEGIN)
                .build();
        tells(
                EventOf.launched(again, Cause.POLICY, List.of()),
                Kind.LAUNCHED,
                Cause.POLICY,
                "started again after signal 9 (KILL); restart 3, unstable 1");
        tells(
                EventOf.launched(again.with().restarts(4, 0).build(), Cause.USER, List.of()),
                Kind.LAUNCHED,
                Cause.USER,
                "started again; restart 4");
        tells(
                EventOf.launched(again.with().restarts(4, 0).build(), Cause.PROBE, List.of()),
                Kind.LAUNCHED,
                Cause.PROBE,
                "started again after its probe failed; restart 4");
    }

    @Test
    void readinessSaysWhoFoundIt() {
        tells(EventOf.online(running(), Duration.ofMillis(312)), Kind.ONLINE, Cause.OWNER, "stayed up for 312 ms");
        Service probed = SomeService.of("web", ServiceSpec.command("serve").ready(new Readiness(Probe.parse("port"))))
                .build();
        tells(EventOf.online(probed, Duration.ofMillis(2100)), Kind.ONLINE, Cause.PROBE, "ready after 2.1 s: port");
    }

    @Test
    void anEndSaysHowAndAfterHowLong() {
        ServiceEvent exited =
                EventOf.exited(running(), FAILED, Doer.ITSELF, Duration.ofMinutes(125), List.of("current.err: oops"));
        tells(exited, Kind.EXITED, Cause.ITSELF, "exit code 3, after 2 h 5 min");
        assertThat(exited.exit()).contains(FAILED.outcome());
        assertThat(exited.details()).containsExactly("current.err: oops");
        tells(
                EventOf.exited(running(), KILLED, Doer.ITSELF, Duration.ofSeconds(12), List.of()),
                Kind.EXITED,
                Cause.ITSELF,
                "signal 9 (KILL), which TSM did not send, after 12 s");
        tells(
                EventOf.stopped(running(), Cause.USER, KILLED, "killed: it did not end within 5 s"),
                Kind.STOPPED,
                Cause.USER,
                "killed: it did not end within 5 s; signal 9 (KILL)");
        tells(
                EventOf.startFailed(
                        running(), Cause.USER, Optional.of(FAILED.outcome()), "ended right after its start", List.of()),
                Kind.START_FAILED,
                Cause.USER,
                "ended right after its start");
    }

    @Test
    void aWaitSaysWhichStartComes() {
        Service waiting = SomeService.of("web")
                .status(Status.WAITING, Optional.empty())
                .restarts(9, 4)
                .build();
        tells(
                EventOf.waiting(waiting, Duration.ofSeconds(3)),
                Kind.WAITING,
                Cause.POLICY,
                "waits 3 s, then start 5 of 16 in a row");
        tells(
                EventOf.errored(waiting, Cause.POLICY, "gave up after 16 short runs in a row", List.of()),
                Kind.ERRORED,
                Cause.POLICY,
                "gave up after 16 short runs in a row");
    }

    @Test
    void healthIsToldInWords() {
        ServiceSpec.Builder probed = ServiceSpec.command("serve").liveness(new Liveness(Probe.parse("port")));
        Service service = SomeService.of("web", probed)
                .health(new Service.Health(Optional.of(true), 2, Optional.of("connection refused")))
                .build();
        tells(EventOf.health(service), Kind.HEALTH, Cause.PROBE, "probe failed, 2 of 3 in a row: connection refused");
        tells(
                EventOf.health(service.with()
                        .health(new Service.Health(Optional.of(true), 0, Optional.empty()))
                        .build()),
                Kind.HEALTH,
                Cause.PROBE,
                "healthy");
        tells(
                EventOf.health(service.with()
                        .health(new Service.Health(Optional.empty(), 0, Optional.of("loading")))
                        .build()),
                Kind.HEALTH,
                Cause.ITSELF,
                "says: loading");
    }

    @Test
    void everythingElseIsToldInWords() {
        Service service = running();
        tells(EventOf.deleted(service, Cause.USER), Kind.DELETED, Cause.USER, "forgotten, logs included");
        tells(
                EventOf.swept(service, Cause.POLICY, 1),
                Kind.SWEPT,
                Cause.POLICY,
                "1 process that it had left behind was ended");
        tells(
                EventOf.swept(service, Cause.USER, 2),
                Kind.SWEPT,
                Cause.USER,
                "2 processes that it had left behind were ended");
        tells(
                EventOf.signalled(service, Cause.USER, UnixSignal.parse("USR1")),
                Kind.SIGNALLED,
                Cause.USER,
                "got signal 10 (USR1)");
        tells(
                EventOf.reloaded(service, Cause.USER, "RELOAD on its socket"),
                Kind.RELOADED,
                Cause.USER,
                "told to reload by RELOAD on its socket");
        tells(
                EventOf.adopted(service, 99),
                Kind.ADOPTED,
                Cause.OWNER,
                "taken over while it ran by the owner with pid 99");
        tells(
                EventOf.hook(service, "post-stop", Duration.ofMillis(20), Optional.of("exit code 1"), List.of()),
                Kind.HOOK,
                Cause.OWNER,
                "post-stop failed after 20 ms: exit code 1");
        tells(
                EventOf.rotated(service, Cause.OWNER, "current.out", 4096),
                Kind.ROTATED,
                Cause.OWNER,
                "current.out was cut at 4096 bytes");
    }

    @Test
    void lengthsOfTimeHaveTwoUnitsAtMost() {
        assertThat(List.of(0L, 999L, 1000L, 1099L, 2100L, 12_900L, 60_000L, 303_000L, 3_600_000L, 90_061_000L))
                .extracting(millis -> EventOf.span(Duration.ofMillis(millis)))
                .containsExactly(
                        "0 ms", "999 ms", "1 s", "1 s", "2.1 s", "12 s", "1 min", "5 min 3 s", "1 h", "1 d 1 h");
    }
}
