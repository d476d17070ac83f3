package dev.tetra.examples.monit;

import dev.tetra.examples.monit.Key.Special;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the view knows: what was seen, what is chosen, what is asked and what is under way. Keys, looks, log lines and
 * results lead from one model to the next; nothing else happens here. <em>Immutable.</em>
 *
 * <p><strong>Invariant:</strong> the chosen service is one of the listed ones and in the part of the table that is shown; none
 * is chosen only when none is listed.
 */
final class Model {
    private static final int INFORMATION_SECONDS = 4;
    private static final int ERROR_SECONDS = 10;
    private static final int LONGEST_FILTER = 64;

    // Written only while a model is being made.
    private Size size;
    private Look look;
    private Choice choice = Choice.FIRST;
    private int top;
    private Mode mode = Mode.TABLE;
    private Optional<Request> question = Optional.empty();
    private Log log = Log.NONE;
    private long below;
    private Map<String, Deed> underWay = Map.of();
    private Optional<Message> message = Optional.empty();
    private long messageUntil;
    private boolean paused;
    private boolean over;

    private Model(Size size, Look look) {
        this.size = size;
        this.look = look;
    }

    /** The model before anything was seen. */
    static Model first(Size size, String directory) {
        return new Model(size, Look.none(directory));
    }

    private Model copy() {
        Model copy = new Model(size, look);
        copy.choice = choice;
        copy.top = top;
        copy.mode = mode;
        copy.question = question;
        copy.log = log;
        copy.below = below;
        copy.underWay = underWay;
        copy.message = message;
        copy.messageUntil = messageUntil;
        copy.paused = paused;
        copy.over = over;
        return copy;
    }

    /** The services that are listed, in order. */
    List<Row> listed() {
        return choice.listed(look.rows());
    }

    /** The service that the keys mean; empty when none is listed. */
    Optional<Row> chosen() {
        return choice.row(look.rows());
    }

    Size size() {
        return size;
    }

    Look look() {
        return look;
    }

    Choice choice() {
        return choice;
    }

    /** Which of the listed services is in the first line of the table. */
    int top() {
        return top;
    }

    Mode mode() {
        return mode;
    }

    /** What is done if the next key is {@code y}. */
    Optional<Request> question() {
        return question;
    }

    Log log() {
        return log;
    }

    /** How many lines of the log are below the last one shown; 0 when the view follows the log. */
    int below() {
        return (int) below;
    }

    Optional<Message> message() {
        return message;
    }

    /** Whether what was seen stands still. */
    boolean isPaused() {
        return paused;
    }

    /** Whether the view is to be closed. */
    boolean isOver() {
        return over;
    }

    /** After the terminal got another size. */
    Model resized(Size next) {
        Model model = copy();
        model.size = next;
        return model.settled();
    }

    /** After another look. */
    Model looked(Look next) {
        Model model = copy();
        if (paused && look.isThere()) {
            Look still = look;
            model.look = new Look(
                    still.directory(), still.owner(), still.rows(), still.problem(), still.time(), next.seconds());
        } else {
            model.look = next;
        }
        if (message.isPresent() && next.seconds() >= messageUntil) {
            model.message = Optional.empty();
        }
        return model.settled();
    }

    /** After the log of the chosen service was read. A view that does not follow stays at its line. */
    Model logged(Log next) {
        Model model = copy();
        long added = next.service().equals(log.service()) ? next.total() - log.total() : -1;
        if (added < 0) {
            model.below = 0;
        } else if (below > 0 || paused) {
            model.below = below + added;
        }
        model.log = next;
        return model.settled();
    }

    /** After something was done, or could not be. */
    Model done(Request request, Message result) {
        Model model = copy();
        model.underWay = new HashMap<>(underWay);
        model.underWay.remove(request.name());
        return model.saying(result);
    }

    /** To be closed. */
    Model ended() {
        Model model = copy();
        model.over = true;
        return model;
    }

    /** After a key. */
    Step press(Key key) {
        if (key == Special.INTERRUPT) {
            return step(ended());
        }
        if (question.isPresent()) {
            return answer(key, question.get());
        }
        if (mode == Mode.FILTER) {
            return step(filter(key));
        }
        if (key.equals(Key.of('q'))) {
            return step(ended());
        }
        if (mode == Mode.HELP) {
            return step(in(Mode.TABLE));
        }
        return key instanceof Key.Typed typed ? letter(typed.character()) : step(special((Special) key));
    }

    private static Step step(Model model) {
        return new Step(model, Optional.empty());
    }

    private Step answer(Key key, Request request) {
        Model model = copy();
        model.question = Optional.empty();
        boolean yes = key.equals(Key.of('y')) || key.equals(Key.of('Y'));
        return yes ? model.doing(request) : step(model);
    }

    private Model filter(Key key) {
        String text = choice.filter();
        if (key instanceof Key.Typed typed) {
            boolean fits = text.length() < LONGEST_FILTER && !Character.isISOControl(typed.character());
            return fits ? filtered(text + Character.toString(typed.character())) : this;
        }
        return switch ((Special) key) {
            case BACKSPACE ->
                text.isEmpty()
                        ? in(Mode.TABLE)
                        : filtered(text.substring(0, text.offsetByCodePoints(text.length(), -1)));
            case ENTER -> in(Mode.TABLE);
            case ESCAPE -> filtered("").in(Mode.TABLE);
            default -> special((Special) key);
        };
    }

