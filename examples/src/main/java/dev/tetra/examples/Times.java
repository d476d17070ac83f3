package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.ServiceManager;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The durations of a command line, and times of day. */
final class Times {
    private Times() {}

    /** How long a start is watched. */
    static Duration settle(Arguments arguments) {
        if (!arguments.has(Verbs.NO_WAIT)) {
            return duration(arguments, Verbs.SETTLE, ServiceManager.DEFAULT_SETTLE);
        }
        if (arguments.has(Verbs.SETTLE)) {
            throw new UsageException("--settle and --no-wait exclude each other");
        }
        return Duration.ZERO;
    }

    /** The option's value, or the default. */
    static Duration duration(Arguments arguments, Option option, Duration otherwise) {
        Optional<String> text = arguments.value(option);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Words.parseDuration(text.get());
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
