package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ServiceNamesProperties {
    private static final Path NOWHERE = Path.of("/no/such/directory");

    @Property
    void aNameThatPassesIsADirectChildOfAnyDirectory(@ForAll("words") String name, @ForAll("names") String parent) {
        if (passes(name)) {
            Path directory = Path.of("/srv", parent);
            Path child = directory.resolve(name).normalize();
            assertThat(child.getParent()).isEqualTo(directory);
            assertThat(child.getFileName()).hasToString(name);
        }
    }

    @Property
    void aCheckPassesOrRefusesAsInvalid(@ForAll("words") String name) {
        assertThat(passes(name)).isEqualTo(name.matches("(?=.*[^0-9])[A-Za-z0-9][A-Za-z0-9._-]{0,99}"));
    }

    @Property
    void aGivenNameIsKept(@ForAll("names") String name, @ForAll("commands") List<String> command) {
        assertThat(ServiceNames.base(Optional.of(name), Map.of("NAME", "other"), NOWHERE, command))
                .isEqualTo(name);
    }

    @Property
    void aNameDerivedFromTheEnvironmentFilePassesWithAnyPort(
            @ForAll("words") String wanted, @ForAll @IntRange(max = 65535) int port) {
        String base = ServiceNames.base(Optional.empty(), Map.of("NAME", wanted), NOWHERE, List.of());
        ServiceNames.check(base);
        ServiceNames.check(ServiceNames.withPort(base, OptionalInt.of(port)));
    }

    @Property
    void aNameDerivedFromTheDirectoryAndTheCommandPasses(
            @ForAll("words") String project, @ForAll("commands") List<String> command) {
        Path directory = NOWHERE.resolve(project.replaceAll("[^\\x01-\\x2e\\x30-\\x7f]", ""));
        ServiceNames.check(ServiceNames.base(Optional.empty(), Map.of(), directory, command));
    }

    @Property
    void aNameThatPassesAndIsShortEnoughIsDerivedAsItself(@ForAll("names") String name) {
        String tidy = name.replace("--", "-x");
        String derived = ServiceNames.base(Optional.empty(), Map.of("NAME", tidy + "x"), NOWHERE, List.of());
        assertThat(derived).isEqualTo(tidy + "x");
    }

    @Property
    void aPortIsNotAddedTwice(@ForAll("names") String name, @ForAll @IntRange(max = 65535) int port) {
        String once = ServiceNames.withPort(name, OptionalInt.of(port));
        assertThat(once).endsWith("-" + port);
        assertThat(ServiceNames.withPort(once, OptionalInt.of(port))).isEqualTo(once);
        ServiceNames.check(once);
    }

    @Property
    void everyNameIsFoundByItself(@ForAll("names") String name, @ForAll("names") String other) {
        assertThat(ServiceNames.nearest(name, List.of(other, name))).contains(name);
    }

    @Property
    void everyNameIsFoundByOneSlipWithOrWithoutPort(
            @ForAll("names") String name, @ForAll @IntRange(min = 1, max = 50) int at) {
        String typed = at >= name.length() ? name + "~" : name.substring(0, at) + "~" + name.substring(at + 1);
        assertThat(ServiceNames.nearest(typed, List.of(name))).containsExactly(name);
        assertThat(ServiceNames.nearest(typed, List.of(name + "-8000"))).containsExactly(name + "-8000");
    }

    private static boolean passes(String name) {
        try {
            ServiceNames.check(name);
            return true;
        } catch (ServiceException refusal) {
            assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
            return false;
        }
    }

    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> near =
                Arbitraries.strings().withChars("./\\-_~* aZ09@é\n").ofMaxLength(12);
        Arbitrary<String> digits = Arbitraries.strings().numeric().ofMaxLength(120);
        return Arbitraries.oneOf(names(), near, digits, Arbitraries.strings().ofMaxLength(150));
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> rest =
                Arbitraries.strings().alpha().numeric().withChars("._-").ofMaxLength(40);
        return rest.map(tail -> "n" + tail);
    }

    @Provide
    Arbitrary<List<String>> commands() {
        Arbitrary<String> first = Arbitraries.of(
                "python3", "node", "bash", "lua", "go", "java", "ruby", "php", "deno", "bun", "caddy", "./x.py",
                "a b.jar", "/", "");
        Arbitrary<String> next = Arbitraries.oneOf(
                Arbitraries.of(
                        "-m", "-um", "-c", "-jar", "--", "-", "run", "x.js", ".", "..", "/", "", "a/b.c/", "-S", "+o"),
                words());
        return first.flatMap(word -> next.list().ofMaxSize(4).map(rest -> {
            List<String> command = new ArrayList<>(rest);
            command.add(0, word);
            return command;
        }));
    }
}
