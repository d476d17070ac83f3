package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HttpHeadProperties {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Property
    void anyBytesAreAHeadOrAreRefusedAndNoMoreThanItsBoundIsTaken(@ForAll byte[] bytes) {
        HttpHead head = new HttpHead();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            boolean whole = head.take(buffer);
            assertThat(whole || !buffer.hasRemaining()).isTrue();
            assertThat(!whole || head.status() >= 200).isTrue();
        } catch (IOException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Property
    void aHeadIsReadWhateverPiecesItComesIn(
            @ForAll @IntRange(min = 200, max = 999) int status,
            @ForAll("fields") List<String> fields,
            @ForAll("lineEnd") String lineEnd,
            @ForAll @IntRange(min = 1, max = 9) int piece,
            @ForAll @IntRange(min = 0, max = 3) int interim)
            throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < interim; i++) {
            text.append("HTTP/1.1 103 Early Hints")
                    .append(lineEnd)
                    .append("Link: x")
                    .append(lineEnd);
            text.append(lineEnd);
        }
        text.append("HTTP/1.1 ")
                .append(status)
                .append(status % 2 == 0 ? " Some Words" : "")
                .append(lineEnd);
        for (String field : fields) {
            text.append(field).append(lineEnd);
        }
        text.append(lineEnd);
        HttpHead head = new HttpHead();
        for (int i = 0; i < text.length(); i += piece) {
            int end = Math.min(text.length(), i + piece);
            boolean last = end == text.length();
            ByteBuffer buffer = bytes(text.substring(i, end) + (last ? "body" : ""));
            assertThat(head.take(buffer)).isEqualTo(last);
            assertThat(buffer.remaining()).isEqualTo(last ? 4 : 0);
        }
        assertThat(head.status()).isEqualTo(status);
    }

    @Example
    void aHeadWithoutEndIsGivenUp() {
        String endless = "HTTP/1.1 200 OK\r\n" + "X-Filler: x\r\n".repeat(HttpHead.LONGEST / 13);
        assertThatThrownBy(() -> new HttpHead().take(bytes(endless)))
                .hasMessage("the head of the answer has no end within 16384 bytes");
        assertThatThrownBy(() -> new HttpHead().take(bytes("x".repeat(2000))))
                .hasMessage("no HTTP: the first line of the answer has no end");
    }

    @Example
    void whatIsNoHttpIsSaid() {
        for (String line : new String[] {
            "SSH-2.0-OpenSSH",
            "HTTP/1.1",
            "HTTP/1.1 2x0 OK",
            "HTTP/1.1 20",
            "HTTP/1.1 2000",
            "HTTP/2 200",
            "HTTP/1.1 099 x"
        }) {
            assertThatThrownBy(() -> new HttpHead().take(bytes(line + "\r\n\r\n")))
                    .as(line)
                    .hasMessage("no HTTP: the answer begins with " + line);
        }
        assertThatThrownBy(() -> new HttpHead().take(bytes("\n")))
                .hasMessage("no HTTP: the answer begins with an empty line");
    }

    @Provide
    Arbitrary<List<String>> fields() {
        return Arbitraries.of("Server: x", "Set-Cookie: é=1", " folded", ":")
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> lineEnd() {
        return Arbitraries.of("\r\n", "\n");
    }
}
