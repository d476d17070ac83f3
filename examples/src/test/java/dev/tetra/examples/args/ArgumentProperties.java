package dev.tetra.examples.args;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** The promise of docs/adr/0003: one table, two readers, one meaning. */
class ArgumentProperties {
    private static final List<Option> OPTIONS = List.of(
            Option.flag("A flag.", "-f", "--flag"),
            Option.flag("Another.", "--json"),
            Option.value("NAME", "A value.", "--name"),
            Option.value("N", "A value with two names.", "-n", "--lines"),
            Option.value("ID", "Any number of values.", "--id").repeated(),
            Option.flag("Help.", "-h", "--help"));

    private static final List<Verb> VERBS = List.of(
            verb(Operands.NONE),
            verb(Operands.words("WORD", "Words.", 0, Integer.MAX_VALUE, "")),
            verb(Operands.words("WORD", "One word.", 1, 1, "")),
            verb(Operands.words("WORD", "At most one word.", 0, 1, "")),
            verb(Operands.command("COMMAND", "A command.", "")));

    private static Verb verb(Operands operands) {
        return new Verb("verb", List.of(), "Does it.", operands, OPTIONS, List.of());
    }

    @Property(tries = 4000)
    void whatever_the_small_reader_accepts_picocli_reads_to_the_same_values(
            @ForAll("verbs") Verb verb, @ForAll("lines") List<String> line) {
        Optional<Arguments> read = ArgumentReader.read(verb, line);

        Statistics.label("accepted").collect(read.isPresent());
        if (read.isPresent()) {
            assertThat(PicocliReader.read("tsm", verb, line)).isEqualTo(read.get());
        }
    }

    @Property(tries = 4000)
    void what_picocli_accepts_has_as_many_words_as_the_verb_takes(
            @ForAll("verbs") Verb verb, @ForAll("lines") List<String> line) {
        try {
            Arguments read = PicocliReader.read("tsm", verb, line);
            if (!read.options().containsKey("--help")) {
                assertThat(read.words().size())
                        .isBetween(verb.operands().least(), verb.operands().most());
            }
        } catch (UsageException refused) {
            assertThat(refused)
                    .hasMessageEndingWith("tsm verb --help shows how")
                    .hasMessageNotContaining("Exception");
        }
    }

    @Property(tries = 4000)
    void the_small_reader_accepts_every_ordinary_line(@ForAll("ordinary") List<String> line) {
        Verb verb = verb(Operands.words("WORD", "Words.", 0, Integer.MAX_VALUE, ""));

        assertThat(ArgumentReader.read(verb, line)).isPresent();
    }

    @Provide
    Arbitrary<Verb> verbs() {
        return Arbitraries.of(VERBS);
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> known =
                Arbitraries.of("-f", "--flag", "--json", "--name", "-n", "--lines", "--id", "-h", "--help", "--");
        Arbitrary<String> attached = Arbitraries.of(
                "--name=web",
                "--name=",
                "--id=1",
                "--id=a=b",
                "--flag=true",
                "-n5",
                "-n=5",
                "-fn",
                "-fh",
                "--lines=-1");
        Arbitrary<String> odd = Arbitraries.of(
                "--nam",
                "--li",
                "--unknown",
                "-x",
                "-",
                "-1",
                "",
                " ",
                "@file",
                "@@at",
                "\"quoted\"",
                "'*'",
                "a,b",
                "a=b",
                "---",
                "--=x",
                "--no-flag",
                "${PATH}",
                "%s",
                "ünïcödé",
                "\\",
                "null",
                "_NULL_");
        Arbitrary<String> words =
                Arbitraries.of("web", "8000", "*", "sleep", "10", "x").edgeCases(edges -> edges.none());
        return Arbitraries.frequencyOf(Tuple.of(6, known), Tuple.of(2, attached), Tuple.of(2, odd), Tuple.of(5, words))
                .list()
                .ofMaxSize(7);
    }

    /** Options with values that are not taken for options, each of those that are not repeatable at most once, and words. */
    @Provide
    Arbitrary<List<String>> ordinary() {
        Arbitrary<String> value =
                Arbitraries.strings().ofMinLength(1).ofMaxLength(6).filter(text -> !text.startsWith("-"));
        Arbitrary<List<String>> words = value.list().ofMaxSize(3);
        Arbitrary<List<String>> name =
                Arbitraries.oneOf(Arbitraries.just(List.of()), value.map(text -> List.of("--name", text)));
        Arbitrary<List<String>> ids = value.map(text -> List.of("--id=" + text))
                .list()
                .ofMaxSize(3)
                .map(lists -> {
                    List<String> all = new ArrayList<>();
                    lists.forEach(all::addAll);
                    return all;
                });
        return Combinators.combine(name, words, ids).as((first, second, third) -> {
            List<String> all = new ArrayList<>(first);
            all.addAll(second);
            all.addAll(third);
            return all;
        });
    }
}
