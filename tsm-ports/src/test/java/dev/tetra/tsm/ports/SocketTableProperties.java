package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class SocketTableProperties {

    @Property
    void noLineMakesTheParserFail(@ForAll("lines") String line, @ForAll Transport transport) {
        SocketTable.parse(line, transport)
                .ifPresent(socket -> assertThat(socket.port()).isBetween(1, 65535));
    }

    @Property
    void everyPortAndInodeIsReadBack(
            @ForAll @IntRange(min = 1, max = 65535) int port, @ForAll @LongRange(min = 1) long inode) {
        String hex = Integer.toHexString(0x10000 | port).substring(1).toUpperCase(Locale.ROOT);
        String line = " 0: 00000000:" + hex + " 00000000:0000 0A 0:0 00:0 0 1000 0 " + inode + " 1";
        assertThat(SocketTable.parse(line, Transport.TCP))
                .hasValue(new SocketTable.Socket(port, Transport.TCP, "0.0.0.0", inode));
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> words = Arbitraries.of(
                "0:",
                "0A",
                "07",
                "00000000:0050",
                ":",
                "0100007F:",
                ":0050",
                "XX00007F:0050",
                "0:FFFFF",
                "'",
                "\"",
                "00000000:-050",
                "1000",
                "-1",
                "99999999999999999999",
                "é",
                "00000000000000000000000000000000:1F90");
        return Arbitraries.oneOf(words, words, Arbitraries.strings().ofMaxLength(4))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join(" ", parts));
    }
}
