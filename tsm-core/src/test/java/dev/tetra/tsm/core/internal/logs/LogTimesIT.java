package dev.tetra.tsm.core.internal.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.LogSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When what was written: rounds at made-up times over real files. */
class LogTimesIT {
    private static final Instant START = LogBench.START;

    @TempDir
    Path scratch;

    private static List<String> since(LogBench bench, Instant time, boolean sure) throws IOException {
        List<String> lines = new ArrayList<>();
        Set<LogLine.Stream> unsure = bench.logs().read(LogSpan.since(time), line -> lines.add(line.text()));
        assertThat(unsure.isEmpty()).as("sure").isEqualTo(sure);
        return lines;
    }

    @Test
    void lines_since_a_time_are_found_to_the_second_while_an_owner_watches() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        for (int i = 0; i < 10; i++) {
            bench.write("at " + i + "\n");
            bench.round(START.plusSeconds(i));
        }

        assertThat(since(bench, START.plusSeconds(7), true)).containsExactly("at 7", "at 8", "at 9");
        assertThat(since(bench, START, true)).hasSize(10);
        assertThat(since(bench, START.minusSeconds(600), true)).hasSize(10);
        List<LogLine> last = new ArrayList<>();
        bench.logs().read(LogSpan.since(START.plusSeconds(3)).atMost(2), last::add);
        assertThat(last)
                .containsExactly(
                        new LogLine("web", LogLine.Stream.OUT, "at 8", Optional.of(START.plusSeconds(8))),
                        new LogLine("web", LogLine.Stream.OUT, "at 9", Optional.of(START.plusSeconds(9))));
    }

    @Test
    void a_line_that_was_being_written_at_that_time_is_shown_whole() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        bench.write("before\nhalf ");
        bench.round(START);
        bench.write("and half\nafter\n");
        bench.round(START.plusSeconds(1));

        assertThat(since(bench, START.plusSeconds(1), true)).containsExactly("half and half", "after");
    }

    @Test
    void a_long_silence_is_no_doubt() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        bench.write("old\n");
        for (int i = 0; i < 1000; i++) {
            bench.round(START.plusSeconds(i));
        }
        bench.write("new\n");
        bench.round(START.plusSeconds(1000));

        assertThat(since(bench, START.plusSeconds(500), true)).containsExactly("new");
        assertThat(bench.logs().tail(9))
                .extracting(LogLine::time)
                .containsExactly(Optional.of(START), Optional.of(START.plusSeconds(1000)));
    }

    @Test
    void times_go_on_across_archives_and_what_is_pruned_is_gone() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 2));
        org.junit.jupiter.api.Assumptions.assumeTrue(
                bench.canCollapse(), "the file system of " + scratch + " cannot collapse");
        String filling = "x".repeat(5000);
        for (int i = 0; i < 20; i++) {
            bench.write("at " + i + " " + filling + "\n");
            bench.round(START.plusSeconds(i));
        }

        assertThat(bench.out.archives()).hasSize(2);
        assertThat(since(bench, START.plusSeconds(17), true))
                .extracting(line -> line.substring(0, 5))
                .containsExactly("at 17", "at 18", "at 19");
        assertThat(bench.logs().tail(2))
                .extracting(LogLine::time)
                .containsExactly(Optional.of(START.plusSeconds(18)), Optional.of(START.plusSeconds(19)));
        long first = bench.out.archives().get(0).start();
        LogIndex index = LogIndex.read(bench.out.index());
        assertThat(index.entry(0).offset()).isLessThanOrEqualTo(first);
        assertThat(index.entry(1).offset()).isGreaterThan(first);
    }

    @Test
    void what_came_while_nobody_watched_is_shown_and_said_to_be_unsure() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        bench.write("known\n");
        bench.round(START);
        bench.write("some time\n");
        new LogKeeper(bench.directory, bench.events::add).round(List.of(bench.service()), START.plusSeconds(3600));

        assertThat(since(bench, START.plusSeconds(1800), false)).containsExactly("some time");
        assertThat(bench.logs().tail(9))
                .extracting(LogLine::time)
                .containsExactly(Optional.of(START), Optional.empty());
    }

    @Test
    void without_an_index_the_time_of_the_file_counts() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        bench.write("one\ntwo\n");
        Files.setLastModifiedTime(bench.out.live(), FileTime.from(START));

        assertThat(since(bench, START.minusSeconds(1), false)).containsExactly("one", "two");
        assertThat(since(bench, START.plusSeconds(1), true)).isEmpty();
    }

    @Test
    void a_damaged_index_is_as_none_and_begun_anew() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        bench.write("one\n");
        Files.writeString(bench.out.index(), "nonsense of exactly thirty-two b");
        Files.setLastModifiedTime(bench.out.live(), FileTime.from(START));
        assertThat(since(bench, START, false)).containsExactly("one");

        bench.round(START);
        bench.write("two\n");
        bench.round(START.plusSeconds(1));
        assertThat(since(bench, START.plusSeconds(1), true)).containsExactly("two");
    }

    @Test
    void a_log_that_somebody_truncated_is_noted_anew() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        bench.write("a long line of the past\n");
        bench.round(START);
        Files.writeString(bench.out.live(), "new\n");
        bench.round(START.plusSeconds(1));
        bench.write("newer\n");
        bench.round(START.plusSeconds(2));

        assertThat(since(bench, START.plusSeconds(2), true)).containsExactly("newer");
        assertThat(bench.logs().tail(9))
                .extracting(LogLine::time)
                .containsExactly(Optional.empty(), Optional.of(START.plusSeconds(2)));
    }

    @Test
    void a_service_that_was_deleted_and_made_anew_between_two_looks_has_its_own_times() throws Exception {
        LogBench bench = new LogBench(scratch, LogPolicy.DEFAULT);
        bench.write("old\n");
        bench.round(START);
        bench.write("older than the new one\n");
        bench.round(START.plusSeconds(1));
        Files.delete(bench.out.index());
        Files.delete(bench.out.live());
        Files.delete(bench.path);
        Files.createDirectory(bench.path);
        bench.write("a line that is longer than all that was written before\n");
        bench.round(START.plusSeconds(2));
        bench.write("new\n");
        bench.round(START.plusSeconds(3));

        assertThat(LogIndex.read(bench.out.index()).size()).isEqualTo(2);
        assertThat(since(bench, START.plusSeconds(3), true)).containsExactly("new");
        assertThat(bench.logs().tail(9))
                .extracting(LogLine::time)
                .containsExactly(Optional.empty(), Optional.of(START.plusSeconds(3)));
    }
}
