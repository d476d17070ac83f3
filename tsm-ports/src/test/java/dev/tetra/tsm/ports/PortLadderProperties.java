package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PortLadderProperties {

    private static final PortPatterns BUILT_IN = PortPatterns.builtIn();

    /** A rung that passes, or finds its own port, and notes that it was asked. */
    private record Scripted(int number, boolean passes, List<Integer> asked) implements PortRung {
        @Override
        public String name() {
            return "rung " + number;
        }

        @Override
        public RungAnswer climb(PortRequest request, PortUse use) {
            asked.add(number);
            return passes
                    ? new RungAnswer.Passed("passes")
                    : new RungAnswer.Found(1000 + number, request.command(), "finds");
        }
    }

    @Property
    void theFirstRungThatDoesNotPassDecidesAndNoneBehindItIsAsked(@ForAll @Size(max = 8) List<Boolean> passes) {
        List<Integer> asked = new ArrayList<>();
        List<PortRung> rungs = new ArrayList<>();
        for (int i = 0; i < passes.size(); i++) {
            rungs.add(new Scripted(i, passes.get(i), asked));
        }
        PortResolution resolution =
                PortLadder.of(rungs).resolve(PortRequest.of("web", List.of("x")), FakeUse.allFree());
        int first = passes.indexOf(false);
        assertThat(resolution.port().orElse(-1)).isEqualTo(first < 0 ? -1 : 1000 + first);
        assertThat(asked).hasSize(first < 0 ? passes.size() : first + 1).isSorted();
        assertThat(resolution.trace())
                .extracting(PortResolution.Step::rung)
                .isEqualTo(rungs.stream().map(PortRung::name).toList());
    }

    @Property
    void thePortIsInRangeAndFreeWhateverIsAsked(
            @ForAll("requests") PortRequest request,
            @ForAll("ranges") PortRange range,
            @ForAll AllocationPolicy policy,
            @ForAll @IntRange(min = 1, max = 65535) int firstHeld,
            @ForAll @IntRange(max = 2000) int held) {
        FakeUse use = FakeUse.allFree().held(firstHeld, Math.min(65535, firstHeld + held));
        PortResolution resolution = PortLadder.standard(BUILT_IN, range, policy).resolve(request, use);
        resolution.port().ifPresent(port -> {
            assertThat(port).isBetween(1, 65535);
            assertThat(use.holder(port)).isEmpty();
            assertThat(Placeholders.in(resolution.command())).as("places left").isFalse();
        });
        assertThat(resolution.trace()).hasSize(6);
    }

    @Property
    void theFlagWinsThenTheEnvFileThenTheRest(@ForAll("requests") PortRequest request) {
        PortResolution resolution = PortLadder.standard(
                        BUILT_IN, PortRange.DEFAULT, AllocationPolicy.WHEN_COMMAND_TAKES_PORT)
                .resolve(request, FakeUse.allFree());
        String answered = resolution.trace().stream()
                .filter(step -> !(step.answer() instanceof RungAnswer.Passed))
                .findFirst()
                .orElseThrow()
                .rung();
        if (request.flag().isPresent()) {
            assertThat(answered).isEqualTo("--port");
        } else if (request.environment().containsKey("PORT")) {
            assertThat(answered).isEqualTo("env file");
        } else {
            assertThat(answered).isIn("patterns", "command", "allocate", "none");
        }
    }

    @Provide
    Arbitrary<PortRange> ranges() {
        return Arbitraries.integers()
                .between(1, 65535)
                .flatMap(first -> Arbitraries.integers()
                        .between(first, Math.min(65535, first + 50))
                        .map(last -> new PortRange(first, last)));
    }

    @Provide
    Arbitrary<PortRequest> requests() {
        Arbitrary<String> ports = Arbitraries.integers().between(-1, 65537).map(String::valueOf);
        Arbitrary<String> words = Arbitraries.oneOf(
                Arbitraries.of(
                        "node",
                        "python3",
                        "-m",
                        "http.server",
                        "vite",
                        "--port",
                        "-p",
                        "$PORT",
                        "{port}",
                        "x.js",
                        "env"),
                ports,
                ports.map(port -> "localhost:" + port),
                ports.map(port -> "PORT=" + port));
        Arbitrary<Optional<PortSpec>> flags = Arbitraries.oneOf(
                Arbitraries.just(Optional.empty()),
                Arbitraries.integers().between(1, 65535).map(port -> Optional.of(new PortSpec.Exact(port))),
                Arbitraries.integers().between(1, 65535).map(port -> Optional.of(new PortSpec.AtLeast(port))));
        Arbitrary<Map<String, String>> environments =
                Arbitraries.oneOf(Arbitraries.just(Map.of()), ports.map(port -> Map.of("PORT", port)));
        return Combinators.combine(
                        words.list().ofMinSize(1).ofMaxSize(5), flags, environments, Arbitraries.of(true, false))
                .as((command, flag, environment, serves) ->
                        new PortRequest("web", "web", command, flag, environment, Optional.of("dev.env"), serves));
    }
}
