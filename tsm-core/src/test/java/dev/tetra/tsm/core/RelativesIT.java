package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that depend on each other or belong to each other. */
class RelativesIT {
    @TempDir
    Path root;

    private Sandbox sandbox;
    private ServiceManager manager;

    @BeforeEach
    void prepare() throws Exception {
        sandbox = new Sandbox(root);
        manager = sandbox.open();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        sandbox.close();
    }

    private Service now(String name) throws Exception {
        return manager.find(new Selector.Name(name));
    }

    private static List<Selector> only(String name) {
        return List.of(new Selector.Name(name));
    }

    /** A service that writes down when it begins and when it is told to end. */
    private ServiceSpec.Builder noted(String name) {
        return sandbox.spec(
                name,
                "sh",
                "-c",
                "trap 'echo -" + name + " >>notes; exit 0' TERM; echo +" + name
                        + " >>notes; while :; do sleep 0.02; done");
    }

    private List<String> notes() throws Exception {
        Path notes = sandbox.work().resolve("notes");
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    @Test
    void aDependencyThatDoesNotRunIsStartedFirst() throws Exception {
        manager.start(sandbox.sleeper("db"), Wait.NOT);
        manager.stop(only("db"));
        manager.start(
                sandbox.spec("web", "sleep", "1000")
                        .dependsOn(List.of(Dependency.parse("db")))
                        .build(),
                Wait.NOT);
        assertThat(now("db").status()).isEqualTo(Status.ONLINE);
        assertThat(now("web").status()).isEqualTo(Status.ONLINE);
    }

    @Test
    void aJobThatOthersWaitForIsWaitedForAndItsFailureIsTold() throws Exception {
        manager.start(sandbox.shell("job", "while ! test -e go; do sleep 0.02; done"), Wait.NOT);
        ServiceSpec web = sandbox.spec("web", "sleep", "1000")
                .dependsOn(List.of(Dependency.parse("job:completed")))
                .build();
        Thread starting = new Thread(() -> {
            try {
                manager.start(web, Wait.NOT);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        starting.start();
        assertThat(manager.list().services()).extracting(Service::name).containsExactly("job");
        sandbox.write("go", "");
        starting.join();
        assertThat(now("web").status()).isEqualTo(Status.ONLINE);
        assertThat(now("job").status()).isEqualTo(Status.STOPPED);

        manager.start(sandbox.shell("bad", "sleep 0.05; exit 3"), Wait.NOT);
        assertThatThrownBy(() -> manager.start(
                        sandbox.spec("app", "sleep", "1000")
                                .dependsOn(List.of(Dependency.parse("bad:completed")))
                                .build(),
                        Wait.NOT))
                .hasMessage(
                        "app was not started, as it waits until bad is completed, and that is crashed (ended by itself:"
                                + " exit code 3)");
        assertThat(sandbox.serviceDirectories()).containsExactly("bad", "job", "web");
    }

    @Test
    void aDependencyOnNothingAndACircleAreRefused() throws Exception {
        assertThatThrownBy(() -> manager.start(
                        sandbox.spec("web", "sleep", "1000")
                                .dependsOn(List.of(Dependency.parse("db")))
                                .build(),
                        Wait.NOT))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("web")
                .hasMessageContaining("db");
        manager.start(sandbox.sleeper("a"), Wait.NOT);
        manager.start(
                sandbox.spec("b", "sleep", "1000")
                        .dependsOn(List.of(Dependency.parse("a")))
                        .build(),
                Wait.NOT);
        manager.stop(only("a"));
        assertThatThrownBy(() -> manager.start(
                        sandbox.spec("a", "sleep", "1000")
                                .dependsOn(List.of(Dependency.parse("b")))
                                .build(),
                        Wait.NOT))
                .hasMessageContaining("a → b → a");
        assertThat(now("a").spec().dependsOn()).isEmpty();
    }

    @Test
    void allStopInReverseOrder() throws Exception {
        manager.start(noted("a").build(), Wait.NOT);
        manager.start(noted("b").dependsOn(List.of(Dependency.parse("a"))).build(), Wait.NOT);
        manager.start(noted("c").dependsOn(List.of(Dependency.parse("b"))).build(), Wait.NOT);
        await("all run", () -> notes().size() == 3);
        assertThat(manager.stop(List.of(new Selector.All())))
                .extracting(change -> change.service().name())
                .containsExactly("a", "b", "c");
        assertThat(notes().subList(3, 6)).containsExactly("-c", "-b", "-a");
    }

    @Test
    void childrenAreKnownToTheirParentAndStopBeforeIt() throws Exception {
        manager.start(noted("hub").build(), Wait.NOT);
        manager.start(noted("bridge").parent("hub").commType("pipe").build(), Wait.NOT);
        await("both run", () -> notes().size() == 2);
        await("the parent knows", () -> now("hub").family().children().equals(List.of("bridge")));
        await(
                "the disk too",
                () -> sandbox.directory()
                        .read()
                        .one(new Selector.Name("hub"))
                        .family()
                        .children()
                        .equals(List.of("bridge")));
        assertThat(now("bridge").family().parent()).contains("hub");
        assertThat(now("bridge").family().commType()).contains("pipe");

        manager.restart(only("hub"), Wait.NOT);
        await("all are there again", () -> notes().size() == 6);
        assertThat(notes().subList(2, 6)).containsExactly("-bridge", "-hub", "+hub", "+bridge");

        assertThat(manager.stop(only("hub")))
                .extracting(change -> change.service().name())
                .containsExactly("hub", "bridge");
        assertThat(notes().subList(6, 8)).containsExactly("-bridge", "-hub");
        manager.delete(only("bridge"));
        await("the parent knows again", () -> now("hub").family().children().isEmpty());
    }
}
