package dev.tetra.tsm.core;

import static dev.tetra.tsm.core.Sandbox.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Does each verb with room for 0, 1, 2, … more pages on the disk of the runtime directory, so that every write of state is
 * once the first that does not fit: {@code DiskFullMain ROOT}, with a tmpfs on ROOT/tsm.
 */
final class DiskFullMain {
    /** No verb writes more pages than that: the last rounds go as if there were no fault. */
    private static final int MOST_PAGES = 5;

    private static final int PAGE = 4096;

    private static final List<Selector> WEB = List.of(new Selector.Name("web"));
    private static final String SECONDS = Sandbox.uniqueSeconds(0);

    private final Sandbox sandbox;
    private final Path filler;
    private ServiceManager manager;
    private String round = "";

    private DiskFullMain(Path root) throws IOException {
        this.sandbox = new Sandbox(root);
        this.filler = sandbox.directory().root().resolve("filler");
        this.manager = sandbox.open();
    }

    private interface Verb {
        void apply() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        DiskFullMain test = new DiskFullMain(Path.of(arguments[0]));
        try {
            test.run();
            System.out.println("the truth is on the disk");
        } finally {
            test.sandbox.close();
        }
    }

    private void run() throws Exception {
        Service steady = manager.start(sandbox.shell("steady", "while :; do echo goes on; sleep 0.05; done"), Wait.NOT);
        for (int pages = 0; pages <= MOST_PAGES; pages++) {
            start(pages);
            stop(pages);
            delete(pages);
            crash(pages);
            restart(pages);
            open(pages);
        }
        assertThat(service("steady").run()).as("another service").isEqualTo(steady.run());
        manager.delete(List.of(new Selector.All()));
        assertThat(sandbox.serviceDirectories()).isEmpty();
        assertThat(sandbox.processes()).isEmpty();
    }

    private ServiceSpec web() {
        return sandbox.spec("web", "sh", "-c", "exec sleep " + SECONDS + " # $PORT")
                .restart(RestartPolicy.DEFAULT
                        .withMode(RestartPolicy.Mode.ALWAYS)
                        .withMinUptime(Duration.ZERO))
                .build();
    }

    private Service service(String base) throws IOException {
        return manager.find(new Selector.Name(base));
    }

    private Service running() throws Exception {
        Service web = manager.start(web(), Wait.NOT);
        Sandbox.awaitProgram(web, "sleep");
        return web;
    }

