package dev.tetra.tsm.core.internal.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

class LogIndexProperties {
    private static final long BEGIN = 1_700_000_000;

    private Path file = Path.of("");

    @BeforeTry
    void makeFile() throws IOException {
        file = Files.createTempDirectory("log-index").resolve("current.out.index");
    }

    @AfterTry
    void removeFile() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(file.getParent());
    }

    @Property(tries = 300)
    void a_record_reads_as_it_was_written(
            @ForAll @LongRange(max = 9_999_999_999L) long second,
            @ForAll @LongRange(max = 999_999_999_999_999_999L) long offset,
            @ForAll boolean watched)
            throws IOException {
        LogIndex.Entry entry = new LogIndex.Entry(second, offset, watched);
        byte[] bytes = LogIndex.encode(entry);
        assertThat(bytes).hasSize(LogIndex.RECORD);
        assertThat(LogIndex.parse(bytes).entry(0)).isEqualTo(entry);
    }

    @Property(tries = 500)
    void no_bytes_cause_anything_but_an_io_exception(@ForAll("mutilated") byte[] bytes, @ForAll long offset) {
        try {
            LogIndex index = LogIndex.parse(bytes);
            index.time(offset);
            index.since(Instant.ofEpochSecond(BEGIN), 1000, Instant.ofEpochSecond(BEGIN));
            for (int i = 0; i < index.size(); i++) {
                index.entry(i);
            }
        } catch (IOException damaged) {
            assertThat(damaged.getMessage()).contains("index");
        }
    }

    @Provide
    Arbitrary<byte[]> mutilated() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
        Arbitrary<byte[]> almost = Combinators.combine(
                        Arbitraries.integers().between(0, 319),
                        Arbitraries.bytes(),
                        Arbitraries.integers().between(0, 320))
                .as((at, value, length) -> {
                    byte[] bytes = records(10);
                    bytes[at] = value;
                    return Arrays.copyOf(bytes, length);
                });
        return Arbitraries.oneOf(noise, almost);
    }

    private static byte[] records(int count) {
        byte[] bytes = new byte[count * LogIndex.RECORD];
        for (int i = 0; i < count; i++) {
            byte[] record = LogIndex.encode(new LogIndex.Entry(BEGIN + i, 100L * (i + 1), true));
            System.arraycopy(record, 0, bytes, i * LogIndex.RECORD, LogIndex.RECORD);
        }
        return bytes;
    }

    @Property(tries = 330)
    void cut_off_at_any_byte_it_is_the_records_before_it_and_is_gone_on_with(@ForAll @IntRange(max = 320) int length)
            throws IOException {
        Files.write(file, Arrays.copyOf(records(10), length));
        int whole = length / LogIndex.RECORD;

        LogIndex index = LogIndex.read(file);
        assertThat(index.size()).isEqualTo(whole);
        for (int i = 0; i < whole; i++) {
            assertThat(index.time(100L * i + 50)).contains(Instant.ofEpochSecond(BEGIN + i));
        }
        assertThat(index.time(100L * whole + 50)).isEmpty();

        LogIndexWriter.open(file, false).note(BEGIN + 100, 5000, 0);
        LogIndex longer = LogIndex.read(file);
        assertThat(longer.size()).isEqualTo(whole + 1);
        assertThat(longer.entry(whole)).isEqualTo(new LogIndex.Entry(BEGIN + 100, 5000, false));
    }

    /** What happens between two looks: so many seconds pass, so many bytes are written in the last of them. */
    record Step(int seconds, int bytes, boolean ownerAnew) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> seconds = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, Arbitraries.just(1)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0, 500)));
        Arbitrary<Boolean> anew =
                Arbitraries.frequency(net.jqwik.api.Tuple.of(12, false), net.jqwik.api.Tuple.of(1, true));
        return Combinators.combine(seconds, Arbitraries.integers().between(0, 3), anew)
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }

    @Property(tries = 200)
    void what_it_says_of_a_byte_is_so_and_since_leaves_nothing_out(
            @ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 600) int asked) throws IOException {
        List<Long> written = new ArrayList<>();
        LogIndexWriter writer = LogIndexWriter.open(file, true);
        long now = BEGIN;
        for (Step step : steps) {
            now += step.seconds();
            for (int i = 0; i < step.bytes(); i++) {
                written.add(now);
            }
            if (step.ownerAnew()) {
                writer = LogIndexWriter.open(file, false);
            }
            writer.note(now, written.size(), 0);
        }

        LogIndex index = LogIndex.read(file);
        for (int i = 0; i < written.size(); i++) {
            Optional<Instant> said = index.time(i);
            if (said.isPresent()) {
                // A second look within the same second notes nothing; the next look does.
                assertThat(said.get().getEpochSecond()).isBetween(written.get(i), laterLook(steps, written.get(i)));
            }
        }
        Instant time = Instant.ofEpochSecond(BEGIN + asked);
        Instant modified = Instant.ofEpochSecond(written.isEmpty() ? 0 : written.get(written.size() - 1));
        long expected = written.stream()
                .filter(second -> second < time.getEpochSecond())
                .count();
        Optional<LogIndex.Position> since = index.since(time, written.size(), modified);
        if (since.isEmpty()) {
            assertThat(index.size()).isZero();
        } else {
            assertThat(since.get().offset()).isLessThanOrEqualTo(expected);
        }
    }

    /** When the look after that second was. */
    private static long laterLook(List<Step> steps, long second) {
        long now = BEGIN;
        for (Step step : steps) {
            now += step.seconds();
            if (now > second) {
                return now;
            }
        }
        return second;
    }

    @Property(tries = 20)
    void it_grows_no_larger_than_it_may_and_the_last_hour_stays_exact(
            @ForAll @IntRange(min = LogIndex.MOST_RECORDS, max = 3 * LogIndex.MOST_RECORDS) int seconds)
            throws IOException {
        LogIndexWriter writer = LogIndexWriter.open(file, true);
        for (int i = 1; i <= seconds; i++) {
            writer.note(BEGIN + i, 10L * i, 0);
        }

        assertThat(Files.size(file)).isLessThanOrEqualTo((long) LogIndex.MOST_RECORDS * LogIndex.RECORD);
        LogIndex index = LogIndex.read(file);
        for (int i = seconds - 3600; i < seconds; i++) {
            assertThat(index.time(10L * i + 5)).contains(Instant.ofEpochSecond(BEGIN + i + 1));
        }
        for (int i = 0; i < seconds; i += 100) {
            long expected = BEGIN + i + 1;
            index.time(10L * i + 5)
                    .ifPresent(said -> assertThat(said.getEpochSecond()).isBetween(expected, expected + 64));
        }
    }

    @Property(tries = 100)
    void a_clock_that_is_set_back_and_a_log_that_is_truncated_leave_no_lie(
            @ForAll @IntRange(min = 1, max = 50) int before,
            @ForAll @IntRange(max = 60) int back,
            @ForAll @Size(max = 10) List<@IntRange(min = 1, max = 9) Integer> after)
            throws IOException {
        LogIndexWriter writer = LogIndexWriter.open(file, true);
        for (int i = 1; i <= before; i++) {
            writer.note(BEGIN + i, 10L * i, 0);
        }
        long now = BEGIN + before - back;
        long end = 10L * before;
        for (int bytes : after) {
            now++;
            end += bytes;
            writer.note(now, end, 0);
        }
        long last = now;
        LogIndex index = LogIndex.read(file);
        long second = 0;
        for (int i = 0; i < index.size(); i++) {
            LogIndex.Entry entry = index.entry(i);
            assertThat(entry.second()).isGreaterThanOrEqualTo(second);
            second = entry.second();
        }
        if (!after.isEmpty()) {
            assertThat(second).isLessThanOrEqualTo(Math.max(last, BEGIN + before - back + 1));
        }

        writer.note(now + 1, 3, 0);
        assertThat(LogIndex.read(file).time(100)).isEmpty();
        assertThat(LogIndex.read(file).time(1)).isEmpty();
    }

    @Property(tries = 100)
    void what_was_pruned_is_forgotten_and_the_rest_is_as_known_as_before(
            @ForAll @IntRange(min = 1, max = 200) int count, @ForAll @IntRange(max = 2100) int from)
            throws IOException {
        LogIndexWriter writer = LogIndexWriter.open(file, true);
        for (int i = 1; i <= count; i++) {
            writer.note(BEGIN + i, 10L * i, 0);
        }
        LogIndex whole = LogIndex.read(file);

        writer.forgetBefore(from);

        LogIndex rest = LogIndex.read(file);
        assertThat(rest.size()).isLessThanOrEqualTo(Math.max(1, count + 1 - from / 10));
        for (long offset = from; offset < 10L * count; offset++) {
            assertThat(rest.time(offset)).isEqualTo(whole.time(offset));
        }
    }

    @Property(tries = 500)
    void a_mark_is_read_as_it_was_written_and_nothing_else_is_one(
            @ForAll @LongRange(max = 1L << 50) long start,
            @ForAll @LongRange(min = 1, max = 1L << 50) long bytes,
            @ForAll long nonce,
            @ForAll @IntRange(max = 127) int at,
            @ForAll byte other) {
        CutMark mark = new CutMark(start, bytes, nonce);
        byte[] encoded = mark.encoded();
        assertThat(encoded.length).isLessThanOrEqualTo(CutMark.LONGEST);
        assertThat(CutMark.parse(encoded, encoded.length)).isEqualTo(mark);
        for (int i = 0; i < encoded.length; i++) {
            assertThat(CutMark.parse(encoded, i)).isNull();
        }
        byte[] damaged = encoded.clone();
        damaged[at % damaged.length] = other;
        CutMark found = CutMark.parse(damaged, damaged.length);
        if (found != null) {
            assertThat(found.encoded()).isEqualTo(damaged);
        }
    }
}
