package dev.tetra.examples.monit;

import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The live view: brings together what others find out and shows it, until the user has seen enough. Its one thread never
 * waits for a file or an owner. <em>For one thread.</em>
 */
public final class Monitor {
    /** A log is drawn at most ten times a second, however fast it grows. */
    private static final long LOG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** One that is just being opened is drawn as soon as it is there. */
    private static final long OPENING_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private final Supervision supervision;
    private final BlockingQueue<Function<Model, Step>> events = new LinkedBlockingQueue<>();
    private final Lookout lookout;
    private final LogFeed feed;
    private final Deeds deeds;
    private volatile boolean resized;
    private volatile boolean logGrew;

    private Monitor(Supervision supervision) {
        this.supervision = supervision;
        this.lookout = new Lookout(supervision, look -> post(model -> model.looked(look)));
        this.feed = new LogFeed(this::logGrew, supervision::sentence);
        this.deeds = new Deeds(supervision, (request, result) -> {
            post(model -> model.done(request, result));
            lookout.lookNow();
        });
    }

    /**
     * Takes over the terminal until the user quits, or the terminal is gone.
     *
     * @param coloured whether colours are wanted
     * @throws IOException if standard input or output is no terminal
     */
    public static void run(Supervision supervision, boolean coloured) throws IOException, InterruptedException {
        Monitor monitor = new Monitor(supervision);
        try (Screen screen = Screen.open(coloured, monitor::resized, monitor::quit);
                Lookout open = monitor.lookout;
                LogFeed alsoOpen = monitor.feed) {
            open.start();
            alsoOpen.start();
            monitor.readKeys(screen);
            monitor.show(screen);
        }
    }

    private void post(Function<Model, Model> change) {
        events.add(model -> new Step(change.apply(model), Optional.empty()));
    }

    private void quit() {
        post(Model::ended);
    }

    private void resized() {
        resized = true;
        post(Function.identity());
    }

    private void logGrew() {
        logGrew = true;
        post(Function.identity());
    }

    private void readKeys(Screen screen) {
        Thread reader = new Thread(
                () -> {
                    for (Key key = screen.read(); key != null; key = screen.read()) {
                        Key pressed = key;
                        events.add(model -> model.press(pressed));
                    }
                    quit();
                },
                "tsm-monit-keys");
        reader.setDaemon(true);
        reader.start();
    }

    private void show(Screen screen) throws InterruptedException {
        Model model = Model.first(screen.size(), supervision.directory().toString());
        long logDue = System.nanoTime();
        while (!model.isOver()) {
            if (resized) {
                resized = false;
                model = model.resized(screen.size());
            }
            if (logGrew && System.nanoTime() - logDue >= 0) {
                logGrew = false;
                model = model.logged(feed.log());
                logDue = System.nanoTime() + (model.log().isRead() ? LOG_NANOS : OPENING_NANOS);
            }
            screen.draw(View.lines(model), model.size());
            Function<Model, Step> event = logGrew
                    ? events.poll(Math.max(0, logDue - System.nanoTime()), TimeUnit.NANOSECONDS)
                    : events.take();
            while (event != null && !model.isOver()) {
                model = taken(event.apply(model));
                event = events.poll();
            }
            follow(model);
        }
    }

    private Model taken(Step step) {
        if (step.request().isPresent()) {
            deeds.begin(step.request().get());
        }
        return step.model();
    }

    private void follow(Model model) {
        Optional<Row> chosen = model.chosen();
        @Nullable Service service = chosen.isPresent() ? lookout.service(chosen.get().name()) : null;
        if (service == null) {
            feed.follow("", "", null);
        } else {
            feed.follow(service.name(), service.token(), supervision.directory().logs(service));
        }
    }
}
