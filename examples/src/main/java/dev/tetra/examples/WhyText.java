package dev.tetra.examples;

import dev.tetra.examples.text.LogText;
import dev.tetra.examples.text.Moment;
import dev.tetra.examples.text.Style;
import dev.tetra.examples.text.Style.Paint;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.ServiceEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The words of a {@link Why} for people. */
final class WhyText {
    private static final int SHOWN_VARIABLES = 12;

    private final Style style;
    private final Instant now;
    private final ZoneId zone;
    private final List<String> lines = new ArrayList<>();

    private WhyText(Style style, Instant now, ZoneId zone) {
        this.style = style;
        this.now = now;
        this.zone = zone;
    }

    /** The lines to print. */
    static List<String> lines(Why why, Style style, Instant now, ZoneId zone) {
        WhyText text = new WhyText(style, now, zone);
        text.tell(why);
        return text.lines;
    }

    private void tell(Why why) {
        Paint paint = why.status().isPresent() ? Console.paint(why.status().get()) : Paint.DIM;
        lines.add(style.paint(paint, why.service()) + " " + Words.printable(why.now()) + ".");
        section("Its last ends", why.ends());
        starts(why);
        variables(why.variables());
        if (!why.wrote().isEmpty()) {
            lines.add("It wrote last:");
            for (String line : why.wrote()) {
                lines.add("  " + Words.printable(LogText.shown(line)));
            }
        }
        lines.add("Next: " + Words.printable(why.next()) + ".");
        if (why.advice().isPresent()) {
            lines.add("Try: " + style.paint(Paint.BOLD, why.advice().get()));
        }
    }

    private void starts(Why why) {
        int restarts = why.restarts();
        if (restarts > 0) {
            String times = restarts == 1 ? "once" : restarts == 2 ? "twice" : restarts + " times";
            String unstable = why.unstableRestarts() > 0
                    ? ", " + why.unstableRestarts() + " of them in a row after runs that were too short"
                    : "";
            section("It was started again " + times + unstable, why.starts());
            if (why.starts().isEmpty()) {
                lines.add("It was started again " + times + unstable + ".");
            }
        } else {
            section("It was started", why.starts());
        }
    }

    private void section(String title, List<ServiceEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        lines.add(title + ":");
        for (ServiceEvent event : events) {
            StringBuilder line = new StringBuilder("  ")
                    .append(style.paint(Paint.DIM, Moment.near(event.time(), now, zone)))
                    .append("  ");
            switch (event.kind()) {
                case STOPPED -> line.append(who(event.cause())).append(": ");
                case START_FAILED -> line.append("start failed: ");
                default -> line.append("");
            }
            line.append(Words.printable(event.text()));
            if (event.pid().isPresent()) {
                line.append(style.paint(Paint.DIM, "  (pid " + event.pid().get() + ")"));
            }
            lines.add(line.toString());
        }
    }

    private static String who(ServiceEvent.Cause cause) {
        return switch (cause) {
            case USER -> "by a user's command";
            case POLICY -> "by its restart policy";
            case PROBE -> "because its probe failed";
            case RELATIVE -> "because of another service";
            case OWNER -> "by the owner";
            case ITSELF -> "by itself";
        };
    }

    private void variables(List<String> changes) {
        if (changes.isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder("Variables at its last start: ");
        for (int i = 0; i < Math.min(SHOWN_VARIABLES, changes.size()); i++) {
            line.append(i == 0 ? "" : ", ").append(Words.printable(changes.get(i)));
        }
        if (changes.size() > SHOWN_VARIABLES) {
            line.append(" and ").append(changes.size() - SHOWN_VARIABLES).append(" more");
        }
        lines.add(line.append('.').toString());
    }
}
