package dev.tetra.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A benchmark that says "no line lost" must be one that would see it. */
class LineCountProperties {
    private static final int LINES = 40;

    @Property(tries = 200)
    void whatIsMissingDoubledOrTornIsCountedWhereverTheFilesAreCut(
            @ForAll @Size(max = 5) Set<@IntRange(min = 0, max = 19) Integer> lost,
            @ForAll @Size(max = 5) Set<@IntRange(min = 20, max = 29) Integer> twice,
            @ForAll @Size(max = 5) Set<@IntRange(min = 30, max = 39) Integer> halved,
            @ForAll @IntRange(max = 2_000) int cut)
            throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            String line = line(i);
            if (!lost.contains(i)) {
                text.append(halved.contains(i) ? line.substring(50) : line);
            }
            text.append(twice.contains(i) ? line : "");
        }

        LineCount count = count(text, Math.min(cut, text.length()), LINES);

        assertThat(count).isEqualTo(new LineCount(lost.size() + halved.size(), twice.size(), halved.size()));
    }

    @Property(tries = 50)
    void aLogThatEndsWithinALineHasATornOne(@ForAll @IntRange(min = 1, max = 99) int kept) throws IOException {
        String text = line(0) + line(1).substring(0, kept);

        assertThat(count(text, 0, 2)).isEqualTo(new LineCount(1, 0, 1));
    }

    @Property(tries = 50)
    void aNumberThatNobodyWroteIsATornLine(@ForAll @IntRange(min = 2) int number) throws IOException {
        assertThat(count(line(0) + line(1) + line(number), 0, 2)).isEqualTo(new LineCount(0, 0, 1));
    }

    private static String line(int number) {
        return String.format(Locale.ROOT, "%010d %s%n", number, "x".repeat(88));
    }

    private static LineCount count(CharSequence text, int cut, int lines) throws IOException {
        List<Path> files = new ArrayList<>();
        try {
            for (CharSequence part : List.of(text.subSequence(0, cut), text.subSequence(cut, text.length()))) {
                files.add(Files.writeString(Files.createTempFile("lines", ".log"), part, StandardCharsets.ISO_8859_1));
            }
            return LineCount.of(files, lines);
        } finally {
            for (Path file : new HashSet<>(files)) {
                Files.delete(file);
            }
        }
    }
}
