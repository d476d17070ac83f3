package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NotificationProperties {
    private static final Duration YEAR = Duration.ofDays(365);

    private static Notification parse(String text) {
        return Notification.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void anyBytesAreUnderstoodOrPassedOver(@ForAll byte[] datagram) {
        Notification notification = Notification.parse(datagram);
        assertThat(notification.status().orElse("").length()).isLessThan(310);
        notification.extension().ifPresent(more -> assertThat(more).isBetween(Duration.ZERO, YEAR));
    }

    @Property
    void severalDatagramsSayWhatOneOfAllTheirLinesSays(@ForAll("lines") List<String> lines, @ForAll byte split) {
        int at = lines.isEmpty() ? 0 : Math.floorMod(split, lines.size());
        Notification together = parse(String.join("\n", lines));
        Notification first = parse(String.join("\n", lines.subList(0, at)));
        Notification second = parse(String.join("\n", lines.subList(at, lines.size())));
        assertThat(first.and(second)).isEqualTo(together);
        assertThat(Notification.NOTHING.and(together)).isEqualTo(together);
        assertThat(together.and(Notification.NOTHING)).isEqualTo(together);
    }

    @Property
    void unknownLinesChangeNothing(@ForAll("lines") List<String> lines, @ForAll("unknown") String unknown) {
        assertThat(parse(String.join("\n", lines) + "\n" + unknown)).isEqualTo(parse(String.join("\n", lines)));
        assertThat(parse(unknown)).isEqualTo(Notification.NOTHING);
    }

    @Property
    void theLastStatusCountsAndIsOneLine(@ForAll String status) {
        String line = status.replace("\n", "");
        Optional<String> said = parse("STATUS=first\nSTATUS=" + line).status();
        assertThat(said).isPresent();
        assertThat(said.orElseThrow().chars().noneMatch(Character::isISOControl))
                .isTrue();
        assertThat(said.orElseThrow())
                .isEqualTo(Answer.clause(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
    }

    @Property
    void anExtensionIsMicrosecondsUpToAYear(@ForAll long micros) {
        Optional<Duration> extension = parse("EXTEND_TIMEOUT_USEC=" + micros).extension();
        if (micros < 0) {
            assertThat(extension).isEmpty();
        } else {
            long nanos = Math.min(micros, YEAR.toSeconds() * 1_000_000) * 1000;
            assertThat(extension).contains(Duration.ofNanos(nanos));
        }
    }

    @Example
    void everyWordThatMeansSomethingIsUnderstood() {
        assertThat(parse("READY=1").ready()).isTrue();
        assertThat(parse("STOPPING=1").stopping()).isTrue();
        assertThat(parse("RELOADING=1\nMONOTONIC_USEC=5").reloading()).isTrue();
        assertThat(parse("RELOADING=1").and(parse("READY=1")).reloading()).isFalse();
        assertThat(parse("WATCHDOG=1").alive()).isTrue();
        assertThat(parse("WATCHDOG=trigger").trigger()).isTrue();
        assertThat(parse("STATUS=").status()).contains("");
        assertThat(parse("READY=1\nSTATUS=serving\nMAINPID=7"))
                .isEqualTo(
                        new Notification(true, false, false, Optional.of("serving"), false, false, Optional.empty()));
        assertThat(parse("EXTEND_TIMEOUT_USEC=99999999999999999999").extension())
                .contains(YEAR);
        assertThat(Notification.parse(new byte[] {'R', 'E', 'A', 'D', 'Y', '=', '1', '\n', (byte) 0xff}))
                .isEqualTo(Notification.NOTHING);
    }

    @Provide
    Arbitrary<List<String>> lines() {
        return Arbitraries.of(
                        "READY=1",
                        "STOPPING=1",
                        "RELOADING=1",
                        "WATCHDOG=1",
                        "WATCHDOG=trigger",
                        "STATUS=one",
                        "STATUS=",
                        "EXTEND_TIMEOUT_USEC=5",
                        "EXTEND_TIMEOUT_USEC=70000",
                        "MAINPID=4",
                        "")
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> unknown() {
        return Arbitraries.of(
                "READY=0",
                "READY=",
                "ready=1",
                " READY=1",
                "READY=1 ",
                "FDSTORE=1",
                "BARRIER=1",
                "STATUS",
                "ERRNO=2",
                "BUSERROR=x",
                "WATCHDOG=2",
                "EXTEND_TIMEOUT_USEC=",
                "EXTEND_TIMEOUT_USEC=1s",
                "X_Y=1",
                "=",
                "\0");
    }
}
