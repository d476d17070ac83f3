package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines as man 5 proc shows them, from a little-endian machine. */
class SocketTableTest {

    private static final String REST = " 00000000:00000000 00:00000000 00000000  1000        0 ";

    @BeforeEach
    void addressesAreInTheMachinesByteOrder() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the lines are little-endian");
    }

    @Test
    void aListeningSocketIsRead() {
        String line = "   0: 0100007F:1F90 00000000:0000 0A" + REST + "4242 1 0000000000000000 100 0 0 10 0";
        assertThat(SocketTable.parse(line, Transport.TCP))
                .hasValue(new SocketTable.Socket(8080, Transport.TCP, "127.0.0.1", 4242));
    }

    @Test
    void aBoundUdpSocketIsRead() {
        String line = "  10: 00000000:07C2 00000000:0000 07" + REST + "7 2 0000000000000000 0";
        assertThat(SocketTable.parse(line, Transport.UDP))
                .hasValue(new SocketTable.Socket(1986, Transport.UDP, "0.0.0.0", 7));
    }

    @Test
    void connectionsAreNotListening() {
        String line = "   0: 0100007F:1F90 0100007F:C000 01" + REST + "4242 1 0 20";
        assertThat(SocketTable.parse(line, Transport.TCP)).isEmpty();
        assertThat(SocketTable.parse(line, Transport.UDP)).isEmpty();
    }

    @Test
    void addressesOfTheSixthVersionAreReadableText() {
        assertThat(address6("00000000000000000000000000000000")).isEqualTo("::");
        assertThat(address6("00000000000000000000000001000000")).isEqualTo("::1");
        assertThat(address6("0000000000000000FFFF00000100007F")).isEqualTo("::ffff:127.0.0.1");
        assertThat(address6("B80D0120000000000000000001000000")).isEqualTo("2001:db8::1");
        assertThat(address6("B80D0120010000000200000003000000")).isEqualTo("2001:db8:0:1:0:2:0:3");
        assertThat(address6("000080FE00000000FF005450B6AD1DFE")).isEqualTo("fe80::5054:ff:fe1d:adb6");
    }

    private static String address6(String hex) {
        String line = " 1: " + hex + ":0050 00000000000000000000000000000000:0000 0A" + REST + "1 1 0 100";
        return SocketTable.parse(line, Transport.TCP).orElseThrow().address();
    }
}
