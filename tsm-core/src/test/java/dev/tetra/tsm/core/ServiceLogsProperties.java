package dev.tetra.tsm.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

class ServiceLogsProperties {
    private Path directory = Path.of("");

    @BeforeTry
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("service-logs");
    }

    @AfterTry
    void removeDirectory() throws IOException {
        Files.deleteIfExists(directory.resolve("current.out"));
        Files.deleteIfExists(directory);
    }

    @Property(tries = 300)
    void the_tail_is_the_end_of_what_a_reading_from_the_beginning_finds(
            @ForAll("contents") byte[] content, @ForAll @IntRange(max = 12) int lines) throws IOException {
        Files.write(directory.resolve("current.out"), content);

        List<LogLine> tail = new ServiceLogs("web", directory).tail(lines);

        List<String> all = naive(content);
        List<String> expected = all.subList(Math.max(0, all.size() - lines), all.size());
        assertThat(tail).extracting(LogLine::text).isEqualTo(expected);
    }

    @Property(tries = 100)
    void following_from_the_first_line_hands_over_the_same_lines(@ForAll("contents") byte[] content)
            throws IOException, InterruptedException {
        Files.write(directory.resolve("current.out"), content);
        List<String> followed = new ArrayList<>();

        new ServiceLogs("web", directory).follow(Integer.MAX_VALUE, line -> followed.add(line.text()), () -> true);

        assertThat(followed).isEqualTo(naive(content));
    }

    private static List<String> naive(byte[] content) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                lines.add(line(Arrays.copyOfRange(content, from, i)));
                from = i + 1;
            }
        }
        if (from < content.length) {
            lines.add(line(Arrays.copyOfRange(content, from, content.length)));
        }
        return lines;
    }

    private static String line(byte[] bytes) {
        return bytes.length <= ServiceLogs.LONGEST_LINE
                ? new String(bytes, UTF_8)
                : new String(bytes, 0, ServiceLogs.LONGEST_LINE, UTF_8) + " … [line cut]";
    }

    /** Short lines, empty ones, bytes that are not UTF-8, and lines around the sizes of a block. */
    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(30);
        Arbitrary<byte[]> text = Arbitraries.of("", "a", "a line", "ünïcödé ✓", "\n", "\n\n", "end\n", "\r\n")
                .map(piece -> piece.getBytes(UTF_8));
        Arbitrary<byte[]> wide = Arbitraries.integers()
                .between(64 * 1024 - 2, 64 * 1024 + 2)
                .map(size -> {
                    byte[] line = new byte[size];
                    Arrays.fill(line, (byte) 'x');
                    return line;
                });
        return Arbitraries.frequencyOf(Tuple.of(6, bytes), Tuple.of(12, text), Tuple.of(1, wide))
                .list()
                .ofMaxSize(25)
                .map(ServiceLogsProperties::joined);
    }

    private static byte[] joined(List<byte[]> pieces) {
        int size = 0;
        for (byte[] piece : pieces) {
            size += piece.length;
        }
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
