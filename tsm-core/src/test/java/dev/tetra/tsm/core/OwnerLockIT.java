package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerLockIT {
    @TempDir
    Path root;

    private Sandbox sandbox;

    @BeforeEach
    void prepare() {
        sandbox = new Sandbox(root);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    @Test
    void ofTwoOpensInOneJvmTheSecondIsAClient() throws Exception {
        ServiceManager first = sandbox.open();
        ServiceManager second = sandbox.open();
        assertThat(first.isOwner()).isTrue();
        assertThat(second.isOwner()).isFalse();
        second.close();
        assertThat(first.list().services()).isEmpty();
        assertThat(sandbox.open().isOwner()).isFalse();
    }

    @Test
    void whoOpensAfterACloseIsTheOwner() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (ServiceManager manager = sandbox.open()) {
                assertThat(manager.isOwner()).isTrue();
            }
            assertThat(sandbox.directory().managerSocket()).doesNotExist();
            assertThat(ServiceManager.connect(sandbox.directory())).isEmpty();
        }
    }

    @Test
    void aClosedOwnerLeavesNoThreadAndNoOpenFile() throws Exception {
        try (ServiceManager first = sandbox.open()) {
            first.start(sandbox.sleeper("a"), Sandbox.NO_WAIT);
            first.stop(List.of(new Selector.All()));
        }
        await(
                "its threads are gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("tsm-")));
        await("its files are closed", () -> openFiles().stream().noneMatch(file -> file.startsWith(root.toString())));
        int before = openFiles().size();
        for (int i = 0; i < 10; i++) {
            try (ServiceManager owner = sandbox.open();
                    ServiceManager client = sandbox.open()) {
                owner.start(sandbox.sleeper("a"), Sandbox.NO_WAIT);
                client.list();
                client.delete(List.of(new Selector.All()));
            }
        }
        await("no descriptor leaks", () -> openFiles().size() <= before + 2);
    }

    private static List<String> openFiles() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.map(OwnerLockIT::target).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    @Test
    void aStaleSocketFileIsReplaced() throws Exception {
        sandbox.directory().create();
        Path socket = sandbox.directory().managerSocket();
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        assertThat(ServiceManager.connect(sandbox.directory())).isEmpty();
        assertThat(sandbox.open().isOwner()).isTrue();
        assertThat(sandbox.open().isOwner()).isFalse();
    }

    @Test
    void aDirectoryWhosePathIsTooLongForASocketServesAllTheSame() throws Exception {
        Sandbox deep = new Sandbox(root, "d".repeat(90) + "/" + "e".repeat(90));
        try {
            assertThat(deep.open().isOwner()).isTrue();
            ServiceManager client = deep.open();
            assertThat(client.isOwner()).isFalse();
            assertThat(client.start(deep.sleeper("a"), Sandbox.NO_WAIT).id()).isZero();
            client.delete(List.of(new Selector.All()));
        } finally {
            deep.close();
        }
    }

    @Test
    void anOwnerInAnotherJvmIsServedByAndAfterItsDeathReplaced() throws Exception {
        Process host = sandbox.host("start", "a", "exec sleep 1000");
        ServiceManager client = sandbox.open();
        assertThat(client.isOwner()).isFalse();
        assertThat(client.list().services()).extracting(Service::name).containsExactly("a");
        Sandbox.killNow(host);
        org.assertj.core.api.Assertions.assertThatThrownBy(client::list).isInstanceOf(IOException.class);
        assertThat(sandbox.open().isOwner()).isTrue();
    }

    @Test
    void anOwnerThatIsToldToEndFreesTheDirectory() throws Exception {
        Process host = sandbox.host("start", "a", "exec sleep 1000");
        host.getOutputStream().close();
        assertThat(host.waitFor()).isZero();
        ServiceManager next = sandbox.open();
        assertThat(next.isOwner()).isTrue();
        assertThat(next.list().services().get(0).status()).isEqualTo(Status.ONLINE);
    }
}
