package dev.tetra.tsm.core.internal.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

class VariablePrintsProperties {
    @Property(tries = 300)
    void whatIsDifferentIsNamedAndNothingElse(
            @ForAll @NotEmpty @Size(max = 6) Map<@AlphaChars String, String> before,
            @ForAll @NotEmpty @Size(max = 6) Map<@AlphaChars String, String> now) {
        Map<String, String> expected = new TreeMap<>();
        before.forEach((name, value) -> {
            if (!now.containsKey(name)) {
                expected.put(name, "removed");
            } else if (!now.get(name).equals(value)) {
                expected.put(name, "changed");
            }
        });
        now.forEach((name, value) -> {
            if (!before.containsKey(name)) {
                expected.put(name, "added");
            }
        });

        assertThat(VariablePrints.changes(VariablePrints.of("salt", before), VariablePrints.of("salt", now)))
                .isEqualTo(expected.entrySet().stream()
                        .map(change -> change.getValue() + " " + change.getKey())
                        .toList());
    }

    @Property(tries = 100)
    void noValueIsInAPrint(@ForAll Map<@AlphaChars String, String> variables) {
        assertThat(VariablePrints.of("salt", variables).values())
                .allSatisfy(print -> assertThat(print).matches("[0-9a-f]{8}"));
    }

    @Example
    void theSameValueLooksDifferentInAnotherServiceAndUnderAnotherName() {
        Map<String, String> variables = Map.of("A", "secret", "B", "secret");
        Map<String, String> one = VariablePrints.of("one", variables);
        assertThat(one.get("A")).isNotEqualTo(one.get("B"));
        assertThat(one.get("A"))
                .isNotEqualTo(VariablePrints.of("two", variables).get("A"));
    }

    @Example
    void ourOwnVariablesAndAFirstStartAreNoNews() {
        Map<String, String> variables = new HashMap<>(Map.of("TSM_ID", "x", "PATH", "/bin"));
        assertThat(VariablePrints.of("salt", variables)).containsOnlyKeys("PATH");
        assertThat(VariablePrints.changes(Map.of(), VariablePrints.of("salt", variables)))
                .isEqualTo(List.of());
    }
}
