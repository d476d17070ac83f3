package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortProbeIT {

    private static final PortProbe SYSTEM = PortProbe.system();
    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final String TCP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 71 1 0 100 0 0 10 0
               1: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 72 1 0 100 0 0 10 0
               2: 0100007F:1F42 0100007F:1F40 01 00000000:00000000 00:00000000 00000000  1000        0 73 1 0 100 0 0 10 0
            """;
    private static final String UDP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
               5: 00000000:1F43 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 74 2 0 0
            """;

    @TempDir
    Path proc;

    private PortProbe fixture() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(proc.resolve("net/tcp"), TCP);
        Files.writeString(proc.resolve("net/udp"), UDP);
        process(300, "web\0--fast\0", 71, 74);
        process(200, "", 71);
        Files.writeString(proc.resolve("200/comm"), "kworker\n");
        Files.createDirectories(proc.resolve("400"));
        return new PortProbe(proc, port -> port == 7999);
    }

    @Test
    void allOpenPortsAreSeenAtOneLook() throws IOException {
        assertThat(fixture().openPorts()).contains(Set.of(8000, 8001));
        assertThat(new PortProbe(proc.resolve("nowhere"), port -> true).openPorts())
                .isEmpty();
        try (ServerSocket open = new ServerSocket(0)) {
            assertThat(SYSTEM.openPorts().orElseThrow()).contains(open.getLocalPort());
        }
    }

    private void process(long pid, String command, long... inodes) throws IOException {
        Path descriptors = Files.createDirectories(proc.resolve(pid + "/fd"));
        Files.writeString(proc.resolve(pid + "/cmdline"), command);
        Files.createSymbolicLink(descriptors.resolve("0"), Path.of("pipe:[1]"));
        for (long inode : inodes) {
            Files.createSymbolicLink(descriptors.resolve(inode + ""), Path.of("socket:[" + inode + "]"));
        }
    }

    @Test
    void theHolderIsTheLowestPidWithItsCommand() throws IOException {
        assertThat(fixture().holder(8000)).hasValue(PortHolder.process(8000, 200, "kworker"));
    }

    @Test
    void aHolderThatMayNotBeSeenIsStillAHolder() throws IOException {
        assertThat(fixture().holder(8001)).hasValue(PortHolder.unseen(8001));
    }

    @Test
    void connectionsAndDatagramsDoNotHoldATcpPort() throws IOException {
        PortProbe probe = fixture();
        assertThat(probe.holder(8002)).isEmpty();
        assertThat(probe.holder(8003)).isEmpty();
        assertThat(probe.isOpen(8003)).isFalse();
    }

    @Test
    void whatTheTablesHideIsFoundByBinding() throws IOException {
        assertThat(fixture().holder(7999)).hasValue(PortHolder.unseen(7999));
    }

    @Test
    void allOpenPortsAreListedWithTheirOwners() throws IOException {
        assertThat(fixture().listeners())
                .extracting(listener -> listener.port() + "/"
                        + listener.transport().text() + " " + listener.address() + " "
                        + listener.pid().orElse(-1) + " " + listener.command().orElse("?"))
                .containsExactly(
                        "8000/tcp 0.0.0.0 200 kworker", "8001/tcp 127.0.0.1 -1 ?", "8003/udp 0.0.0.0 300 web --fast");
    }

    @Test
    void onlyTheSocketsOfTheseProcessesAreTheirs() throws IOException {
        PortProbe probe = fixture();
        assertThat(probe.listenersOf(Set.of(300L, 400L, 999L)))
                .extracting(Listener::port, listener -> listener.pid().orElse(-1))
                .containsExactly(tuple(8000, 300L), tuple(8003, 300L));
        assertThat(probe.listenersOf(Set.of())).isEmpty();
    }

    @Test
    void withoutProcOnlyBindingTells() {
        PortProbe probe = new PortProbe(proc.resolve("absent"), port -> port == 8000);
        assertThat(probe.holder(8000)).hasValue(PortHolder.unseen(8000));
        assertThat(probe.isOpen(8000)).isTrue();
        assertThat(probe.isOpen(8001)).isFalse();
        assertThat(probe.listeners()).isEmpty();
    }

    @Test
    void aPortThatThisJvmListensOnIsHeldByThisJvm() throws IOException {
        assumeProc();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PortHolder holder = SYSTEM.holder(server.getLocalPort()).orElseThrow();
            assertThat(holder.pid()).hasValue(OWN_PID);
            assertThat(holder.command().orElseThrow()).contains("java");
            assertThat(SYSTEM.isOpen(server.getLocalPort())).isTrue();
            assertThat(SYSTEM.listenersOf(Set.of(OWN_PID)))
                    .extracting(Listener::port)
                    .contains(server.getLocalPort());
            assertThat(SYSTEM.listeners()).extracting(Listener::port).contains(server.getLocalPort());
        }
    }

    @Test
    void theLadderRefusesAPortThatIsReallyBusy() throws IOException {
        assumeProc();
        try (ServerSocket server = new ServerSocket(0)) {
            PortRequest request =
                    PortRequest.of("web", List.of("x")).withFlag(new PortSpec.Exact(server.getLocalPort()));
            PortLadder ladder = PortLadder.standard(
                    PortPatterns.builtIn(), PortRange.DEFAULT, AllocationPolicy.WHEN_COMMAND_TAKES_PORT);
            assertThat(ladder.resolve(request, SYSTEM).answer().why())
                    .startsWith("port " + server.getLocalPort() + " is held by pid " + OWN_PID + " (");
        }
    }

    @Test
    void aDatagramSocketOfThisJvmIsListedAndHoldsNoTcpPort() throws IOException {
        assumeProc();
        try (DatagramSocket socket = new DatagramSocket()) {
            assertThat(SYSTEM.listenersOf(Set.of(OWN_PID)))
                    .anyMatch(open -> open.port() == socket.getLocalPort() && open.transport() == Transport.UDP);
            assertThat(SYSTEM.isOpen(socket.getLocalPort())).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "127.0.0.2", "::", "::1"})
    void bindingFindsAListenerOnAnyAddressOfEitherFamily(String address) throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            try {
                server.bind(new InetSocketAddress(address, 0));
            } catch (SocketException noSuchFamily) {
                Assumptions.abort("this machine cannot bind to " + address);
            }
            assertThat(BindTest.SYSTEM.isTaken(server.getLocalPort())).isTrue();
        }
    }

    @Test
    void connectionsThatHaveJustEndedDoNotMakeAPortLookTaken() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            port = server.getLocalPort();
            server.accept().close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(BindTest.SYSTEM.isTaken(port)).isFalse();
        assertThat(SYSTEM.holder(port)).isEqualTo(Optional.empty());
    }

    private static void assumeProc() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "this system has no /proc to name owners by");
    }
}