    /** Takes all room but that for so many pages. */
    private void fill(String verb, int pages) throws IOException {
        round = verb + " with room for " + pages + " pages";
        try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
            byte[] page = new byte[PAGE];
            file.seek(file.length());
            try {
                while (true) {
                    file.write(page);
                }
            } catch (IOException full) {
                file.setLength(Math.max(0, file.length() / PAGE - pages) * PAGE);
            }
        }
    }

    /** Does it on the full disk, makes room again, and looks whether the disk says what is. */
    private Optional<Exception> full(String verb, int pages, Verb what) throws Exception {
        fill(verb, pages);
        Optional<Exception> refusal = Optional.empty();
        try {
            what.apply();
        } catch (IOException | ServiceException refused) {
            refusal = Optional.of(refused);
            assertThat(refused.getMessage()).as(round).isNotBlank().doesNotContain("Exception", "\n");
        }
        Files.delete(filler);
        await(
                "the disk says what the owner knows after " + round + ": "
                        + sandbox.directory().read() + " is not " + manager.list(),
                () -> sandbox.directory().read().equals(manager.list()));
        return refusal;
    }

    private void assertGone() throws Exception {
        assertThat(Sandbox.running("sleep", SECONDS)).as(round).isEmpty();
    }

    private void assertOneRuns() throws Exception {
        Service web = service("web");
        assertThat(web.status()).as(round).isEqualTo(Status.ONLINE);
        long pid = Sandbox.awaitProgram(web, "sleep");
        assertThat(Sandbox.running("sleep", SECONDS)).as(round).containsExactly(pid);
        assertThat(sandbox.claims()).as(round).contains("\t" + web.name());
    }

    private void forget() throws Exception {
        for (Change change : manager.delete(WEB)) {
            assertThat(change.failure()).as(round).isEmpty();
        }
        assertThat(sandbox.serviceDirectories()).as(round).containsExactly("steady");
        assertThat(sandbox.claims()).as(round).doesNotContain("\ttcp\t");
        assertGone();
    }

    private void start(int pages) throws Exception {
        Optional<Exception> refusal = full("start", pages, () -> manager.start(web(), Wait.NOT));
        if (refusal.isEmpty()) {
            assertOneRuns();
            forget();
        } else {
            assertGone();
            assertThat(sandbox.serviceDirectories()).as(round).containsExactly("steady");
            assertThat(sandbox.claims()).as(round).doesNotContain("\ttcp\t");
        }
        assertThat(pages == MOST_PAGES && refusal.isPresent())
                .as(round + ": " + refusal)
                .isFalse();
    }

    private void stop(int pages) throws Exception {
        running();
        full("stop", pages, () -> {
            manager.stop(WEB);
            assertGone();
            assertThat(service("web").status()).as(round).isEqualTo(Status.STOPPED);
        });
        assertThat(onDisk().status()).as(round).isEqualTo(Status.STOPPED);
        assertThat(sandbox.claims()).as(round).doesNotContain("\ttcp\t");
        forget();
    }

    private Service onDisk() throws IOException {
        return sandbox.directory().read().one(new Selector.Name("web"));
    }

    private void delete(int pages) throws Exception {
        running();
        List<Change> changes = new ArrayList<>();
        full("delete", pages, () -> {
            changes.addAll(manager.delete(WEB));
            assertGone();
        });
        boolean failed = changes.isEmpty() || changes.get(0).failure().isPresent();
        if (failed) {
            forget();
        }
        assertThat(sandbox.serviceDirectories()).as(round).containsExactly("steady");
        assertThat(sandbox.claims()).as(round).doesNotContain("\ttcp\t");
    }

    private void crash(int pages) throws Exception {
        Service before = running();
        full("crash", pages, () -> {
            ProcessHandle.of(before.pid().orElseThrow()).orElseThrow().destroy();
            await("another runs, " + round, () -> {
                Service next = service("web");
                return next.status() == Status.ONLINE && !next.pid().equals(before.pid());
            });
        });
        assertOneRuns();
        assertThat(onDisk().run()).as(round).isEqualTo(service("web").run());
        assertThat(onDisk().restarts()).as(round).isEqualTo(1);
        assertThat(service("web").lastExit().orElseThrow().outcome()).as(round).isEqualTo(new Exit.Signalled(15));
        forget();
    }

    private void restart(int pages) throws Exception {
        running();
        List<Change> changes = new ArrayList<>();
        full("restart", pages, () -> changes.addAll(manager.restart(WEB, Wait.NOT)));
        if (changes.isEmpty() || changes.get(0).failure().isPresent()) {
            assertGone();
            assertThat(onDisk().status()).as(round).isEqualTo(Status.ERRORED);
            assertThat(sandbox.claims()).as(round).doesNotContain("\ttcp\t");
        } else {
            assertOneRuns();
        }
        forget();
    }

    /** An owner follows on another although nothing can be written. */
    private void open(int pages) throws Exception {
        Service before = running();
        manager.close();
        fill("open", pages);
        manager = sandbox.open();
        assertThat(manager.isOwner()).as(round).isTrue();
        assertThat(service("web").run()).as(round).isEqualTo(before.run());
        assertThat(manager.stop(WEB)).as(round).hasSize(1);
        assertGone();
        Files.delete(filler);
        await("the disk says so, " + round, () -> onDisk().status() == Status.STOPPED);
        forget();
    }
}
