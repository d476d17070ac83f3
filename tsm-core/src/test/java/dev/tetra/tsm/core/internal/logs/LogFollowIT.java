package dev.tetra.tsm.core.internal.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What readers and followers find while archives come and go, step by step. */
@Timeout(60)
class LogFollowIT {
    @TempDir
    Path scratch;

    private static String lines(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(LogBench.line(i)).append('\n');
        }
        return text.toString();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void run(Step step) {
        try {
            step.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void a_log_that_is_cut_after_somebody_looked_at_it_still_ends_where_it_ends() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(8192, 3));
        assumeTrue(bench.canCollapse(), "the file system of " + scratch + " cannot collapse");
        String text = lines(0, 1000);
        bench.write(text);
        try (LogView view = new LogView(bench.out)) {
            assertThat(view.open()).isTrue();
            assertThat(view.base()).isZero();

            bench.round(LogBench.START);

            assertThat(bench.out.archives()).hasSize(1);
            assertThat(view.end()).isEqualTo(text.length());
            assertThat(view.base()).isEqualTo(bench.out.archivedEnd());
        }
    }

    @Test
    void a_follower_whose_archive_is_not_to_be_found_does_not_begin_anew_when_it_is_there_again() throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(0, 1000));
        String first = lines(0, 100);
        bench.write(first);
        Path aside = bench.path.resolve("aside");
        String archived = first + "unended and more\n";
        List<String> followed = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();

        bench.logs()
                .follow(
                        0,
                        line -> {
                            followed.add(line.text());
                            if (Files.exists(aside)) {
                                // The follower found out that it is behind, and has not gone on yet.
                                run(() -> Files.move(aside, bench.out.archive(0)));
                            }
                        },
                        () -> {
                            run(() -> {
                                if (looks.incrementAndGet() == 1) {
                                    bench.write("unended");
                                } else if (looks.get() == 2) {
                                    // Cut behind what was read, and the archive is not seen.
                                    Files.writeString(aside, archived);
                                    Files.createFile(bench.out.archive(archived.length()));
                                    Files.writeString(bench.out.live(), lines(200, 202));
                                }
                            });
                            return looks.get() == 3;
                        });

        assertThat(bench.out.archive(0)).exists();
        assertThat(followed).containsExactly("unended", LogBench.line(200), LogBench.line(201));
    }

    @Test
    void a_follower_goes_on_behind_archives_that_went_while_it_read_though_nothing_is_written_any_more()
            throws Exception {
        LogBench bench = new LogBench(scratch, LogBench.size(0, 1));
        long offset = 0;
        for (int i = 0; i < 3; i++) {
            String text = lines(100 * i, 100 * (i + 1));
            Files.writeString(bench.out.archive(offset), text);
            offset += text.length();
        }
        bench.write(lines(300, 400));
        List<LogFiles.Archive> archives = bench.out.archives();
        List<String> followed = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();

        bench.logs()
                .follow(
                        1000,
                        line -> {
                            if (followed.isEmpty()) {
                                run(() -> {
                                    Files.delete(archives.get(1).file());
                                    Files.delete(archives.get(0).file());
                                });
                            }
                            followed.add(line.text());
                        },
                        () -> looks.incrementAndGet() == 2);

        String expected = lines(0, 100) + lines(200, 400);
        assertThat(followed).containsExactlyElementsOf(expected.lines().toList());
    }

    @Test
    void a_part_that_becomes_an_archive_is_seen_at_every_moment() throws Exception {
        LogFiles files = new LogFiles(scratch, "current.out");
        Set<Long> all = new HashSet<>();
        for (long start = 0; start < 1000; start++) {
            Files.write(files.part(start), new byte[] {'\n'});
            all.add(start);
        }
        CompletableFuture<Void> renaming = CompletableFuture.runAsync(() -> run(() -> {
            for (long start = 0; start < 1000; start++) {
                Files.move(files.part(start), files.archive(start));
            }
        }));

        boolean over = false;
        while (!over) {
            over = renaming.isDone();
            Set<Long> seen = new HashSet<>();
            for (LogFiles.Archive piece : files.pieces()) {
                if (piece.bytes() == 1) {
                    seen.add(piece.start());
                }
            }
            assertThat(seen).isEqualTo(all);
        }
        renaming.get(30, TimeUnit.SECONDS);
        assertThat(files.parts()).isEmpty();
    }

    @Test
    void a_part_that_is_longer_than_the_archive_of_its_place_comes_behind_it() throws Exception {
        LogFiles files = new LogFiles(scratch, "current.out");
        Files.writeString(files.part(7), "eight\n", UTF_8);
        Files.createFile(files.archive(7));
        Files.createFile(files.archive(3));

        assertThat(files.pieces()).extracting(LogFiles.Archive::end).containsExactly(3L, 7L, 13L);
        assertThat(files.isArchivedUpTo(13)).isTrue();
        assertThat(files.archivedEnd()).isEqualTo(7);
    }
}
