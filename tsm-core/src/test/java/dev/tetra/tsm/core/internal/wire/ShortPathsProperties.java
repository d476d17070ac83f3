package dev.tetra.tsm.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;

class ShortPathsProperties {
    @Property
    void aFileNameFitsAndIsTheNameWhereThatFits(@ForAll @StringLength(max = 300) String name) {
        String file = ShortPaths.fileName(name, ".sock");

        assertThat(file.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(64);
        assertThat(file).endsWith(".sock");
        if ((name + ".sock").getBytes(StandardCharsets.UTF_8).length <= 64) {
            assertThat(file).isEqualTo(name + ".sock");
        }
    }

    @Property(tries = 200)
    void namesThatDifferHaveFilesThatDiffer(
            @ForAll @NotEmpty Set<@CharRange(from = 'a', to = 'b') @StringLength(min = 55, max = 100) String> names) {
        Map<String, String> files = new HashMap<>();
        for (String name : names) {
            assertThat(files.put(ShortPaths.fileName(name, ".sock"), name)).isNull();
        }
    }
}
