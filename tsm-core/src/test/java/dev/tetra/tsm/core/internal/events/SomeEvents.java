package dev.tetra.tsm.core.internal.events;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ServiceEvent;
import dev.tetra.tsm.core.ServiceEvent.Cause;
import dev.tetra.tsm.core.ServiceEvent.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Events for tests. */
final class SomeEvents {
    private SomeEvents() {}

    /** The event of that number. */
    static ServiceEvent numbered(int number) {
        return of("web", number, "event " + number);
    }

    static ServiceEvent of(String service, int number, String text) {
        return new ServiceEvent(
                Instant.ofEpochMilli(1_700_000_000_000L + number),
                service,
                0,
                Kind.ONLINE,
                Cause.OWNER,
                Optional.of(4711L),
                Optional.empty(),
                text,
                List.of());
    }

    /** Any event, of any texts. */
    static Arbitrary<ServiceEvent> any() {
        Arbitrary<String> texts = Arbitraries.strings()
                .ofMaxLength(30)
                .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c)));
        Arbitrary<Optional<Exit.Outcome>> exits = Arbitraries.oneOf(
                Arbitraries.just(Optional.empty()),
                Arbitraries.integers().between(0, 255).map(code -> Optional.of(new Exit.Exited(code))),
                Arbitraries.integers().between(1, 64).map(signal -> Optional.of(new Exit.Signalled(signal))),
                Arbitraries.just(Optional.of(new Exit.Lost())));
        return Combinators.combine(
                        Arbitraries.longs().map(Instant::ofEpochMilli),
                        texts,
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.of(Kind.class),
                        Arbitraries.of(Cause.class),
                        Arbitraries.longs().injectNull(0.3).map(Optional::ofNullable),
                        exits,
                        Combinators.combine(texts, texts.list().ofMaxSize(4)).as(Words::new))
                .as((time, service, id, kind, cause, pid, exit, words) ->
                        new ServiceEvent(time, service, id, kind, cause, pid, exit, words.text(), words.details()));
    }

    private record Words(String text, List<String> details) {}
}
