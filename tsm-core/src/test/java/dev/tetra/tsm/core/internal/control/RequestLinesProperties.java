package dev.tetra.tsm.core.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RequestLinesProperties {
    /** A channel that gives a few bytes at a time, and sometimes none. */
    private static ReadableByteChannel drip(byte[] bytes, int most) {
        ReadableByteChannel whole = Channels.newChannel(new ByteArrayInputStream(bytes));
        return new ReadableByteChannel() {
            private int turn;

            @Override
            public int read(ByteBuffer into) throws IOException {
                int some = Math.min(turn++ % (most + 1), into.remaining());
                if (some == 0) {
                    return 0;
                }
                ByteBuffer few = ByteBuffer.allocate(some);
                int count = whole.read(few);
                into.put(few.flip());
                return count;
            }

            @Override
            public boolean isOpen() {
                return whole.isOpen();
            }

            @Override
            public void close() throws IOException {
                whole.close();
            }
        };
    }

    private static List<String> lines(byte[] bytes, int most) throws IOException {
        RequestLines lines = new RequestLines();
        ReadableByteChannel channel = drip(bytes, most);
        List<String> found = new ArrayList<>();
        while (true) {
            boolean ended = lines.isEnded();
            for (String line = lines.next(); line != null; line = lines.next()) {
                found.add(line);
            }
            if (ended || lines.isOverfull()) {
                break;
            }
            lines.readFrom(channel);
        }
        return found;
    }

    @Property
    void linesAreWhatIsBetweenLineBreaksHoweverTheyCome(
            @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 50) int most) throws IOException {
        List<String> expected = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (expected.get(expected.size() - 1).isEmpty()) {
            expected.remove(expected.size() - 1);
        }

        assertThat(lines(text.getBytes(StandardCharsets.UTF_8), most)).isEqualTo(expected);
    }

    @Property(tries = 500)
    void anyBytesAreLinesOrTooMuch(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 9000) int most)
            throws IOException {
        for (String line : lines(bytes, most)) {
            assertThat(line).doesNotContain("\n");
            assertThat(StandardAnswers.unknown(line).toString()).doesNotContain("\n", "\u0000", "\u001b");
        }
    }

    @Property
    void aLineMayBeThatLongAndNoLonger(@ForAll @IntRange(min = 4090, max = 4100) int length) throws IOException {
        byte[] line = "x".repeat(length).getBytes(StandardCharsets.UTF_8);
        byte[] ended = ("x".repeat(length) + "\n").getBytes(StandardCharsets.UTF_8);

        assertThat(lines(ended, 5000)).hasSize(length <= RequestLines.LONGEST ? 1 : 0);
        assertThat(lines(line, 5000)).hasSize(length <= RequestLines.LONGEST ? 1 : 0);
    }

    @Property
    void aCommandIsItsWordInAnyCaseAndNothingElse(
            @ForAll Command command,
            @ForAll("blanks") String before,
            @ForAll("blanks") String after,
            @ForAll long seed) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < command.name().length(); i++) {
            String letter = command.name().substring(i, i + 1);
            word.append((seed >> i & 1) == 0 ? letter : letter.toLowerCase(Locale.ROOT));
        }

        assertThat(Command.parse(before + word + after)).contains(command);
        assertThat(Command.parse(before + word + "x" + after)).isEmpty();
    }

    @Example
    void whatIsNoCommandIsShownCutAndHarmless() {
        assertThat(StandardAnswers.unknown(" \r").toString())
                .isEqualTo(
                        "{\"ok\":false,\"error\":\"an empty line is no command; say STATUS, HEALTH, RELOAD or STOP\"}");
        assertThat(StandardAnswers.unknown("DANCE").toString()).contains("there is no command DANCE; say STATUS,");
        assertThat(StandardAnswers.unknown("\u001b[2J" + "x".repeat(100)).toString())
                .contains("command ?[2J" + "x".repeat(36) + "…;");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab \n").withChars('é', '☃').ofMaxLength(300);
    }

    @Provide
    Arbitrary<String> blanks() {
        return Arbitraries.strings().withChars(" \t\r").ofMaxLength(3);
    }
}
