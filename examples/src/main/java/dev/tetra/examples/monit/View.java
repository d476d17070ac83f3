package dev.tetra.examples.monit;

import dev.tetra.examples.text.LogText;
import dev.tetra.examples.text.Width;
import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.Status;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the screen shows of a model: exactly its rows, none wider than its columns. <em>For one thread at a time.</em> */
final class View {
    private static final int GAP = 2;
    private static final int LEAST_DIRECTORY = 8;
    private static final String[] HELP = {
        "up down j k       choose a service           s   stop it",
        "PgUp PgDn         a page at once             S   start it, if it does not run",
        "Home End          the first, the last        r   restart it",
        "/                 filter by name             x   kill it at once (asks)",
        "o                 sort by the next column    d   delete it and its log (asks)",
        "l Enter           its log, full screen       space   stand still, go on",
        "Esc               back, or no filter         q Ctrl-C   quit; services go on",
        "",
        "In its log the same keys move. out| is its standard output, err| its standard",
        "error, wrapper| what hooks wrote, or what went wrong before it ran.",
        "CPU is in percent of one processor, memory the resident sets of all processes.",
    };
    private static final String[][] KEYS = {
        {"q", "quit"},
        {"?", "help"},
        {"s", "stop"},
        {"S", "start"},
        {"r", "restart"},
        {"l", "log"},
        {"/", "filter"},
        {"x", "kill"},
        {"d", "delete"},
        {"o", "sort"},
        {"space", "pause"},
    };
    private static final String[][] LOG_KEYS = {
        {"q", "quit"},
        {"l", "back"},
        {"↑↓", "scroll"},
        {"End", "follow"},
        {"s", "stop"},
        {"r", "restart"},
        {"space", "pause"},
    };

    private final Model model;
    private final List<Row> listed;
    private final Layout layout;
    private final int columns;
    private final List<Line> lines = new ArrayList<>();

    private View(Model model) {
        this.model = model;
        this.listed = model.listed();
        this.columns = model.size().columns();
        this.layout = Layout.of(model.size().rows(), listed.size(), model.mode());
    }

    /** The lines of the screen. */
    static List<Line> lines(Model model) {
        View view = new View(model);
        view.build();
        return List.copyOf(view.lines);
    }

    private void build() {
        if (layout.head() > 0) {
            lines.add(head());
        }
        if (model.mode() == Mode.HELP) {
            help();
        } else if (model.mode() != Mode.LOG) {
            table();
        }
        if (layout.rule() > 0) {
            lines.add(rule());
        }
        log();
        if (layout.bottom() > 0) {
            lines.add(bottom());
        }
    }

    /** Fills up to that many lines. */
    private void fillTo(int count) {
        while (lines.size() < count) {
            lines.add(Line.EMPTY);
        }
    }

    // ---- the first line

    private Line head() {
        Look look = model.look();
        String owner = look.owner().isPresent() ? "owner " + look.owner().getAsLong() : "no owner: nothing is watched";
        List<Line.Span> counts = counts();
        int countsWidth = -GAP;
        for (Line.Span count : counts) {
            countsWidth += GAP + Width.of(count.text());
        }
        String clock =
                model.isPaused() ? "paused" : look.isThere() ? clock(look.time().toLocalTime()) : "";
        int room = columns - Width.of(owner) - GAP - countsWidth;
        boolean hasClock = room >= GAP + clock.length();
        room -= hasClock ? GAP + clock.length() : 0;
        Line.Builder line = new Line.Builder(columns);
        String directory = Harmless.text(look.directory());
        if (room - GAP >= Math.min(LEAST_DIRECTORY, Width.of(directory))) {
            line.add(Width.cutMiddle(directory, room - GAP), Ink.BOLD).add("  ", Ink.PLAIN);
        }
        if (look.isThere()) {
            line.add(owner, look.owner().isPresent() ? Ink.PLAIN : Ink.YELLOW);
            for (Line.Span count : counts) {
                line.add("  ", Ink.PLAIN).add(count.text(), count.ink());
            }
        }
        if (hasClock) {
            line.padTo(columns - clock.length()).add(clock, model.isPaused() ? Ink.YELLOW : Ink.DIM);
        }
        return line.build();
    }

