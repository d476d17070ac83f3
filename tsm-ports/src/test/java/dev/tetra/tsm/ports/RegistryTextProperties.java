package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RegistryTextProperties {

    private static RegistryText parse(String text) throws IOException {
        return RegistryText.parse("ports", text);
    }

    @Property
    void whatIsPrintedParsesToTheSame(@ForAll("claimLists") List<Claim> claims) throws IOException {
        RegistryText text = RegistryText.empty();
        text.claims().addAll(claims);
        RegistryText again = parse(text.print());
        assertThat(again.claims()).isEqualTo(claims);
        assertThat(again.problems()).isEmpty();
    }

    @Property
    void aTextThatIsCutAnywhereHasOnlyClaimsThatWereThere(@ForAll("claimLists") List<Claim> claims, @ForAll int seed)
            throws IOException {
        RegistryText text = RegistryText.empty();
        text.claims().addAll(claims);
        String whole = text.print();
        String cut = whole.substring(0, Math.floorMod(seed, whole.length()));
        RegistryText parsed = parse(cut);
        assertThat(claims).containsAll(parsed.claims());
        boolean atLineEnd = cut.isEmpty() || cut.endsWith("\n");
        assertThat(parsed.problems().isEmpty()).isEqualTo(atLineEnd);
    }

    @Property
    void anyTextIsReadAndNothingOfItIsLost(@ForAll("garbage") String garbage) throws IOException {
        RegistryText parsed = parse("tsm-ports 1\n" + garbage);
        RegistryText again = parse(parsed.print());
        assertThat(again.claims()).isEqualTo(parsed.claims());
        assertThat(again.setAside()).isEqualTo(parsed.setAside());
        assertThat(again.problems()).hasSameSizeAs(parsed.problems());
    }

    @Example
    void aWrongLineIsSetAsideAndTheOthersWork() throws IOException {
        Claim good = Claim.primary("web", 8000);
        RegistryText parsed = parse("tsm-ports 1\n" + good.line() + "\nrubbish\n99999\ttcp\tbind\tprimary\t-\tx\n");
        assertThat(parsed.claims()).containsExactly(good);
        assertThat(parsed.problems())
                .containsExactly(
                        "ports:3: set aside, a claim has 6 fields, this line has 1; mend or delete the line: rubbish",
                        "ports:4: set aside, port not in [1, 65535]: 99999; mend or delete the line:"
                                + " 99999?tcp?bind?primary?-?x");
    }

    @Example
    void aLineThatWasCutNeverBecomesAClaim() throws IOException {
        String whole = "tsm-ports 1\n" + Claim.primary("web-8000", 8000).line();
        RegistryText parsed = parse(whole.substring(0, whole.length() - 2));
        assertThat(parsed.claims()).isEmpty();
        assertThat(parse(parsed.print()).claims()).isEmpty();
    }

    @Example
    void aNewerVersionsFileIsNotTouched() {
        assertThatThrownBy(() -> parse("tsm-ports 2\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("ports was written by a newer version (tsm-ports 2); use that version");
    }

    @Example
    void aClaimThatWouldBreakTheFileCannotBeMade() {
        assertThatThrownBy(() -> Claim.primary(" ", 80)).hasMessage("service of a claim is blank");
        assertThatThrownBy(() -> Claim.primary("a\tb", 80))
                .hasMessage("service of a claim has a control character at index 1: a?b");
        assertThatThrownBy(() -> Claim.primary("a", 0)).hasMessage("port not in [1, 65535]: 0");
        assertThatThrownBy(() -> new Claim("a", 80, Transport.UDP, "x\n", Relation.BIND, Optional.empty()))
                .hasMessageContaining("protocol");
        assertThatThrownBy(() -> new Claim("a", 80, Transport.UDP, "x", Relation.BIND, Optional.of("-")))
                .hasMessageContaining("group");
    }

    @Property
    void conflictsAreMutualAndOnlyOfWhatIsExclusive(@ForAll("claims") Claim one, @ForAll("claims") Claim two) {
        assertThat(one.conflictsWith(two)).isEqualTo(two.conflictsWith(one));
        for (Relation relation : Relation.values()) {
            assertThat(Relation.SEND_TO.conflictsWith(relation)).isFalse();
            assertThat(Relation.BIND.conflictsWith(relation)).isEqualTo(relation != Relation.SEND_TO);
            assertThat(Relation.BIND_SHARED.conflictsWith(relation)).isEqualTo(relation == Relation.BIND);
        }
    }

    @Provide
    Arbitrary<List<Claim>> claimLists() {
        return claims().list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<Claim> claims() {
        Arbitrary<String> text = Arbitraries.oneOf(
                        Arbitraries.strings().ofMinLength(1).ofMaxLength(12),
                        Arbitraries.of("web-8000", "?", "-", "#", "é", "a b"))
                .filter(value -> !value.isBlank()
                        && value.chars().noneMatch(Character::isISOControl)
                        && value.codePoints().noneMatch(point -> Character.getType(point) == Character.SURROGATE));
        return Combinators.combine(
                        text,
                        Arbitraries.integers().between(1, 65535),
                        Arbitraries.of(Transport.class),
                        text,
                        Arbitraries.of(Relation.class),
                        text.filter(group -> !group.equals("-")).optional())
                .as(Claim::new);
    }

    @Provide
    Arbitrary<String> garbage() {
        return Arbitraries.of(
                        "80",
                        "\t",
                        "\n",
                        "tcp",
                        "bind",
                        "primary",
                        "-",
                        "web",
                        "?",
                        "\r",
                        "\0",
                        " ",
                        "tsm-ports 1",
                        "80\ttcp\tbind\tp\t-\tw\n")
                .list()
                .ofMaxSize(15)
                .map(parts -> String.join("", parts));
    }
}
