package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WordsProperties {
    @Property
    void wordsAreReadAsTheyAreWritten(@ForAll("words") List<String> words) {
        assertThat(Words.split(Words.join(words))).isEqualTo(words);
    }

    @Property
    void anyLineIsReadOrRefusedForAnOpenQuote(@ForAll("lines") String line) {
        try {
            assertThat(Words.split(Words.join(Words.split(line)))).isEqualTo(Words.split(line));
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).startsWith("the quote ");
        }
    }

    @Example
    void quotesKeepBlanks() {
        assertThat(Words.split(" a  'b c' \"d \\\" e\"f g\\ h '' ")).containsExactly("a", "b c", "d \" ef", "g h", "");
        assertThatThrownBy(() -> Words.split("a 'b")).hasMessage("the quote ' is not closed: a 'b");
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.strings().withChars(" \t\n'\"\\abc$;ü").ofMaxLength(20);
    }

    @Provide
    Arbitrary<List<String>> words() {
        return lines().list().ofMaxSize(5);
    }
}