    private List<Line.Span> counts() {
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        int unreadable = 0;
        for (Row row : model.look().rows()) {
            if (row.status().isPresent()) {
                counts.merge(row.status().get(), 1, Integer::sum);
            } else {
                unreadable++;
            }
        }
        List<Line.Span> spans = new ArrayList<>();
        for (Map.Entry<Status, Integer> count : counts.entrySet()) {
            spans.add(new Line.Span(count.getValue() + " " + count.getKey().text(), Ink.of(count.getKey())));
        }
        if (unreadable > 0) {
            spans.add(new Line.Span(unreadable + " unreadable", Ink.RED));
        }
        if (spans.isEmpty()) {
            spans.add(new Line.Span("no services", Ink.DIM));
        }
        return spans;
    }

    private static String clock(LocalTime time) {
        return two(time.getHour()) + ":" + two(time.getMinute()) + ":" + two(time.getSecond());
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    // ---- the table

    private void table() {
        int end = lines.size() + layout.titles() + layout.table();
        Columns shown = Columns.of(listed, model.choice().order(), columns);
        if (layout.titles() > 0) {
            lines.add(listed.isEmpty() ? Line.EMPTY : shown.titles());
        }
        Optional<String> problem = model.look().problem();
        if (listed.isEmpty()) {
            lines.add(Line.of(problem.orElse(nothing()), problem.isPresent() ? Ink.RED : Ink.DIM, columns));
        }
        for (int i = model.top(); i < listed.size() && lines.size() < end; i++) {
            lines.add(shown.line(listed.get(i), i == model.choice().index()));
        }
        fillTo(end);
    }

    private String nothing() {
        if (!model.look().isThere()) {
            return "";
        }
        return model.look().rows().isEmpty()
                ? "no services; start one with: tsm start COMMAND"
                : "no service has " + model.choice().filter() + " in its name; Esc shows all";
    }

    // ---- the chosen service and its log

    private Line rule() {
        Line.Builder line = new Line.Builder(columns).add("━ ", Ink.DIM);
        Optional<Row> chosen = model.chosen();
        String place = listed.isEmpty() ? "" : " " + (model.choice().index() + 1) + " of " + listed.size() + " ━";
        if (model.below() > 0) {
            place = " " + model.below() + " lines below" + (place.isEmpty() ? " ━" : " ·" + place);
        }
        if (chosen.isPresent()) {
            Row row = chosen.get();
            int room = Math.max(0, columns - Width.of(place) - 3);
            String name = Width.cutMiddle(Harmless.text(row.name()), room);
            line.add(name, Ink.BOLD).add("  ", Ink.PLAIN).add(row.statusText(), row.statusInk());
            if (!row.note().isEmpty()) {
                String note = Width.cutEnd(Harmless.text(row.note()), line.room() - Width.of(place) - GAP - 1);
                line.add(note.isEmpty() ? "" : "  " + note, Ink.DIM);
            }
            line.add(" ", Ink.PLAIN);
        }
        int dashes = line.room() - Width.of(place);
        return line.add("━".repeat(Math.max(0, dashes)), Ink.DIM)
                .add(place, Ink.DIM)
                .build();
    }

    private void log() {
        int end = lines.size() + layout.log();
        boolean isOfChosen = model.chosen().isPresent()
                && model.chosen().get().name().equals(model.log().service());
        List<LogLine> log = isOfChosen ? model.log().lines() : List.of();
        boolean whole = model.mode() == Mode.LOG;
        List<Line> upwards = new ArrayList<>();
        for (int i = log.size() - 1 - model.below(); i >= 0 && upwards.size() < layout.log(); i--) {
            if (whole) {
                wrap(log.get(i), upwards);
            } else {
                upwards.add(logLine(
                        log.get(i).stream(), true, Harmless.text(log.get(i).text())));
            }
        }
        List<Line> shown = new ArrayList<>(upwards.subList(0, Math.min(upwards.size(), layout.log())));
        Collections.reverse(shown);
        lines.addAll(shown);
        if (isOfChosen && log.isEmpty() && model.log().isRead() && layout.log() > 0) {
            lines.add(Line.of("  it has written nothing yet", Ink.DIM, columns));
        }
        fillTo(end);
    }

    private Line logLine(LogLine.Stream stream, boolean first, String text) {
        String mark = mark(stream);
        return new Line.Builder(columns)
                .add(first ? mark : " ".repeat(mark.length()), ink(stream))
                .add(text, ink(stream))
                .build();
    }

    /** Adds the line's pieces, the last one first. */
    private void wrap(LogLine logLine, List<Line> upwards) {
        List<Line> pieces = new ArrayList<>();
        int width = Math.max(1, columns - mark(logLine.stream()).length());
        String rest = Harmless.text(logLine.text());
        do {
            int fits = Width.fitting(rest, width);
            int end = fits == 0 && !rest.isEmpty() ? Character.charCount(rest.codePointAt(0)) : fits;
            pieces.add(logLine(logLine.stream(), pieces.isEmpty(), rest.substring(0, end)));
            rest = rest.substring(end);
        } while (!rest.isEmpty());
        Collections.reverse(pieces);
        upwards.addAll(pieces);
    }

    private static String mark(LogLine.Stream stream) {
        return LogText.mark(stream) + " ";
    }

    private static Ink ink(LogLine.Stream stream) {
        return switch (stream) {
            case OUT -> Ink.PLAIN;
            case ERR -> Ink.RED;
            case WRAPPER -> Ink.YELLOW;
        };
    }

    // ---- help, and the last line

    private void help() {
        int end = lines.size() + layout.table();
        for (String text : HELP) {
            if (lines.size() < end) {
                lines.add(Line.of("  " + text, Ink.PLAIN, columns));
            }
        }
        fillTo(end);
    }

    private Line bottom() {
        if (model.question().isPresent()) {
            Request request = model.question().get();
            String what = request.deed() == Deed.KILL
                    ? "kill " + request.name() + " at once?"
                    : "stop " + request.name() + " and delete it, its log too?";
            int room = Math.max(0, columns - 5);
            return new Line.Builder(columns)
                    .add(Width.cutMiddle(Harmless.text(what), room), Ink.YELLOW)
                    .add(" y/n", Ink.BOLD)
                    .build();
        }
        if (model.mode() == Mode.FILTER) {
            return new Line.Builder(columns)
                    .add("/", Ink.BOLD)
                    .add(model.choice().filter(), Ink.PLAIN)
                    .add("▏", Ink.BOLD)
                    .add("  Enter keeps it, Esc shows all", Ink.DIM)
                    .build();
        }
        if (model.message().isPresent()) {
            Message message = model.message().get();
            return Line.of(message.text(), message.isError() ? Ink.RED : Ink.BOLD, columns);
        }
        if (model.mode() == Mode.HELP) {
            return Line.of("q quits, any other key goes back", Ink.DIM, columns);
        }
        return keys();
    }

    /** The keys that fit, the most important first. */
    private Line keys() {
        Line.Builder line = new Line.Builder(columns);
        if (model.mode() != Mode.LOG && !model.choice().filter().isEmpty()) {
            line.add("/" + model.choice().filter(), Ink.YELLOW);
        }
        for (String[] key : model.mode() == Mode.LOG ? LOG_KEYS : KEYS) {
            int gap = line.room() == columns ? 0 : GAP;
            int width = gap + Width.of(key[0]) + 1 + key[1].length();
            if (width <= line.room()) {
                line.add(" ".repeat(gap), Ink.PLAIN).add(key[0], Ink.BOLD).add(" " + key[1], Ink.DIM);
            }
        }
        return line.build();
    }
}
