package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The durations of a command line, and times of day. */
final class Times {
    private Times() {}

    /** How long a start waits. */
    static Wait wait(Arguments arguments) {
        boolean untilReady = arguments.has(Verbs.WAIT);
        if (!arguments.has(Verbs.NO_WAIT)) {
            return new Wait(duration(arguments, Verbs.SETTLE, ServiceManager.DEFAULT_SETTLE), untilReady);
        }
        if (arguments.has(Verbs.SETTLE) || untilReady) {
            throw new UsageException((untilReady ? "--wait" : "--settle") + " and --no-wait exclude each other");
        }
        return Wait.NOT;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The option's value, or the default; a number alone is milliseconds. */
    static Duration duration(Arguments arguments, Option option, Duration otherwise) {
        Optional<String> text = arguments.value(option);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Amounts.duration(isNumber(text.get()) ? text.get() + "ms" : text.get());
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(option.key() + ": " + wrong.getMessage());
        }
    }

    /** Date and time of day here, to the second. */
    static String local(Instant time) {
        LocalDateTime local = LocalDateTime.ofInstant(time.truncatedTo(ChronoUnit.SECONDS), ZoneId.systemDefault());
        String date = local.toLocalDate().toString();
        String clock = local.toLocalTime().toString();
        return date + " " + (clock.length() == 5 ? clock + ":00" : clock);
    }

    /** How long ago that was. */
    static String ago(Instant time) {
        return Words.seconds(Instant.now().getEpochSecond() - time.getEpochSecond()) + " ago";
    }
}
