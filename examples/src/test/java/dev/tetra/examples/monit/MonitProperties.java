package dev.tetra.examples.monit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.examples.monit.Key.Special;
import dev.tetra.examples.text.Width;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.Status;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is pressed and seen, in whatever order, on a terminal of whatever size. */
class MonitProperties {
    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void whatever_happens_the_choice_is_valid_and_the_lines_fit(
            @ForAll("events") List<Function<Model, Step>> events, @ForAll("sizes") Size size) {
        Model model = Model.first(size, "/some/where/tsm");
        check(model);
        for (Function<Model, Step> event : events) {
            Model before = model;
            Step step = event.apply(before);
            model = step.model();
            check(model);
            step.request().ifPresent(request -> {
                assertThat(before.look().rows()).anySatisfy(row -> {
                    assertThat(row.name()).isEqualTo(request.name());
                    assertThat(row.token()).isEqualTo(request.token());
                });
                boolean asked = request.deed() == Deed.KILL || request.deed() == Deed.DELETE;
                assertThat(before.question().isPresent()).isEqualTo(asked);
            });
        }
    }

    private static void check(Model model) {
        List<Row> listed = model.listed();
        int index = model.choice().index();
        if (listed.isEmpty()) {
            assertThat(model.chosen()).isEmpty();
            assertThat(index).isZero();
            assertThat(model.top()).isZero();
        } else {
            assertThat(index).isBetween(0, listed.size() - 1);
            assertThat(model.chosen()).contains(listed.get(index));
        }
        int table = Layout.of(model.size().rows(), listed.size(), model.mode()).table();
        if (table > 0 && model.mode() != Mode.HELP) {
            assertThat(index).isBetween(model.top(), model.top() + table - 1);
        }
        List<Line> lines = View.lines(model);
        assertThat(lines).hasSize(model.size().rows());
        for (Line line : lines) {
            assertThat(Width.of(line.text())).isLessThanOrEqualTo(model.size().columns());
            assertThat(line.text().chars()).noneMatch(Character::isISOControl);
        }
        long chosen = lines.stream().filter(Line::chosen).count();
        boolean tableIsShown = model.mode() == Mode.TABLE || model.mode() == Mode.FILTER;
        assertThat(chosen).isEqualTo(tableIsShown && !listed.isEmpty() ? 1 : 0);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void a_screen_is_shared_out_to_the_last_line(@ForAll("sizes") Size size, @ForAll("counts") int services) {
        for (Mode mode : Mode.values()) {
            Layout layout = Layout.of(size.rows(), services, mode);
            int sum = layout.head() + layout.titles() + layout.table() + layout.rule() + layout.log() + layout.bottom();
            assertThat(sum).isEqualTo(size.rows());
            assertThat(layout.table() + layout.log()).isPositive();
            assertThat(Math.min(layout.table(), layout.log())).isNotNegative();
        }
    }

    @Property(tries = 2000)
    void no_text_steers_the_terminal(@ForAll("texts") String text) {
        String harmless = Harmless.text(text);

        assertThat(harmless.chars())
                .noneMatch(character -> Character.isISOControl(character)
                        || (character >= 0x2028 && character <= 0x202e)
                        || (character >= 0x2066 && character <= 0x2069));
        assertThat(Harmless.text(harmless)).isEqualTo(harmless);
        if (text.chars().allMatch(character -> character >= ' ' && character <= '~')) {
            assertThat(harmless).isEqualTo(text);
        }
    }

    @Provide
    Arbitrary<Size> sizes() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 50),
                        Arbitraries.integers().between(1, 150))
                .as(Size::new);
    }

    @Provide
    Arbitrary<Integer> counts() {
        return Arbitraries.integers().between(0, 200);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> bad = Arbitraries.of(
                "\u001b[31m",
                "\u001b",
                "\u001b[",
                "\u001b]0;title\u0007",
                "\u001bP",
                "\u009b2J",
                "\r",
                "\t",
                "\b",
                "\u202e",
                "\u2028",
                "\u001b(0",
                "\u001b\\",
                "日本",
                "e\u0301",
                "\ud83d\ude00",
                "\ud800",
                "\0");
        Arbitrary<String> plain = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(12);
        return Arbitraries.frequencyOf(Tuple.of(2, plain), Tuple.of(1, bad), Tuple.of(1, Arbitraries.strings()))
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<Function<Model, Step>>> events() {
        Arbitrary<Key> letters = Arbitraries.of(
                        'j', 'k', 's', 'S', 'r', 'x', 'd', 'y', 'n', '/', 'l', 'o', ' ', '?', 'a', '1', '\0')
                .map(Key::of);
        Arbitrary<Key> specials = Arbitraries.of(Special.class).map(key -> key);
        Arbitrary<Function<Model, Step>> keys =
                Arbitraries.oneOf(letters, specials).map(key -> model -> model.press(key));
        Arbitrary<Function<Model, Step>> looks =
                looks().map(look -> model -> new Step(model.looked(look), Optional.empty()));
        Arbitrary<Function<Model, Step>> logs =
                logs().map(log -> model -> new Step(model.logged(log), Optional.empty()));
        Arbitrary<Function<Model, Step>> resizes =
                sizes().map(size -> model -> new Step(model.resized(size), Optional.empty()));
        Arbitrary<Function<Model, Step>> results = Combinators.combine(names(), texts())
                .as((name, text) -> model -> new Step(
                        model.done(new Request(Deed.STOP, name, ""), new Message(text, true)), Optional.empty()));
        return Arbitraries.frequencyOf(
                        Tuple.of(8, keys),
                        Tuple.of(3, looks),
                        Tuple.of(2, logs),
                        Tuple.of(1, resizes),
                        Tuple.of(1, results))
                .list()
                .ofMaxSize(30);
    }

    private Arbitrary<String> names() {
        return Arbitraries.oneOf(Arbitraries.of("a", "b", "web-8000", "worker", "日本語", "x".repeat(90)), texts());
    }

    private Arbitrary<Row> rows() {
        Arbitrary<Optional<Status>> statuses = Arbitraries.of(Status.class).optional();
        Arbitrary<OptionalLong> amounts = Arbitraries.longs()
                .between(0, Long.MAX_VALUE)
                .optional()
                .map(amount -> amount.isPresent() ? OptionalLong.of(amount.get()) : OptionalLong.empty());
        Arbitrary<OptionalInt> numbers = Arbitraries.integers()
                .between(0, 99_999)
                .optional()
                .map(number -> number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty());
        return Combinators.combine(names(), Arbitraries.of("", "t1", "t2"), statuses, numbers, amounts, texts())
                .as((name, token, status, number, amount, note) -> new Row(
                        name,
                        token,
                        number,
                        status,
                        amount,
                        number.isPresent() ? Integer.toString(number.getAsInt()) : "socket",
                        number,
                        amount,
                        amount,
                        number.orElse(0),
                        note));
    }

    private Arbitrary<Look> looks() {
        return Combinators.combine(
                        rows().list().ofMaxSize(12).uniqueElements(Row::name),
                        Arbitraries.longs().between(0, 100),
                        texts().optional(0.1),
                        Arbitraries.of(OptionalLong.empty(), OptionalLong.of(4711)))
                .as((rows, seconds, problem, owner) -> new Look(
                        "/some/where/tsm",
                        owner,
                        rows,
                        problem,
                        LocalDateTime.of(2026, 1, 1, 0, 0).plusSeconds(seconds),
                        seconds));
    }

    private Arbitrary<Log> logs() {
        Arbitrary<LogLine> lines = Combinators.combine(Arbitraries.of(LogLine.Stream.class), texts())
                .as((stream, text) -> new LogLine("web-8000", stream, text));
        return Combinators.combine(
                        names(),
                        lines.list().ofMaxSize(40),
                        Arbitraries.integers().between(0, 500),
                        Arbitraries.of(true, false))
                .as((name, some, more, read) -> new Log(name, some.size() + more, some, read));
    }
}
