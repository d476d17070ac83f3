package dev.tetra.tsm.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortPathsIT {
    /** Short enough for a folder in it to shorten anything. */
    @TempDir
    Path root;

    private Path temporary;
    private Path deep;
    private UserPrincipal user;
    private ShortPaths paths;

    @BeforeEach
    void makeDirectories() throws IOException {
        temporary = Files.createDirectory(root.resolve("t"));
        deep = Files.createDirectories(root.resolve("d".repeat(90)).resolve("sockets"));
        user = Files.getOwner(deep);
        paths = new ShortPaths(deep, user, temporary);
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> there = Files.list(temporary)) {
            return there.sorted().toList();
        }
    }

    @Test
    void aPathThatFitsIsItself() throws IOException {
        ShortPaths here = new ShortPaths(root, user, temporary);

        assertThat(here.reachable(root.resolve("web.sock"))).isEqualTo(root.resolve("web.sock"));
        assertThat(folders()).isEmpty();
    }

    @Test
    void aPathThatIsTooLongIsReachedThroughAFolderOfOurOwn() throws IOException {
        Path reachable = paths.reachable(deep.resolve("web.sock"));

        assertThat(reachable.toString()).hasSizeLessThanOrEqualTo(100);
        try (ServerSocketChannel service = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            service.bind(UnixDomainSocketAddress.of(reachable));
            assertThat(deep.resolve("web.sock")).exists();
            try (SocketChannel client = UnixSockets.connect(deep.resolve("web.sock"))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folders().get(0))))
                .isEqualTo("rwx------");
        assertThat(paths.reachable(deep.resolve("web.sock"))).isEqualTo(reachable);
        assertThat(new ShortPaths(deep, user, temporary).reachable(deep.resolve("web.sock")))
                .as("the next owner finds the same")
                .isEqualTo(reachable);
    }

    @Test
    void theFolderIsMadeAgainWhenItWasRemovedAndTheLinkWhenItLeadsElsewhere() throws IOException {
        Path link = paths.reachable(deep.resolve("web.sock")).getParent();
        Files.delete(link);
        Files.createSymbolicLink(link, root);

        assertThat(paths.reachable(deep.resolve("web.sock")).getParent()).isEqualTo(link);
        assertThat(link.toRealPath()).isEqualTo(deep.toRealPath());

        paths.remove();
        assertThat(folders()).isEmpty();
        paths.remove();
        paths.reachable(deep.resolve("web.sock"));
        assertThat(link.toRealPath()).isEqualTo(deep.toRealPath());
    }

    @Test
    void trapsArePassedOver() throws IOException {
        Path first = folder(paths.reachable(deep.resolve("web.sock")));
        paths.remove();

        Files.createDirectory(first);
        Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path second = folder(paths.reachable(deep.resolve("web.sock")));
        assertThat(second).isEqualTo(temporary.resolve(first.getFileName() + "-1"));
        assertThat(first).as("a folder that others may enter").isEmptyDirectory();
        paths.remove();
        assertThat(folders()).containsExactly(first);

        Files.delete(first);
        Files.createSymbolicLink(first, deep);
        assertThat(folder(paths.reachable(deep.resolve("web.sock")))).isEqualTo(second);
        assertThat(deep).as("what a link leads to").isEmptyDirectory();

        paths.remove();
        Files.delete(first);
        Files.writeString(first, "a file");
        assertThat(folder(paths.reachable(deep.resolve("web.sock")))).isEqualTo(second);
        assertThat(first).hasContent("a file");
    }

    @Test
    void whereEveryFolderIsATrapItSaysWhich() throws IOException {
        Path first = folder(paths.reachable(deep.resolve("web.sock")));
        paths.remove();
        Files.writeString(first, "");
        for (int i = 1; i < 8; i++) {
            Files.writeString(temporary.resolve(first.getFileName() + "-" + i), "");
        }

        assertThatThrownBy(() -> paths.reachable(deep.resolve("web.sock")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(first.toString())
                .hasMessageContaining("remove them");
    }

    @Test
    void aFileNameThatIsTooLongEvenSoIsRefused() {
        assertThatThrownBy(() -> paths.reachable(deep.resolve("n".repeat(100))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("give it a shorter name");
        assertThatThrownBy(() -> paths.reachable(root.resolve("elsewhere")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFolderWithMoreInItIsLeft() throws IOException {
        Path folder = folder(paths.reachable(deep.resolve("web.sock")));
        Files.writeString(folder.resolve("mine"), "");

        paths.remove();

        assertThat(folder.resolve("mine")).exists();
        assertThat(Files.exists(folder.resolve("s"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    private static Path folder(Path reachable) {
        return reachable.getParent().getParent();
    }
}
