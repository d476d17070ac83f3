package dev.tetra.tsm.core.internal.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.ServiceEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EventJsonProperties {
    @Property(tries = 500)
    void anEventIsReadAsItWasWritten(@ForAll("events") ServiceEvent event) throws IOException {
        byte[] line = EventJson.line(event);

        assertThat(EventJson.parse(line)).isEqualTo(event);
        assertThat(new String(line, UTF_8)).endsWith("}\n").hasLineCount(1);
    }

    @Property(tries = 200)
    void aLineThatIsCutAnywhereSaysNoEvent(@ForAll("events") ServiceEvent event) {
        byte[] line = EventJson.line(event);
        for (int length = 0; length < line.length - 1; length++) {
            byte[] cut = Arrays.copyOf(line, length);
            assertThatThrownBy(() -> EventJson.parse(cut)).isInstanceOf(IOException.class);
        }
    }

    @Property(tries = 100)
    void aLineWithAFlippedByteIsAnEventOrAnIoException(
            @ForAll("events") ServiceEvent event, @ForAll @IntRange(min = 1, max = 255) int flip) {
        byte[] line = EventJson.line(event);
        for (int i = 0; i < line.length; i++) {
            byte[] flipped = line.clone();
            flipped[i] ^= (byte) flip;
            isAnEventOrAnIoException(flipped);
        }
    }

    @Property(tries = 1000)
    void anyBytesAreAnEventOrAnIoException(@ForAll byte[] bytes) {
        isAnEventOrAnIoException(bytes);
    }

    private static void isAnEventOrAnIoException(byte[] line) {
        try {
            ServiceEvent event = EventJson.parse(line);
            // What was read can be told, and written again.
            event.exit().ifPresent(exit -> assertThat(exit.describe()).isNotEmpty());
            assertThat(EventJson.line(event)).endsWith((byte) '\n');
        } catch (IOException said) {
            assertThat(said.getMessage()).isNotNull();
        }
    }

    @Example
    void anEventOfAnySizeIsALineThatReadersTake() throws IOException {
        for (String character : List.of("a", "\u0000", "✓")) {
            String large = character.repeat(100_000);
            ServiceEvent event = new ServiceEvent(
                    java.time.Instant.EPOCH,
                    large,
                    1,
                    ServiceEvent.Kind.EXITED,
                    ServiceEvent.Cause.ITSELF,
                    Optional.empty(),
                    Optional.empty(),
                    large,
                    Collections.nCopies(10_000, large));

            byte[] line = EventJson.line(event);

            assertThat(line).hasSizeLessThanOrEqualTo(EventJson.LONGEST_LINE);
            assertThat(EventJson.parse(line).text()).endsWith("…");
        }
    }

    @Example
    void theLastDetailsAreKeptWhereNotAllFit() throws IOException {
        List<String> details = new java.util.ArrayList<>(Collections.nCopies(2000, "x".repeat(100)));
        details.add("the last words");
        ServiceEvent event = new ServiceEvent(
                java.time.Instant.EPOCH,
                "web",
                1,
                ServiceEvent.Kind.EXITED,
                ServiceEvent.Cause.ITSELF,
                Optional.empty(),
                Optional.empty(),
                "exit code 1",
                details);

        assertThat(EventJson.parse(EventJson.line(event)).details())
                .endsWith("the last words")
                .hasSize(40);
    }

    @Example
    void whatIsNoEventIsRefusedByItsName() {
        String rest = "\"service\":\"web\",\"kind\":\"online\",\"cause\":\"owner\",\"text\":\"t\"";
        for (String[] wrong : new String[][] {
            {"{" + rest + "}", "time_ms is missing"},
            {"{\"time_ms\":1," + rest.replace("online", "offline") + "}", "not a kind of event: offline"},
            {"{\"time_ms\":1," + rest.replace("owner", "moon") + "}", "not a cause of an event: moon"},
            {"{\"time_ms\":1,\"exit\":{\"code\":256}," + rest + "}", "exit code not in [0, 255]: 256"},
            {"{\"time_ms\":1,\"exit\":{\"signal\":65}," + rest + "}", "no signal has the number 65"},
            {"{\"time_ms\":1,\"id\":-1," + rest + "}", "id not in [0, 2147483647]: -1"},
        }) {
            assertThatThrownBy(() -> EventJson.parse(wrong[0].getBytes(UTF_8)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(wrong[1]);
        }
    }

    @Provide
    Arbitrary<ServiceEvent> events() {
        return SomeEvents.any();
    }
}
