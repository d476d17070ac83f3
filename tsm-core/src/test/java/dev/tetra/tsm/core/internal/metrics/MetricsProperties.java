package dev.tetra.tsm.core.internal.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Observation;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.SomeService;
import dev.tetra.tsm.core.internal.metrics.Metrics.LogSizes;
import dev.tetra.tsm.ports.Listener;
import dev.tetra.tsm.ports.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MetricsProperties {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_100);
    private static final Observation NOTHING = new Observation(List.of(), 0, Duration.ZERO, Duration.ZERO, List.of());

    private static Listener listener(int port, String address) {
        return new Listener(port, Transport.TCP, address, OptionalLong.of(4711), Optional.empty());
    }

    @Example
    void theWholeText() throws IOException {
        Service web = SomeService.running("web-8000", Instant.ofEpochSecond(1_700_000_000))
                .restarts(7, 2)
                .lastExit(Optional.of(new Exit(new Exit.Signalled(9), Instant.ofEpochSecond(1_699_999_999))))
                .health(new Service.Health(Optional.of(true), 1, Optional.empty()))
                .build();
        Service job = SomeService.of("job")
                .status(Status.CRASHED, Optional.empty())
                .exit(new Exit(new Exit.Exited(3), Instant.ofEpochSecond(1_600_000_000)))
                .build();
        Observation seen = new Observation(
                List.of(4711L, 4712L),
                12_345_678,
                Duration.ofMillis(1230),
                Duration.ofSeconds(100),
                List.of(listener(8000, "0.0.0.0"), listener(8000, "::"), listener(9000, "127.0.0.1")));
        OwnerFacts owner = new OwnerFacts(99, "0.1.0", "17.0.15", 12, 5_000_000, 60_000_000, 4, 5);

        String text = Metrics.text(
                new Inventory(
                        List.of(web, job), List.of(new Inventory.Unreadable("broken", Path.of("/x"), "nonsense"))),
                List.of(seen, NOTHING),
                List.of(new LogSizes(100, 200), new LogSizes(0, 7)),
                Optional.of(owner),
                NOW);

        assertThat(text.lines().filter(line -> !line.startsWith("#") && !line.contains("tsm_service_status")))
                .containsExactlyInAnyOrder(
                        "tsm_service_up{service=\"web-8000\"} 1.0",
                        "tsm_service_up{service=\"job\"} 0.0",
                        "tsm_service_restarts_total{service=\"web-8000\"} 7.0",
                        "tsm_service_restarts_total{service=\"job\"} 0.0",
                        "tsm_service_unstable_restarts{service=\"web-8000\"} 2.0",
                        "tsm_service_unstable_restarts{service=\"job\"} 0.0",
                        "tsm_service_start_time_seconds{service=\"web-8000\"} 1.7E9",
                        "tsm_service_uptime_seconds{service=\"web-8000\"} 100.0",
                        "tsm_service_cpu_seconds_total{service=\"web-8000\"} 1.23",
                        "tsm_service_resident_memory_bytes{service=\"web-8000\"} 1.2345678E7",
                        "tsm_service_processes{service=\"web-8000\"} 2.0",
                        "tsm_service_listening{port=\"8000\",service=\"web-8000\",type=\"tcp\"} 1.0",
                        "tsm_service_listening{port=\"9000\",service=\"web-8000\",type=\"tcp\"} 1.0",
                        "tsm_service_last_exit_signal{service=\"web-8000\"} 9.0",
                        "tsm_service_last_exit_code{service=\"job\"} 3.0",
                        "tsm_service_last_exit_time_seconds{service=\"web-8000\"} 1.699999999E9",
                        "tsm_service_last_exit_time_seconds{service=\"job\"} 1.6E9",
                        "tsm_service_healthy{service=\"web-8000\"} 1.0",
                        "tsm_service_probe_failures{service=\"web-8000\"} 1.0",
                        "tsm_service_log_bytes{service=\"web-8000\",stream=\"out\"} 100.0",
                        "tsm_service_log_bytes{service=\"web-8000\",stream=\"err\"} 200.0",
                        "tsm_service_log_bytes{service=\"job\",stream=\"out\"} 0.0",
                        "tsm_service_log_bytes{service=\"job\",stream=\"err\"} 7.0",
                        "tsm_services_unreadable 1.0",
                        "tsm_owner_up 1.0",
                        "tsm_owner_info{java=\"17.0.15\",pid=\"99\",version=\"0.1.0\"} 1",
                        "tsm_owner_threads 12.0",
                        "tsm_owner_heap_bytes 5000000.0",
                        "tsm_owner_resident_memory_bytes 6.0E7",
                        "tsm_events_dropped_total{by=\"log\"} 4.0",
                        "tsm_events_dropped_total{by=\"subscriber\"} 5.0");
        assertThat(text.lines().filter(line -> line.startsWith("tsm_service_status{") && line.endsWith(" 1.0")))
                .containsExactlyInAnyOrder(
                        "tsm_service_status{service=\"web-8000\",status=\"online\"} 1.0",
                        "tsm_service_status{service=\"job\",status=\"crashed\"} 1.0");
        assertThat(text).contains("""
                        # HELP tsm_service_restarts_total How often the service was started again.
                        # TYPE tsm_service_restarts_total counter
                        """, "# TYPE tsm_service_up gauge\n", "# TYPE tsm_owner_info gauge\n");
    }

    @Property(tries = 300)
    void aNameOfAnyCharactersIsOneLabelOnOneLine(@ForAll String name) throws IOException {
        Service service = SomeService.of("x" + name).build();

        String text = Metrics.text(
                new Inventory(List.of(service), List.of()),
                List.of(NOTHING),
                List.of(new LogSizes(0, 0)),
                Optional.empty(),
                NOW);

        String line = Arrays.stream(text.split("\n"))
                .filter(sample -> sample.startsWith("tsm_service_up{"))
                .findFirst()
                .orElseThrow();
        String escaped = line.substring("tsm_service_up{service=\"".length(), line.length() - "\"} 0.0".length());
        // Half a character, which UTF-8 cannot hold, is no more than a question mark.
        assertThat(unescaped(escaped)).isEqualTo(new String(service.name().getBytes(UTF_8), UTF_8));
    }

    private static String unescaped(String escaped) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\') {
                i++;
                text.append(escaped.charAt(i) == 'n' ? '\n' : escaped.charAt(i));
            } else {
                assertThat(c).isNotEqualTo('"');
                text.append(c);
            }
        }
        return text.toString();
    }

    @Example
    void withoutAnOwnerNothingIsSaidOfIt() throws IOException {
        String text = Metrics.text(new Inventory(List.of(), List.of()), List.of(), List.of(), Optional.empty(), NOW);
        assertThat(text).contains("tsm_owner_up 0.0\n").doesNotContain("tsm_owner_info", "tsm_events");
    }
}
