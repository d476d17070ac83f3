package dev.tetra.tsm.core.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Liveness WATCHDOG =
            new Liveness(new Probe.Notify(), Duration.ofSeconds(10), Duration.ofSeconds(1), 2);

    private final Told told = new Told();

    private Course course(
            @Nullable Readiness readiness, @Nullable Liveness liveness, boolean ready, boolean adopted, Duration age) {
        return new Course(
                Optional.ofNullable(readiness),
                Optional.ofNullable(liveness),
                ready,
                adopted,
                age,
                new Random(1),
                told);
    }

    private Course launched(@Nullable Readiness readiness, @Nullable Liveness liveness) {
        return course(readiness, liveness, readiness == null, false, Duration.ZERO);
    }

    private static Readiness notifies(int seconds) {
        return new Readiness(new Probe.Notify(), Duration.ofSeconds(seconds));
    }

    private static void hears(Course course, long now, String text) {
        course.heard(now, Notification.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aServiceWithoutProbesIsNeverAsked() {
        Course course = launched(null, null);
        assertThat(course.due()).isEqualTo(Course.NEVER);
        assertThat(course.act(SECOND)).isNull();
        assertThat(told.calls()).isEmpty();
    }

    @Test
    void readinessIsAskedAtOnceAndAtGrowingDistance() {
        Course course = launched(new Readiness(new Probe.Port()), null);
        long now = 0;
        StringBuilder distances = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            long due = course.due();
            distances.append((due - now) / 1_000_000).append(' ');
            now = due;
            assertThat(course.act(now - 1)).isNull();
            assertThat(course.act(now)).isNotNull();
            assertThat(course.due()).as("one question at a time").isEqualTo(Course.NEVER);
            course.answered(now, Answer.no("not yet"));
        }
        assertThat(distances.toString()).isEqualTo("0 5 10 20 40 80 160 250 250 ");
        now = course.due();
        course.act(now);
        course.answered(now, Answer.yes("listens"));
        assertThat(told.calls()).containsExactly("ready: listens");
        assertThat(course.due()).isEqualTo(Course.NEVER);
    }

    @Test
    void commandsAndRequestsAreAskedLessOften() {
        for (Probe probe : new Probe[] {Probe.parse("exec:true"), Probe.parse("http://127.0.0.1/")}) {
            Course course = launched(new Readiness(probe), null);
            course.act(0);
            course.answered(7, Answer.no("no"));
            assertThat(course.due()).isEqualTo(7 + TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    @Test
    void theLastAnswerSaysWhyItWasNeverReady() {
        Course course = launched(new Readiness(new Probe.Port(), Duration.ofMillis(300)), null);
        long now = 0;
        while (!course.isOver()) {
            now = course.due();
            Course.Asked asked = course.act(now);
            if (asked != null) {
                assertThat(asked.limit()).isBetween(Duration.ofMillis(100), Duration.ofMillis(300));
                course.answered(now, Answer.no("nothing listens at " + now / 1_000_000));
            }
        }
        assertThat(now).isEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(told.calls()).containsExactly("never ready: not ready within 300ms: nothing listens at 155");
        hears(course, now, "READY=1\nSTATUS=late");
        assertThat(told.calls()).hasSize(1);
    }

    @Test
    void readinessThatIsSaidCountsAndNothingIsAsked() {
        Course course = launched(notifies(30), null);
        assertThat(course.due()).isEqualTo(30 * SECOND);
        hears(course, SECOND, "STATUS=loading");
        hears(course, SECOND, "READY=1\nSTATUS=serving");
        hears(course, SECOND, "READY=1");
        assertThat(told.calls())
                .containsExactly(
                        "said: loading",
                        "health: unknown 0 loading",
                        "said: serving",
                        "health: unknown 0 serving",
                        "ready: it said READY=1");
    }

    @Test
    void aServiceMayAskForMoreTimeToStart() {
        Course course = launched(notifies(30), null);
        hears(course, 29 * SECOND, "EXTEND_TIMEOUT_USEC=5000000");
        assertThat(course.act(30 * SECOND)).isNull();
        assertThat(told.calls()).isEmpty();
        hears(course, 31 * SECOND, "EXTEND_TIMEOUT_USEC=1000000");
        course.act(34 * SECOND);
        assertThat(told.calls()).containsExactly("never ready: not ready within 30s: it did not say READY=1");
    }

    @Test
    void whatAnAdoptedServiceSaidMeanwhileMayBeLostAndDoesNotEndIt() {
        Course course = course(notifies(30), WATCHDOG, false, true, Duration.ofSeconds(29));
        assertThat(course.due()).isEqualTo(SECOND);
        course.act(SECOND);
        assertThat(told.calls()).containsExactly("ready: it runs, and what it said while it had no owner is lost");
        assertThat(course.due()).as("a watchdog begins with its first word").isEqualTo(Course.NEVER);
        hears(course, 2 * SECOND, "WATCHDOG=1");
        assertThat(course.due()).isEqualTo(12 * SECOND);
    }

    @Test
    void aProbeOfAnAdoptedServiceWhoseTimeIsOverIsAskedOnceMore() {
        Course course = course(new Readiness(new Probe.Port()), null, false, true, Duration.ofHours(1));
        assertThat(course.act(0)).isEqualTo(new Course.Asked(new Probe.Port(), Duration.ofMillis(100)));
        course.answered(1, Answer.yes("listens"));
        assertThat(told.calls()).containsExactly("ready: listens");
    }

    @Test
    void aWatchdogThatIsMissedOftenEnoughFails() {
        Course course = launched(null, WATCHDOG);
        assertThat(course.due()).isEqualTo(10 * SECOND);
        hears(course, 9 * SECOND, "WATCHDOG=1");
        course.act(19 * SECOND);
        hears(course, 20 * SECOND, "WATCHDOG=1");
        course.act(30 * SECOND);
        assertThat(course.isOver()).isFalse();
        course.act(40 * SECOND);
        assertThat(course.isOver()).isTrue();
        assertThat(told.calls())
                .containsExactly(
                        "health: healthy 0 -",
                        "health: unhealthy 1 no WATCHDOG=1 within 10s",
                        "health: healthy 0 -",
                        "health: unhealthy 1 no WATCHDOG=1 within 10s",
                        "health: unhealthy 2 no WATCHDOG=1 within 10s",
                        "failed: 2 watchdog periods in a row failed: no WATCHDOG=1 within 10s");
    }

    @Test
    void aServiceMayGiveItselfUp() {
        Course course = launched(null, WATCHDOG);
        hears(course, 1, "STATUS=no database\nWATCHDOG=trigger");
        assertThat(told.calls())
                .containsExactly(
                        "said: no database", "health: unknown 0 no database", "failed: it said WATCHDOG=trigger");
        assertThat(course.due()).isEqualTo(Course.NEVER);
    }

    @Test
    void aServiceThatStopsIsNotAskedAnyMore() {
        Course course = launched(notifies(30), WATCHDOG);
        hears(course, 1, "STOPPING=1");
        hears(course, 2, "STOPPING=1\nSTATUS=saving");
        assertThat(course.due()).isEqualTo(Course.NEVER);
        assertThat(told.calls()).containsExactly("stopping", "said: saving", "health: unknown 0 saving");
    }

    @Test
    void reloadingIsShownUntilItIsReadyAgain() {
        Course course = launched(null, WATCHDOG);
        hears(course, 1, "STATUS=serving");
        hears(course, 2, "RELOADING=1");
        hears(course, 3, "READY=1");
        assertThat(told.calls("said")).containsExactly("said: serving", "said: reloading", "said: serving");
        assertThat(told.calls("ready")).isEmpty();
        hears(course, 4, "STATUS=");
        assertThat(told.calls("said")).endsWith("said: ");
        assertThat(told.calls("health")).endsWith("health: unknown 0 -");
    }

    @Test
    void whyAProbeFailedIsShownInsteadOfWhatItSaidUntilItAnswersAgain() {
        Liveness port = new Liveness(new Probe.Port(), Duration.ofSeconds(1), Duration.ofSeconds(1), 3);
        Course course = launched(null, port);
        hears(course, 0, "STATUS=serving");
        for (Answer answer : new Answer[] {Answer.yes(""), Answer.no("gone"), Answer.yes("")}) {
            long now = course.due();
            course.act(now);
            course.answered(now, answer);
        }
        assertThat(told.calls("health"))
                .containsExactly(
                        "health: unknown 0 serving",
                        "health: healthy 0 serving",
                        "health: unhealthy 1 gone",
                        "health: healthy 0 serving");
    }
}
