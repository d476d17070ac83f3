package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** A log that is written to and rotated in every way, against a list of the lines that were written. */
class LogSearchProperties {
    private static final String WANTED = "here it is";

    private Path directory = Path.of("");
    private Path log = Path.of("");
    private LogSearch search = new LogSearch(log, 0, new LineMatch(WANTED));
    private int lines;

    /** What happens to a log; {@code size} is how many lines, or how many blocks. */
    record Step(Kind kind, int size) {}

    enum Kind {
        APPEND,
        APPEND_PART_OF_A_LINE,
        APPEND_A_LONG_LINE,
        CUT_THE_BEGINNING,
        EMPTY,
        REPLACE,
        LOOK
    }

    @BeforeTry
    void open() throws IOException {
        directory = Files.createTempDirectory("log-search");
        log = directory.resolve("current.out");
        lines = 0;
    }

    @AfterTry
    void close() throws IOException {
        search.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private String line() {
        lines++;
        // No two are the same, and they are of many lengths.
        return lines + " line of the log" + "-".repeat(lines * 7 % 90) + "\n";
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes in place, as fallocate(2) would leave it. */
    private void cut(int blocks) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int whole = Math.min(blocks, all.length / LogSearch.BLOCK) * LogSearch.BLOCK;
        Files.write(log, Arrays.copyOfRange(all, whole, all.length));
    }

    private boolean isFound() throws IOException {
        while (!search.look()) {
            // One look has its bounds.
        }
        return search.isFound();
    }

    private void run(List<Step> steps) throws IOException {
        for (Step step : steps) {
            switch (step.kind()) {
                case APPEND -> {
                    for (int i = 0; i < step.size(); i++) {
                        append(line());
                    }
                }
                case APPEND_PART_OF_A_LINE -> append("part " + lines + " ");
                case APPEND_A_LONG_LINE -> append("l".repeat(LogSearch.LONGEST_LINE + 100) + lines++ + "\n");
                case CUT_THE_BEGINNING -> cut(step.size());
                case EMPTY -> Files.write(log, new byte[0]);
                case REPLACE -> {
                    Files.move(log, directory.resolve("archive-" + lines++));
                    append("");
                }
                case LOOK -> assertThat(isFound()).isFalse();
                default -> throw new AssertionError(step);
            }
        }
    }

    @Property(tries = 300)
    void aLineThatIsWrittenIsFoundWhateverHappenedToTheLogBefore(
            @ForAll("steps") List<Step> before, @ForAll("steps") List<Step> after) throws IOException {
        append(WANTED + "\n");
        for (int i = 0; i < 20; i++) {
            append(line());
        }
        search = new LogSearch(log, Files.size(log), new LineMatch(WANTED));
        assertThat(isFound()).as("what was there at the launch does not count").isFalse();
        run(before);
        assertThat(isFound()).isFalse();
        append("\n" + WANTED);
        assertThat(isFound()).as("a line without its end").isFalse();
        append("\n");
        for (Step step : after) {
            if (step.kind() == Kind.APPEND) {
                run(List.of(step));
            }
        }
        assertThat(isFound()).isTrue();
        assertThat(isFound()).as("once found, it stays found").isTrue();
    }

    @Example
    void theRestOfALogThatWasMovedAwayIsReadBeforeTheNewOne() throws IOException {
        append("first\n");
        search = new LogSearch(log, 0, new LineMatch(WANTED));
        assertThat(isFound()).isFalse();
        append(WANTED + "\n");
        Files.move(log, directory.resolve("archive"));
        append("new\n");
        assertThat(isFound()).isTrue();
    }

    @Example
    void aLogThatIsNotThereYetIsEmpty() throws IOException {
        search = new LogSearch(log, 0, new LineMatch(WANTED));
        assertThat(isFound()).isFalse();
        append(WANTED + "\r\n");
        assertThat(isFound()).isTrue();
    }

    @Example
    void aLogThatIsShorterThanAtTheLaunchIsReadFromItsBeginning() throws IOException {
        append(WANTED + "\n");
        search = new LogSearch(log, 1000, new LineMatch(WANTED));
        assertThat(isFound()).isTrue();
    }

    @Example
    void aLineThatTheExpressionCannotManageDoesNotHideTheNext() throws IOException {
        LineMatch match = new LineMatch("(.*)(.*)(.*)(.*)(.*)\\1\\2y|" + WANTED);
        search = new LogSearch(log, 0, match);
        append(("x".repeat(300) + "\n").repeat(5) + WANTED + "\n");
        assertThat(search.look()).as("one look has its bounds").isFalse();
        assertThat(search.isFound()).isFalse();
        assertThat(isFound()).isTrue();
        assertThat(match.givenUp()).isEqualTo(5);
    }

    @Example
    void aGreatLogIsReadInSeveralLooks() throws IOException {
        String block = "a line of no interest\n".repeat(100_000);
        append(block + WANTED + "\n");
        search = new LogSearch(log, 0, new LineMatch(WANTED));
        assertThat(search.look()).isFalse();
        assertThat(isFound()).isTrue();
        assertThat(block.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(2 << 20);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Arbitraries.of(Kind.values())
                .flatMap(kind -> Arbitraries.integers()
                        .between(1, kind == Kind.APPEND ? 300 : 3)
                        .map(size -> new Step(kind, size)));
        // Whatever is taken away was looked at before, as the search asks for it.
        return step.list().ofMaxSize(8).map(LogSearchProperties::withLooks);
    }

    private static List<Step> withLooks(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> List.of(new Step(Kind.LOOK, 1), step).stream())
                .toList();
    }

    @AfterProperty
    void nothingIsLeft() {
        assertThat(directory).doesNotExist();
    }
}
