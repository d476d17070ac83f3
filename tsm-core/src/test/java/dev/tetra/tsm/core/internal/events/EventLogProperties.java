package dev.tetra.tsm.core.internal.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.ServiceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** The log against a plain list of events. */
class EventLogProperties {
    private Path directory = Path.of("");
    private Path file = Path.of("");

    @BeforeTry
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("events");
        file = directory.resolve("events.jsonl");
    }

    @AfterTry
    void removeDirectory() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(EventLog.older(file));
        Files.delete(directory);
    }

    @Property(tries = 150)
    void theLastEventsAreThoseThatWereAppendedLast(
            @ForAll("sizes") List<Integer> sizes, @ForAll @IntRange(max = 40) int last) throws IOException {
        List<ServiceEvent> all = new ArrayList<>();
        try (EventLog log = new EventLog(file)) {
            for (int size : sizes) {
                ServiceEvent event = SomeEvents.of(size % 2 == 0 ? "web" : "db", all.size(), "x".repeat(size));
                all.add(event);
                log.append(event);
            }
        }

        assertThat(read(last)).isEqualTo(all.subList(Math.max(0, all.size() - last), all.size()));
        try (EventFiles files = EventFiles.open(file)) {
            List<ServiceEvent> webs =
                    all.stream().filter(event -> event.service().equals("web")).toList();
            assertThat(files.last(last, event -> event.service().equals("web")))
                    .isEqualTo(webs.subList(Math.max(0, webs.size() - last), webs.size()));
        }
    }

    @Property(tries = 100)
    void whereverAKillCutTheFileAllOtherEventsAreKept(
            @ForAll @IntRange(min = 1, max = 5) int before, @ForAll @IntRange(min = 1, max = 3) int after)
            throws IOException {
        List<ServiceEvent> events = append(0, before);
        byte[] whole = Files.readAllBytes(file);
        int lastLine = whole.length - EventJson.line(events.get(before - 1)).length;
        for (int cut = lastLine; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            // An event of which only the newline is missing is whole; a shorter one is lost.
            boolean lost = cut < whole.length - 1;
            List<ServiceEvent> expected = new ArrayList<>(events.subList(0, lost ? before - 1 : before));

            expected.addAll(append(before, after));

            assertThat(read(100)).as("cut at " + cut).isEqualTo(expected);
        }
    }

    @Property(tries = 50)
    void theNewestAreKeptWithinTwiceTheLargestSize(
            @ForAll @IntRange(min = 200, max = 2000) int largest, @ForAll @IntRange(min = 1, max = 100) int count)
            throws IOException {
        List<ServiceEvent> all = new ArrayList<>();
        try (EventLog log = new EventLog(file, largest)) {
            for (int i = 0; i < count; i++) {
                all.add(SomeEvents.numbered(i));
                log.append(all.get(i));
            }
            assertThat(log.dropped()).isZero();
        }

        List<ServiceEvent> kept = read(1000);

        assertThat(kept).isEqualTo(all.subList(all.size() - kept.size(), all.size()));
        assertThat(Files.size(file)).isLessThanOrEqualTo(largest);
        if (kept.size() < all.size()) {
            assertThat(Files.size(EventLog.older(file))).isBetween(largest / 2L - 200, (long) largest);
        }
    }

    @Property(tries = 100)
    void aFollowerIsHandedEveryEventOnceInOrderAcrossRotations(
            @ForAll @IntRange(min = 300, max = 1500) int largest,
            @ForAll List<@IntRange(min = 1, max = 3) Integer> bursts,
            @ForAll @IntRange(max = 5) int first)
            throws Exception {
        List<ServiceEvent> all = new ArrayList<>();
        List<ServiceEvent> followed = new ArrayList<>();
        try (EventLog log = new EventLog(file, largest)) {
            for (int i = 0; i < 3; i++) {
                all.add(SomeEvents.numbered(all.size()));
                log.append(all.get(i));
            }
            try (EventFollower follower = EventFollower.open(file, first, event -> true, followed::add)) {
                follower.follow(() -> true);
                for (int burst : bursts) {
                    for (int i = 0; i < burst; i++) {
                        ServiceEvent event = SomeEvents.numbered(all.size());
                        all.add(event);
                        log.append(event);
                    }
                    follower.look();
                }
            }
        }

        assertThat(followed).isEqualTo(all.subList(Math.max(0, 3 - first), all.size()));
    }

    @Property(tries = 100)
    void aFollowerWaitsForTheEndOfALine(@ForAll @IntRange(min = 1, max = 200) int piece) throws Exception {
        List<ServiceEvent> followed = new ArrayList<>();
        byte[] line = EventJson.line(SomeEvents.numbered(7));
        int length = Math.min(piece, line.length - 1);
        Files.write(file, Arrays.copyOf(line, length));
        try (EventFollower follower = EventFollower.open(file, 10, event -> true, followed::add)) {
            follower.look();
            assertThat(followed).isEmpty();
            Files.write(file, line);
            follower.look();
        }

        assertThat(followed).containsExactly(SomeEvents.numbered(7));
    }

    private List<ServiceEvent> append(int from, int count) {
        List<ServiceEvent> events = new ArrayList<>();
        try (EventLog log = new EventLog(file)) {
            for (int i = from; i < from + count; i++) {
                events.add(SomeEvents.numbered(i));
                log.append(events.get(i - from));
            }
        }
        return events;
    }

    private List<ServiceEvent> read(int last) throws IOException {
        try (EventFiles files = EventFiles.open(file)) {
            return files.last(last, event -> true);
        }
    }

    /** Small events, and some around the size of a block. */
    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(10, Arbitraries.integers().between(0, 200)),
                        net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(60_000, 64_000)))
                .list()
                .ofMaxSize(40);
    }
}
