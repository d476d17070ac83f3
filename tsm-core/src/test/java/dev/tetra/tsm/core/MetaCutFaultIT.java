package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** meta.json ends after each of its bytes, as after a crash of the machine or a hand that slipped. */
class MetaCutFaultIT {
    /** Every so many bytes there is an owner of its own; a reader and an owner of all see every byte. */
    private static final int STEP = 97;

    private static final List<Selector> WEB = List.of(new Selector.Name("web00000"));

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

    private Path meta(String name) {
        return sandbox.directory().service(name).resolve("meta.json");
    }

    /** How long the text is without what may be missing: the last line break. */
    private static int whole(byte[] text) {
        return text[text.length - 1] == '\n' ? text.length - 1 : text.length;
    }

    @Test
    void anOwnerOfOneStoppedServiceForEachCutNamesThemAllAndHidesNobody() throws Exception {
        Service steady;
        byte[] text;
        try (ServiceManager first = sandbox.open()) {
            steady = first.start(sandbox.sleeper("steady"), Wait.NOT);
            first.start(sandbox.sleeper("web00000"), Wait.NOT);
            first.stop(WEB);
            text = Files.readAllBytes(meta("web00000"));
            first.delete(WEB);
        }
        Set<String> cut = new HashSet<>();
        for (int length = 0; length < whole(text); length++) {
            String name = String.format("web%05d", length);
            byte[] named = new String(text, StandardCharsets.UTF_8)
                    .replace("web00000", name)
                    .getBytes(StandardCharsets.UTF_8);
            Files.createDirectory(sandbox.directory().service(name));
            Files.write(meta(name), Arrays.copyOf(named, length));
            cut.add(name);
        }
        ServiceManager next = sandbox.open();
        Inventory seen = next.list();
        assertThat(seen.services()).containsExactly(steady);
        assertThat(seen.unreadable()).extracting(Inventory.Unreadable::name).containsExactlyInAnyOrderElementsOf(cut);
        assertThat(seen.unreadable()).allSatisfy(broken -> {
            assertThat(broken.file()).isEqualTo(meta(broken.name()));
            assertThat(broken.why()).isNotBlank().doesNotContain("\n", "Exception");
        });
        assertThat(sandbox.directory().read()).isEqualTo(seen);
        assertThat(next.stop(List.of(new Selector.All())))
                .extracting(change -> change.service().name())
                .containsExactly("steady");
        assertThat(sandbox.serviceDirectories()).containsAll(cut);
    }

    @Test
    void aRunningServiceWhoseFileIsCutIsNeitherDoubledNorLost() throws Exception {
        String seconds = Sandbox.uniqueSeconds(0);
        Service web;
        try (ServiceManager first = sandbox.open()) {
            web = first.start(sandbox.shell("web", "exec sleep " + seconds + " # $PORT"), Wait.NOT);
            Sandbox.awaitProgram(web, "sleep");
            first.start(sandbox.sleeper("steady"), Wait.NOT);
        }
        byte[] text = Files.readAllBytes(meta(web.name()));
        List<Long> pids = Sandbox.running("sleep", seconds);
        for (int length = 0; length < whole(text); length++) {
            Files.write(meta(web.name()), Arrays.copyOf(text, length));
            Inventory seen = sandbox.directory().read();
            assertThat(seen.services())
                    .as("cut to " + length)
                    .extracting(Service::name)
                    .containsExactly("steady");
            assertThat(seen.unreadable()).as("cut to " + length).hasSize(1);
        }
        for (int length = 0; length < text.length; length += STEP) {
            Files.write(meta(web.name()), Arrays.copyOf(text, length));
            try (ServiceManager next = sandbox.open()) {
                assertThat(next.list().unreadable())
                        .as("cut to " + length)
                        .extracting(Inventory.Unreadable::name)
                        .containsExactly(web.name());
                assertThatThrownBy(() -> next.start(
                                sandbox.spec("web", "sleep", seconds)
                                        .port(web.port().orElseThrow())
                                        .build(),
                                Wait.NOT))
                        .isInstanceOfSatisfying(
                                ServiceException.class,
                                refusal -> assertThat(refusal.reason())
                                        .as(refusal.getMessage())
                                        .isIn(Reason.UNREADABLE, Reason.PORT_TAKEN));
                assertThat(Sandbox.running("sleep", seconds))
                        .as("cut to " + length)
                        .isEqualTo(pids);
                assertThat(sandbox.claims()).as("cut to " + length).contains("\t" + web.name());
            }
        }
        Files.write(meta(web.name()), text);
        ServiceManager last = sandbox.open();
        assertThat(last.find(new Selector.Name("web")).run()).isEqualTo(web.run());
        last.delete(List.of(new Selector.All()));
        assertThat(Sandbox.running("sleep", seconds)).isEmpty();
    }

    @Test
    void anOwnerWhoseFilesAreCutUnderItsHandsWritesThemAnew() throws Exception {
        ServiceManager manager = sandbox.open();
        Service web = manager.start(sandbox.sleeper("web00000"), Wait.NOT);
        byte[] text = Files.readAllBytes(meta("web00000"));
        for (int length = 0; length < text.length; length += STEP) {
            Files.write(meta("web00000"), Arrays.copyOf(text, length));
            Change change = manager.restart(WEB, Wait.NOT).get(0);
            assertThat(change.failure()).as("cut to " + length).isEmpty();
            Service seen = sandbox.directory().read().one(new Selector.Name("web00000"));
            assertThat(seen).as("cut to " + length).isEqualTo(change.service());
            assertThat(seen.id()).isEqualTo(web.id());
        }
        assertThat(sandbox.processes()).as("one process and its wrapper").hasSize(2);
    }
}
