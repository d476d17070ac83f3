package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BootTextProperties {
    @Property
    void systemd_reads_the_words_that_were_written(@ForAll("words") List<String> words, @ForAll("word") String value) {
        Path enabled = Path.of("/" + value.replace('/', '_'));
        String unit = BootText.systemd(words, Map.of("A", value), enabled);

        List<String> expected = new ArrayList<>(List.of("/usr/bin/env"));
        expected.addAll(words);
        expected.addAll(List.of("up", enabled.toString()));
        assertThat(SystemdWords.of(SystemdWords.line(unit, "ExecStart"))).isEqualTo(expected);
        assertThat(SystemdWords.line(unit, "Environment").replace("$", "$$"))
                .satisfies(line -> assertThat(SystemdWords.of(line)).containsExactly("A=" + value));
    }

    @Property(tries = 300)
    void an_xml_parser_reads_the_words_that_were_written(
            @ForAll("xmlWords") List<String> words, @ForAll("xmlWord") String value) throws Exception {
        Path enabled = Path.of("/" + value.replace('/', '_'));
        String plist = BootText.launchd(words, Map.of("A" + value, value), enabled, Path.of("/log"));

        List<String> expected = new ArrayList<>(words);
        expected.addAll(List.of("up", enabled.toString()));
        NodeList strings = parse(plist).getElementsByTagName("string");
        List<String> found = new ArrayList<>();
        for (int i = 1; i <= expected.size(); i++) {
            found.add(strings.item(i).getTextContent());
        }
        assertThat(found).isEqualTo(expected);
        assertThat(strings.item(expected.size() + 1).getTextContent()).isEqualTo(value);
    }

    private static org.w3c.dom.Document parse(String plist) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        DocumentBuilder builder = factory.newDocumentBuilder();
        return builder.parse(new InputSource(new StringReader(plist)));
    }

    @Provide
    Arbitrary<String> word() {
        return Arbitraries.strings()
                .withChars("ab/=% $\"'\\\n\t\r\u0001\u001f\u007f;#[]{}~ü漢")
                .ofMinLength(1)
                .ofMaxLength(12);
    }

    @Provide
    Arbitrary<List<String>> words() {
        return word().list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> xmlWord() {
        return Arbitraries.of(Stream.of(
                                "a", "/", "&", "<", ">", "]]>", "&amp;", "--", "\"", "'", " ", "\n", "\r", "\t", "ü",
                                "😀")
                        .toList())
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> xmlWords() {
        return xmlWord().list().ofMinSize(1).ofMaxSize(4);
    }
}
