package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortRegistryIT {

    private static final PortRange RANGE = new PortRange(8000, 8009);
    private static final PortLadder ALWAYS =
            PortLadder.standard(PortPatterns.of(List.of()), RANGE, AllocationPolicy.ALWAYS);

    @TempDir
    Path directory;

    private Path file;
    private final List<Integer> listenedOn = new ArrayList<>();
    private PortRegistry registry;

    @BeforeEach
    void openARegistryOnAMachineOfOurOwn() throws IOException {
        file = directory.resolve("tsm/ports.txt");
        registry = PortRegistry.open(file, quietMachine());
    }

    /** A machine without /proc, on which exactly {@link #listenedOn} is open. */
    private PortProbe quietMachine() {
        return new PortProbe(directory.resolve("no-proc"), listenedOn::contains);
    }

    private int claimed(String owner) throws IOException {
        return claim(owner, "serve").port().orElseThrow();
    }

    private PortResolution claim(String owner, String... command) throws IOException {
        return registry.claim(ALWAYS, PortRequest.of(owner, List.of(command)));
    }

    private PortResolution claimExactly(String owner, int port) throws IOException {
        return registry.claim(ALWAYS, PortRequest.of(owner, List.of("x")).withFlag(new PortSpec.Exact(port)));
    }

    @Test
    void twoServicesGetTwoPortsThoughNeitherListens() throws IOException {
        assertThat(claimed("a")).isEqualTo(8000);
        assertThat(claimed("b")).isEqualTo(8001);
        assertThat(registry.claims()).containsExactly(Claim.primary("a", 8000), Claim.primary("b", 8001));
    }

    @Test
    void anotherServicesClaimIsRefusedByItsName() throws IOException {
        claimed("a");
        RungAnswer.Refused refused =
                (RungAnswer.Refused) claimExactly("b", 8000).answer();
        assertThat(refused.why()).isEqualTo("port 8000 is claimed by service a; stop it, or start with --port 8000+");
        assertThat(refused.holder().orElseThrow().service()).hasValue("a");
        assertThat(registry.claimsOf("b")).isEmpty();
    }

    @Test
    void resolvingSeesTheClaimsOfOthersAndClaimsNothing() throws IOException {
        claimed("a");
        PortRequest request = PortRequest.of("b", List.of("serve"));
        assertThat(registry.resolve(ALWAYS, request, Map.of()).port()).hasValue(8001);
        assertThat(registry.resolve(ALWAYS, request.withOwner("a"), Map.of()).port())
                .hasValue(8000);
        assertThat(registry.claims()).containsExactly(Claim.primary("a", 8000));
    }

    @Test
    void onesOwnClaimIsNotInTheWayOfARestart() throws IOException {
        claimed("a");
        assertThat(claimExactly("a", 8000).port()).hasValue(8000);
        assertThat(claimed("a")).isEqualTo(8000);
        assertThat(registry.claims()).hasSize(1);
    }

    @Test
    void onesOwnClaimIsBusyWhenSomebodyListensThere() throws IOException {
        claimed("a");
        listenedOn.add(8000);
        assertThat(claimExactly("a", 8000).answer()).isInstanceOf(RungAnswer.Refused.class);
        assertThat(registry.claims()).containsExactly(Claim.primary("a", 8000));
    }

    @Test
    void aNewPortReplacesTheEarlierPrimaryClaimAndNoOther() throws IOException {
        claimed("a");
        Claim osc = new Claim("a", 1986, Transport.UDP, "osc-in", Relation.BIND, Optional.empty());
        assertThat(registry.claim(osc)).isEmpty();
        assertThat(claimExactly("a", 7000).port()).hasValue(7000);
        assertThat(registry.claimsOf("a")).containsExactly(osc, Claim.primary("a", 7000));
    }

    @Test
    void aServiceThatNoLongerHasAPortGivesItBack() throws IOException {
        claimed("a");
        registry.claim(ALWAYS, PortRequest.of("a", List.of("x")).withFlag(new PortSpec.None()));
        assertThat(registry.claims()).isEmpty();
    }

    @Test
    void aClaimUnderATokenIsGivenToTheServiceThatItBecomes() throws IOException {
        claimed("other");
        claimed("start-1");
        registry.rename("start-1", "web-8001");
        assertThat(registry.claims()).containsExactly(Claim.primary("other", 8000), Claim.primary("web-8001", 8001));
        registry.rename("nobody", "web-8001");
        registry.rename("web-8001", "web-8001");
        assertThat(registry.claimsOf("web-8001")).hasSize(1);
    }

    @Test
    void renamingReplacesWhatTheNewOwnerHadInItsPlace() throws IOException {
        claimed("web");
        registry.claim(new Claim("web", 1986, Transport.UDP, "osc-in", Relation.BIND, Optional.empty()));
        claimed("start-1");
        registry.rename("start-1", "web");
        assertThat(registry.claimsOf("web")).extracting(Claim::port).containsExactly(1986, 8001);
    }

    @Test
    void whatIsReleasedIsFreeAgain() throws IOException {
        claimed("a");
        claimed("b");
        registry.release("a");
        registry.release("nobody");
        assertThat(registry.claims()).containsExactly(Claim.primary("b", 8001));
        assertThat(claimed("c")).isEqualTo(8000);
    }

    @Test
    void onlyTheServicesThatStillExistKeepTheirClaims() throws IOException {
        claimed("a");
        claimed("b");
        claimed("c");
        registry.retain(Set.of("b", "unknown"));
        assertThat(registry.claims()).extracting(Claim::service).containsExactly("b");
    }

    @Test
    void twoExclusiveClaimsOfAPortNeverGoTogether() throws IOException {
        Claim bind = new Claim("a", 1986, Transport.UDP, "osc-in", Relation.BIND, Optional.empty());
        assertThat(registry.claim(bind)).isEmpty();
        assertThat(registry.claim(new Claim("b", 1986, Transport.UDP, "osc-in", Relation.BIND, Optional.empty())))
                .hasValue(PortHolder.service(1986, "a"));
        assertThat(registry.claim(new Claim("b", 1986, Transport.UDP, "osc-out", Relation.SEND_TO, Optional.empty())))
                .isEmpty();
        assertThat(registry.claim(new Claim("c", 1986, Transport.TCP, "http", Relation.BIND, Optional.empty())))
                .isEmpty();
        assertThat(registry.claims()).hasSize(3);
    }

    @Test
    void sharedClaimsGoTogether() throws IOException {
        for (String service : List.of("a", "b")) {
            Claim member =
                    new Claim(service, 5000, Transport.UDP, "osc", Relation.MULTICAST_JOIN, Optional.of("239.1.2.3"));
            assertThat(registry.claim(member)).isEmpty();
        }
        assertThat(registry.claimsOf("b").get(0).group()).hasValue("239.1.2.3");
    }

    @Test
    void aClaimOnDatagramsDoesNotHoldTheTcpPort() throws IOException {
        registry.claim(new Claim("a", 8000, Transport.UDP, "osc-in", Relation.BIND, Optional.empty()));
        registry.claim(new Claim("a", 8001, Transport.TCP, "feed", Relation.SEND_TO, Optional.empty()));
        assertThat(claimed("b")).isEqualTo(8000);
        assertThat(claimed("c")).isEqualTo(8001);
    }

    @Test
    void anExhaustedRangeIsRefused() throws IOException {
        for (int i = 0; i < 10; i++) {
            claimed("service-" + i);
        }
        assertThat(claim("late", "serve").answer().why()).startsWith("no port of 8000-8009 is free for late");
    }

    @Test
    void theFileBelongsToItsUserAloneAndNothingIsLeftBeside() throws IOException {
        claimed("a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("ports.txt", "ports.txt.lock");
        }
        assertThat(Files.readString(file)).isEqualTo("tsm-ports 1\n8000\ttcp\tbind\tprimary\t-\ta\n");
    }

    @Test
    void anUnchangedRegistryIsNotWrittenAgain() throws IOException {
        claimed("a");
        Object before = Files.readAttributes(file, "unix:ino").get("ino");
        claimed("a");
        registry.release("nobody");
        assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(before);
    }

    @Test
    void aRegistryThatCannotBeWrittenIsAsItWas() throws IOException {
        claimed("a");
        Path inTheWay =
                file.resolveSibling("ports.txt." + ProcessHandle.current().pid() + ".tmp");
        Files.createDirectory(inTheWay);
        assertThatThrownBy(() -> claimed("b"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("could not be written, and is as it was");
        assertThat(registry.claims()).containsExactly(Claim.primary("a", 8000));
        assertThat(claimExactly("a", 8000).port()).hasValue(8000);
    }

    @Test
    void aFileCutAtAnyByteNeverFailsAndNeverGivesOutABusyPort() throws IOException {
        claimed("first");
        claimed("second");
        listenedOn.add(8000);
        listenedOn.add(8001);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(registry.claims()).hasSizeLessThan(3);
            assertThat(claimed("third")).as("cut at " + length).isEqualTo(8002);
            assertThat(registry.problems().isEmpty()).isEqualTo(length == 0 || whole[length - 1] == '\n');
        }
    }

    @Test
    void aFileOfANewerVersionIsNotOpened() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "tsm-ports 2\n");
        assertThatThrownBy(() -> PortRegistry.open(file, quietMachine())).hasMessageContaining("newer version");
        assertThatThrownBy(() -> claimed("a")).hasMessageContaining("newer version");
        assertThat(Files.readString(file)).isEqualTo("tsm-ports 2\n");
    }

    @Test
    void manyThreadsWithManyRegistriesGetManyPorts() throws Exception {
        PortLadder wide = PortLadder.standard(PortPatterns.of(List.of()), PortRange.DEFAULT, AllocationPolicy.ALWAYS);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> claims = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String owner = "service-" + i;
                claims.add(() -> PortRegistry.open(file, quietMachine())
                        .claim(wide, PortRequest.of(owner, List.of("serve")))
                        .port()
                        .orElseThrow());
            }
            List<Integer> ports = new ArrayList<>();
            for (Future<Integer> port : threads.invokeAll(claims)) {
                ports.add(port.get());
            }
            assertThat(ports).doesNotHaveDuplicates().hasSize(40);
            assertThat(registry.claims()).hasSize(40);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void sixteenProcessesGetSixteenPortsAndNoneThatIsListenedOn() throws Exception {
        List<Process> processes = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int busy = server.getLocalPort();
            int first = Math.min(busy, 65535 - 64);
            for (int i = 0; i < 16; i++) {
                processes.add(claimInAnotherJvm("service-" + i, first, first + 64));
            }
            for (Process process : processes) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            List<Integer> ports = new ArrayList<>();
            for (Process process : processes) {
                BufferedReader output =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                String line = output.readLine();
                assertThat(line)
                        .as("a process failed: " + output.lines().toList())
                        .containsOnlyDigits();
                ports.add(Integer.parseInt(line));
            }
            assertThat(ports).hasSize(16).doesNotHaveDuplicates().doesNotContain(busy);
            assertThat(registry.claims()).extracting(Claim::port).containsExactlyInAnyOrderElementsOf(ports);
        } finally {
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private Process claimInAnotherJvm(String owner, int first, int last) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClaimMain.class.getName(),
                        file.toString(),
                        owner,
                        Integer.toString(first),
                        Integer.toString(last))
                .redirectErrorStream(true)
                .start();
    }
}
