package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EnabledFileProperties {
    /** The names in a file of that text, as they are found without the YAML library. */
    private static Set<String> names(String text) throws IOException {
        Path root = Files.createTempDirectory("enabled");
        try {
            Files.createDirectory(root.resolve("tsm"));
            Files.writeString(root.resolve("tsm/enabled.yml"), text);
            Caller caller = new Caller(Map.of("TETRA_DIR", root.toString()), root, root, 0);
            return new EnabledFile(new Console(caller, TsmContract.nowhere(), TsmContract.nowhere())).names();
        } finally {
            Files.deleteIfExists(root.resolve("tsm/enabled.yml"));
            Files.deleteIfExists(root.resolve("tsm"));
            Files.delete(root);
        }
    }

    @Property(tries = 200)
    void the_names_are_those_that_the_yaml_library_finds(
            @ForAll("names") Set<String> names, @ForAll("texts") String text) throws IOException {
        List<ServiceSpec> specs = new ArrayList<>();
        for (String name : names) {
            specs.add(ServiceSpec.command("x", text)
                    .name(name)
                    .cwd(Path.of("/"))
                    .environment(Map.of("A", text, "services", text))
                    .hooks(new Hooks(Optional.of("sh:" + text), Optional.empty(), Optional.empty()))
                    .build());
        }
        String yaml = "# head: none\n" + ServiceFile.write(specs, Path.of("/"), Map.of("x", List.of("B")));

        assertThat(names(yaml)).containsExactlyInAnyOrderElementsOf(names);
    }

    @Example
    void what_a_user_edited_is_found_too() throws IOException {
        assertThat(names("""
                # services: {none: {}}
                services:   # mine

                    web:        # the site
                        command: x
                    "db-5432": {command: y}
                    'on': {command: z}
                """)).containsExactly("web", "db-5432", "on");
        assertThat(names("")).isEmpty();
        assertThat(names("other:\n  web:\n")).isEmpty();
    }

    @Provide
    Arbitrary<Set<String>> names() {
        Arbitrary<String> odd =
                Arbitraries.of("on", "null", "true", "no", "y", "1e3", "a.b", "x-8000", "~1", "services");
        Arbitrary<String> any = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("0.-_A")
                .ofMinLength(1)
                .ofMaxLength(8);
        return Arbitraries.oneOf(odd, any)
                .filter(name -> Character.isLetterOrDigit(name.charAt(0))
                        && !name.chars().allMatch(Character::isDigit))
                .set()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab:#\n\t \"'{}-").ofMinLength(1).ofMaxLength(12);
    }
}
