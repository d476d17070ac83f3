package dev.tetra.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void aRowShowsMediansSpreadsRatiosAndWhetherTheTargetIsReached() {
        Table table = new Table("tsm", List.of("pm2", "s6"));
        table.add(
                "stop, ms",
                Map.of(
                        "tsm", Samples.of(List.of(30.0, 10.0, 90.0)),
                        "pm2", Samples.of(List.of(60.0)),
                        "s6", Samples.of(List.of(20.0))),
                Optional.of(Target.shareOf("pm2", 0.5)));

        assertThat(printed(table))
                .containsExactly(
                        "| | tsm | pm2 | s6 | to pm2 | to the best peer | target | |",
                        "| --- | --- | --- | --- | --- | --- | --- | --- |",
                        "| stop, ms | 30 (10-90) | 60 (60-60) | 20 (20-20) | 0.50 | 1.50 | ≤ 0.5 of pm2 | reached |");
    }

    @Test
    void aTargetThatIsPassedByALittleIsMissed() {
        Table table = new Table("tsm", List.of("pm2"));
        table.add(
                "restart, ms",
                Map.of("tsm", Samples.of(List.of(8.01)), "pm2", Samples.of(List.of(16.02))),
                Optional.of(Target.atMost(8)));

        assertThat(printed(table))
                .last()
                .isEqualTo("| restart, ms | 8.0 (8.0-8.0) | 16.0 (16.0-16.0) | 0.50 | ≤ 8 | **missed** |");
    }

    @Test
    void aPeerThatIsLeftOutIsNotCompared() {
        Table table = new Table("tsm", List.of("pm2", "s6"));
        table.add("PSS, MB", Map.of("tsm", Samples.of(List.of(0.3))), Optional.of(Target.shareOf("pm2", 1)));

        assertThat(printed(table))
                .last()
                .isEqualTo("| PSS, MB | 0.30 (0.30-0.30) | - | - | - | - | ≤ 1.0 of pm2 | - |");
    }

    private static List<String> printed(Table table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
