package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.internal.Fingerprints;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.Relation;
import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpecDiffTest {
    private static final ServiceSpec SPEC = ServiceSpec.command("python3", "web.py")
            .name("web")
            .cwd(Path.of("/srv"))
            .port(8000)
            .build();

    @Test
    void whatIsAsWantedDiffersInNothing() {
        SpecDiff diff = SpecDiff.between(service("web", 8000, SPEC, Map.of()), SPEC, Map.of());
        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.isOfTheProcess()).isFalse();
        assertThat(diff).hasToString("");
    }

    @Test
    void theFileThatASpecIsFromIsNoPartOfWhatIsWanted() {
        ServiceSpec fromFile = SPEC.with().file(Path.of("/srv/services.yml")).build();
        assertThat(SpecDiff.between(service("web", 8000, SPEC, Map.of()), fromFile, Map.of())
                        .isEmpty())
                .isTrue();
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change(
                        spec -> spec.command(List.of("python3", "a b.py")),
                        true,
                        "command: python3 web.py → python3 'a b.py'"),
                change(spec -> spec.name("shop"), true, "name: web → shop"),
                change(spec -> spec.cwd(Path.of("/opt")), true, "cwd: /srv → /opt"),
                change(spec -> spec.port(8001), true, "port: 8000 → 8001"),
                change(spec -> spec.port(new PortSpec.None()), true, "port: 8000 → none"),
                change(spec -> spec.envFile(Path.of("/srv/a.env")), true, "env_file: unset → /srv/a.env"),
                change(spec -> spec.preHook("sh:a\nb\u001b"), true, "hooks.pre_start: unset → sh:a\\nb?"),
                change(
                        spec -> spec.hooks(new Hooks(Optional.empty(), Optional.of("a"), Optional.of("b"))),
                        false,
                        "hooks.post_start: unset → a",
                        "hooks.post_stop: unset → b"),
                change(
                        spec -> spec.restart(new RestartPolicy(
                                RestartPolicy.Mode.ALWAYS,
                                Set.of(3, 0),
                                Duration.ofSeconds(2),
                                5,
                                Duration.ofMillis(5),
                                Duration.ofMinutes(1))),
                        false,
                        "restart.policy: on-failure → always",
                        "restart.done_codes: [] → [0, 3]",
                        "restart.min_uptime: 1s → 2s",
                        "restart.limit: 16 → 5",
                        "restart.first_delay: 100ms → 5ms",
                        "restart.longest_delay: 15s → 1m"),
                change(
                        spec -> spec.stop(
                                new StopPolicy(UnixSignal.KILL, Duration.ofSeconds(1), Optional.of(UnixSignal.HUP))),
                        false,
                        "stop.signal: TERM → KILL",
                        "stop.grace: 5s → 1s",
                        "reload_signal: unset → HUP"),
                change(spec -> spec.ready(new Readiness(new Probe.Port())), false, "ready: unset → port within 30s"),
                change(
                        spec -> spec.liveness(new Liveness(new Probe.Socket())),
                        false,
                        "liveness: unset → socket every 10s within 2s, 3 times"),
                change(spec -> spec.dependsOn(List.of(Dependency.parse("db"))), false, "depends_on: [] → [db:ready]"),
                change(spec -> spec.parent("quasar"), false, "parent: unset → quasar"),
                change(spec -> spec.commType("pipe"), false, "comm_type: unset → pipe"),
                change(
                        spec -> spec.logs(new LogPolicy(1 << 20, Duration.ofDays(1), 2)),
                        false,
                        "logs.max_size: 32M → 1M",
                        "logs.max_age: 0ms → 1d",
                        "logs.keep: 5 → 2"));
    }

    private static Arguments change(
            UnaryOperator<ServiceSpec.Builder> change, boolean ofTheProcess, String... clauses) {
        return Arguments.of(change.apply(SPEC.with()).build(), ofTheProcess, List.of(clauses));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyPartOfASpecHasItsClause(ServiceSpec wanted, boolean ofTheProcess, List<String> clauses) {
        SpecDiff diff = SpecDiff.between(service("web", 8000, SPEC, Map.of()), wanted, Map.of());
        assertThat(diff.differences()).extracting(SpecDiff.Difference::toString).isEqualTo(clauses);
        assertThat(diff.isOfTheProcess()).isEqualTo(ofTheProcess);
        assertThat(diff).hasToString(String.join("; ", clauses));
    }

    @Test
    void aSpecWithoutANameOrWithTheFullOneIsTheSame() {
        Service service = service("web", 8000, SPEC, Map.of());
        ServiceSpec unnamed =
                ServiceSpec.command(SPEC.command()).cwd(SPEC.cwd()).port(8000).build();
        assertThat(SpecDiff.between(service, unnamed, Map.of()).isEmpty()).isTrue();
        assertThat(SpecDiff.between(service, SPEC.with().name("web-8000").build(), Map.of())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void variablesAreComparedByFingerprintsAndShownByName() {
        Service service = service("web", 8000, SPEC, Map.of("A", "1", "B", "old secret", "C", "3", "D", "4"));
        ServiceSpec wanted = SPEC.with()
                .environment(Map.of("A", "1", "B", "new secret", "E", "5"))
                .build();
        SpecDiff diff = SpecDiff.between(service, wanted, Map.of("A", "2", "C", "3"));
        assertThat(diff).hasToString("environment: +E -D ~B");
        assertThat(diff.isOfTheProcess()).isTrue();
        assertThat(SpecDiff.between(
                                service,
                                SPEC.with().environment(Map.of("D", "4")).build(),
                                Map.of("A", "1", "B", "old secret", "C", "3"))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void whatTheFileDoesNotGiveWasSetByHand() {
        Service service = service("web", 8000, SPEC, Map.of("A", "1", "B", "2", "C", "3"));
        assertThat(SpecDiff.setByHand(service, Map.of("A", "1", "B", "other", "Z", "9")))
                .containsExactly("B", "C");
    }

    @Test
    void theCounterpartHasTheFullNameOrElseTheNameWithoutPort() {
        Service first = service("web", 8000, SPEC, Map.of());
        Service second = service("web", 8001, SPEC, Map.of());
        ServiceSpec open = ServiceSpec.command("x").name("web").build();
        assertThat(SpecDiff.counterpart(SPEC, List.of(first, second))).contains(first);
        assertThat(SpecDiff.counterpart(open, List.of(second))).contains(second);
        assertThat(SpecDiff.counterpart(SPEC, List.of(second))).contains(second);
        assertThat(SpecDiff.counterpart(open.with().name("shop").build(), List.of(first)))
                .isEmpty();
        assertThat(SpecDiff.counterpart(open.with().name("web-8001").build(), List.of(first, second)))
                .contains(second);
        assertThatThrownBy(() -> SpecDiff.counterpart(open, List.of(first, second)))
                .isInstanceOf(ServiceException.class)
                .hasMessage(
                        "web fits 2 services: web-8000, web-8001; write the port of the one that is meant into its spec");
    }

    private static Service service(String base, int port, ServiceSpec spec, Map<String, String> variables) {
        ServicePort main = new ServicePort(port, "tcp", "primary", Relation.BIND, Optional.empty());
        Service.Launch launch = new Service.Launch(
                spec.command(), Optional.empty(), ProcessType.PYTHON, ServiceType.PORT, List.of(main), List.of());
        return Service.of(0, base + "-" + port, "token", spec, launch)
                .variables(Fingerprints.of("token", variables))
                .build();
    }
}