    private Model filtered(String text) {
        Model model = copy();
        model.choice = choice.filtered(text, look.rows());
        return model.settled();
    }

    private Model in(Mode next) {
        Model model = copy();
        model.mode = next;
        model.below = 0;
        return model.settled();
    }

    private Model special(Special key) {
        return switch (key) {
            case UP -> moved(-1);
            case DOWN -> moved(1);
            case PAGE_UP -> moved(-page());
            case PAGE_DOWN -> moved(page());
            case HOME -> toEnd(false);
            case END -> toEnd(true);
            case ENTER -> in(mode == Mode.LOG ? Mode.TABLE : Mode.LOG);
            case ESCAPE -> escaped();
            case BACKSPACE, INTERRUPT, UNKNOWN -> this;
        };
    }

    private Model escaped() {
        if (mode == Mode.LOG) {
            return in(Mode.TABLE);
        }
        Model model = copy();
        model.message = Optional.empty();
        return model.filtered("");
    }

    private int page() {
        Layout layout = layout();
        return Math.max(1, (mode == Mode.LOG ? layout.log() : layout.table()) - 1);
    }

    private Model moved(int places) {
        Model model = copy();
        if (mode == Mode.LOG) {
            model.below = below - places;
        } else {
            model.choice = choice.moved(places, look.rows());
        }
        return model.settled();
    }

    private Model toEnd(boolean last) {
        Model model = copy();
        if (mode == Mode.LOG) {
            model.below = last ? 0 : log.lines().size();
        } else {
            model.choice = choice.end(last, look.rows());
        }
        return model.settled();
    }

    private Step letter(int character) {
        return switch (character) {
            case 'k' -> step(moved(-1));
            case 'j' -> step(moved(1));
            case 's' -> wanted(Deed.STOP);
            case 'S' -> wanted(Deed.START);
            case 'r' -> wanted(Deed.RESTART);
            case 'x' -> wanted(Deed.KILL);
            case 'd' -> wanted(Deed.DELETE);
            case '/' -> step(in(Mode.FILTER));
            case 'l' -> step(in(mode == Mode.LOG ? Mode.TABLE : Mode.LOG));
            case 'o' -> step(reordered());
            case ' ' -> step(pausedOrNot());
            case '?' -> step(in(Mode.HELP));
            default -> step(this);
        };
    }

    private Model reordered() {
        Model model = copy();
        model.choice = choice.reordered(look.rows());
        return model.settled();
    }

    private Model pausedOrNot() {
        Model model = copy();
        model.paused = !paused;
        if (paused && mode != Mode.LOG) {
            model.below = 0;
        }
        return model;
    }

    /** The deed on the chosen service, unless it makes no sense; what cannot be undone is asked about. */
    private Step wanted(Deed deed) {
        Optional<Row> chosen = chosen();
        if (chosen.isEmpty()) {
            return step(this);
        }
        Row row = chosen.get();
        Optional<Message> objection = objection(deed, row);
        if (objection.isPresent()) {
            return step(copy().saying(objection.get()));
        }
        Request request = new Request(deed, row.name(), row.token());
        if (deed == Deed.KILL || deed == Deed.DELETE) {
            Model model = copy();
            model.question = Optional.of(request);
            return step(model);
        }
        return copy().doing(request);
    }

    private Optional<Message> objection(Deed deed, Row row) {
        String name = row.name();
        if (underWay.containsKey(name)) {
            return Optional.of(new Message(underWay.get(name).doing() + " " + name + " is still under way", true));
        }
        if (row.status().isEmpty()) {
            return Optional.of(new Message(name + " cannot be read: " + row.note(), true));
        }
        if (deed == Deed.START && row.isActive()) {
            return Optional.of(new Message(name + " runs already; r starts it anew", false));
        }
        boolean needsProcess = deed == Deed.STOP || deed == Deed.KILL;
        return needsProcess && !row.isActive()
                ? Optional.of(new Message(name + " does not run; S starts it", false))
                : Optional.empty();
    }

    private Step doing(Request request) {
        underWay = new HashMap<>(underWay);
        underWay.put(request.name(), request.deed());
        return new Step(
                saying(new Message(request.deed().doing() + " " + request.name() + "…", false)), Optional.of(request));
    }

    private Model saying(Message next) {
        message = Optional.of(next);
        messageUntil = look.seconds() + (next.isError() ? ERROR_SECONDS : INFORMATION_SECONDS);
        return this;
    }

    private Layout layout() {
        return Layout.of(size.rows(), listed().size(), mode);
    }

    /** Mends this model, which nobody has seen yet, so that the invariant holds. */
    private Model settled() {
        choice = choice.among(look.rows());
        int count = listed().size();
        int table = Math.max(1, layout().table());
        if (mode == Mode.TABLE || mode == Mode.FILTER) {
            top = Math.max(choice.index() - table + 1, Math.min(top, choice.index()));
            top = Math.max(0, Math.min(top, count - table));
        } else if (count == 0) {
            top = 0;
        }
        below = Math.max(0, Math.min(below, log.lines().size() - 1));
        if (question.isPresent() && !isThere(question.get())) {
            String name = question.get().name();
            question = Optional.empty();
            saying(new Message(name + " is gone", false));
        }
        return this;
    }

    private boolean isThere(Request request) {
        for (Row row : look.rows()) {
            if (row.name().equals(request.name()) && row.token().equals(request.token())) {
                return true;
            }
        }
        return false;
    }
}
