package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.internal.Fingerprints.Difference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FingerprintsProperties {
    @Property(tries = 300)
    void theDifferenceIsWhatBecameOfTheVariables(
            @ForAll("variables") Map<String, String> before, @ForAll("variables") Map<String, String> after) {
        Difference difference =
                Fingerprints.difference(Fingerprints.of("token", before), Fingerprints.of("token", after));
        assertThat(difference.isEmpty()).isEqualTo(before.equals(after));
        assertThat(difference.added())
                .isSorted()
                .allSatisfy(name -> assertThat(before).doesNotContainKey(name))
                .allSatisfy(name -> assertThat(after).containsKey(name));
        assertThat(difference.removed())
                .isSorted()
                .allSatisfy(name -> assertThat(after).doesNotContainKey(name));
        Map<String, String> same = new HashMap<>(before);
        same.keySet().removeAll(difference.removed());
        same.keySet().removeAll(difference.changed());
        Map<String, String> expected = new HashMap<>(after);
        expected.keySet().removeAll(difference.added());
        expected.keySet().removeAll(difference.changed());
        assertThat(same).isEqualTo(expected);
    }

    @Property(tries = 200)
    void aFingerprintIsSixDigitsThatDependOnTheTokenToo(@ForAll String token, @ForAll String value) {
        String fingerprint = fingerprint(token, value);
        assertThat(fingerprint).matches("[0-9a-f]{6}").isEqualTo(fingerprint(token, value));
        assertThat(List.of(
                        fingerprint(token + "1", value),
                        fingerprint(token + "2", value),
                        fingerprint(token + "3", value)))
                .isNotEqualTo(List.of(fingerprint, fingerprint, fingerprint));
    }

    @Example
    void itIsTheHmacOfTheValueCutToThreeBytes() {
        // printf value | openssl dgst -sha256 -hmac tsm:token
        assertThat(fingerprint("token", "value")).isEqualTo("d1a2eb");
    }

    @Example
    void theSpecsVariablesAreOverThoseOfItsFile() {
        ServiceSpec spec =
                ServiceSpec.command("x").environment(Map.of("A", "spec")).build();
        assertThat(Fingerprints.own(spec, Map.of("A", "file", "B", "file")))
                .isEqualTo(Map.of("A", "spec", "B", "file"));
    }

    @Example
    void aDifferenceIsOneLineOfNames() {
        Difference difference = Fingerprints.difference(
                Map.of("A", "1", "B", "2", "C", "3"), Map.of("B", "2", "C", "4", "D", "5", "E", "6"));
        assertThat(difference).hasToString("+D +E -A ~C");
    }

    private static String fingerprint(String token, String value) {
        return String.valueOf(Fingerprints.of(token, Map.of("A", value)).get("A"));
    }

    @Provide
    Arbitrary<Map<String, String>> variables() {
        return Arbitraries.maps(Arbitraries.of("A", "B", "C", "D"), Arbitraries.of("", "1", "2", "long secret", "ü"))
                .ofMaxSize(4);
    }
}
