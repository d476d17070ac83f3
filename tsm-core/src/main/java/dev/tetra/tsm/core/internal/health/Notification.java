package dev.tetra.tsm.core.internal.health;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What a service says of itself: one datagram of sd_notify(3), or several taken together. <em>Immutable.</em>
 *
 * <p>Understood are {@code READY=1}, {@code STOPPING=1}, {@code RELOADING=1}, {@code STATUS=}, {@code WATCHDOG=1},
 * {@code WATCHDOG=trigger} and {@code EXTEND_TIMEOUT_USEC=}. {@code BARRIER=1} needs no more than that the datagram was read.
 * {@code MAINPID=} means nothing here: the process that was launched is the service. So do {@code FDSTORE=1} and all else.
 *
 * @param ready it serves
 * @param stopping it ends by itself
 * @param reloading it reads its configuration again; {@code READY=1} ends that
 * @param status how it does, in its words; an empty text takes back the last one
 * @param alive it does what it should: {@code WATCHDOG=1}
 * @param trigger it wants to be treated as one that does not
 * @param extension how much longer its start may take, from now on
 */
record Notification(
        boolean ready,
        boolean stopping,
        boolean reloading,
        Optional<String> status,
        boolean alive,
        boolean trigger,
        Optional<Duration> extension) {
    /** Longer datagrams are not read, as with systemd. */
    static final int LONGEST = 4096;

    static final Notification NOTHING =
            new Notification(false, false, false, Optional.empty(), false, false, Optional.empty());

    private static final long MICROS_OF_A_YEAR = 365L * 24 * 3600 * 1_000_000;

    /** Understands a datagram: lines {@code NAME=VALUE} in UTF-8. What is not understood says nothing. */
    static Notification parse(byte[] datagram) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(datagram))
                    .toString();
        } catch (CharacterCodingException binary) {
            return NOTHING;
        }
        Notification all = NOTHING;
        for (String line : text.split("\n", -1)) {
            all = all.and(ofLine(line));
        }
        return all;
    }

    private static Notification ofLine(String line) {
        return switch (line) {
            case "READY=1" -> new Notification(true, false, false, Optional.empty(), false, false, Optional.empty());
            case "STOPPING=1" -> new Notification(false, true, false, Optional.empty(), false, false, Optional.empty());
            case "RELOADING=1" ->
                new Notification(false, false, true, Optional.empty(), false, false, Optional.empty());
            case "WATCHDOG=1" -> new Notification(false, false, false, Optional.empty(), true, false, Optional.empty());
            case "WATCHDOG=trigger" ->
                new Notification(false, false, false, Optional.empty(), false, true, Optional.empty());
            default -> ofValue(line);
        };
    }

    private static Notification ofValue(String line) {
        Optional<String> status = Optional.empty();
        Optional<Duration> extension = Optional.empty();
        if (line.startsWith("STATUS=")) {
            status = Optional.of(Answer.clause(line.substring("STATUS=".length())));
        } else if (line.startsWith("EXTEND_TIMEOUT_USEC=")) {
            extension = micros(line.substring("EXTEND_TIMEOUT_USEC=".length()));
        }
        return new Notification(false, false, false, status, false, false, extension);
    }

    /** A number of microseconds up to a year; none if it is no number. */
    private static Optional<Duration> micros(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        long micros = digits.length() > 15 ? MICROS_OF_A_YEAR : Long.parseLong(digits);
        return Optional.of(Duration.ofNanos(Math.min(micros, MICROS_OF_A_YEAR) * 1000));
    }

    /** Both together, where the later one said the last word. */
    Notification and(Notification later) {
        return new Notification(
                ready || later.ready,
                stopping || later.stopping,
                later.reloading || (reloading && !later.ready),
                later.status.isPresent() ? later.status : status,
                alive || later.alive,
                trigger || later.trigger,
                later.extension.isPresent() ? later.extension : extension);
    }
}
