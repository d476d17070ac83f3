package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Option;
import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.ports.Listener;
import dev.tetra.tsm.ports.PatternProblem;
import dev.tetra.tsm.ports.PortPatterns;
import dev.tetra.tsm.ports.PortSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code tsm start}. */
final class StartVerb {
    private StartVerb() {}

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        Optional<Service> known = known(arguments, console);
        if (known.isEmpty() && isServiceFile(arguments)) {
            return arguments.has(Verbs.DRY_RUN)
                    ? DiffVerb.run(arguments, console)
                    : UpVerb.run(Verbs.UP, arguments, console);
        }
        Wait wait = Times.wait(arguments);
        boolean asJson = arguments.has(Verbs.JSON);
        ServiceSpec spec = SpecOptions.spec(arguments, console);
        badPatterns(console);
        try (ServiceManager manager = BackgroundOwner.connect(console)) {
            if (arguments.has(Verbs.DRY_RUN)) {
                return PlanText.print(manager.plan(planned(spec, known)), asJson, console);
            }
            Service service = known.isPresent() ? again(manager, known.get(), wait) : manager.start(spec, wait);
            if (asJson) {
                console.out().line(Json.service(service));
            } else {
                console.out().line(line(service, "started", wait, console));
                hints(service, arguments, console);
            }
            return Failure.OK;
        }
    }

    /** {@code tsm start FILE}: one word, which has the ending of a service file, and no option of a command. */
    private static boolean isServiceFile(Arguments arguments) {
        return arguments.words().size() == 1
                && !SpecOptions.any(arguments)
                && ServiceFiles.hasEnding(arguments.words().get(0));
    }

    /** A user who wrote patterns is told what is wrong with them; the others work. */
    static void badPatterns(Console console) {
        Path file = console.directory().patterns();
        if (Files.exists(file)) {
            for (PatternProblem problem : PortPatterns.load(file).problems()) {
                console.complain(problem.toString());
            }
        }
    }

    /** What a start would be about: the command that was given, or that of the service that was named. */
    private static ServiceSpec planned(ServiceSpec given, Optional<Service> known) {
        if (known.isEmpty()) {
            return given;
        }
        Service service = known.get();
        PortSpec port =
                service.port().isPresent() ? new PortSpec.Exact(service.port().getAsInt()) : new PortSpec.None();
        return service.spec().with().name(service.name()).port(port).build();
    }

    /** Says what a user may have meant otherwise. */
    private static void hints(Service service, Arguments arguments, Console console) {
        String own = console.caller().variable("PORT");
        if (!own.isEmpty()
                && service.port().isPresent()
                && !own.equals(Integer.toString(service.port().getAsInt()))
                && arguments.value(Verbs.PORT).isEmpty()) {
            console.complain("PORT=" + own + " of your environment was not used; --port " + own + " would be");
        }
        for (String word : arguments.words()) {
            for (Option option : List.of(Verbs.NAME, Verbs.SETTLE, Verbs.NO_WAIT, Verbs.PRE_HOOK, Verbs.DRY_RUN)) {
                if (word.equals(option.key()) || word.startsWith(option.key() + "=")) {
                    console.complain(
                            option.key() + " after the command went to the command; options of tsm come before it");
                }
            }
        }
    }

    /** One line about a service that was just started. */
    static String line(Service service, String done, Wait wait, Console console) {
        if (!service.status().isRunning() && service.lastExit().isPresent()) {
            boolean over = service.status() == Status.STOPPED;
            return service.name() + "  " + done
                    + (over ? " and ended" : ", and is " + service.status().text())
                    + "  id " + service.id() + "  "
                    + service.lastExit().get().outcome().describe();
        }
        StringBuilder line = new StringBuilder(service.name())
                .append("  ")
                .append(done)
                .append("  id ")
                .append(service.id());
        if (service.pid().isPresent()) {
            line.append("  pid ").append(service.pid().getAsLong());
        }
        if (service.status() == Status.STARTING) {
            line.append("  not ready yet");
        } else if (wait.untilReady() && service.spec().ready().isPresent()) {
            line.append("  ready");
        }
        if (service.port().isPresent()) {
            int port = service.port().getAsInt();
            line.append("  port ").append(port);
            if (!wait.equals(Wait.NOT) && service.status() != Status.STARTING) {
                line.append(listens(service, port, console) ? " (listening)" : " (not listening yet)");
            }
        }
        return line.toString();
    }

    private static boolean listens(Service service, int port, Console console) {
        for (Listener listener : console.directory().observe(service).listeners()) {
            if (listener.port() == port) {
                return true;
            }
        }
        return false;
    }

    /** {@code tsm start NAME}: the service that is there already and is meant to run again. */
    private static Optional<Service> known(Arguments arguments, Console console) throws IOException {
        if (arguments.words().size() != 1 || SpecOptions.any(arguments)) {
            return Optional.empty();
        }
        String word = arguments.words().get(0);
        List<Service> services = console.directory().read().services();
        List<Service> fitting = new ArrayList<>();
        for (Service service : services) {
            if (service.name().equals(word)) {
                return Optional.of(service);
            }
            if (service.baseName().equals(word)) {
                fitting.add(service);
            }
        }
        if (fitting.size() <= 1) {
            return fitting.isEmpty() ? Optional.empty() : Optional.of(fitting.get(0));
        }
        StringBuilder names = new StringBuilder();
        for (Service service : fitting) {
            names.append(names.length() == 0 ? "" : ", ").append(service.name());
        }
        throw new ServiceException(
                Reason.AMBIGUOUS,
                word + " fits " + fitting.size() + " services: " + names + "; give the full name, or say start --name "
                        + word + " with a command");
    }

    private static Service again(ServiceManager manager, Service service, Wait wait) throws IOException {
        if (service.status().isRunning()) {
            throw new ServiceException(
                    Reason.NAME_TAKEN,
                    "service " + service.name() + " runs already (id " + service.id() + ", pid "
                            + service.pid().orElse(0) + "); tsm restart " + service.name() + " starts it anew");
        }
        Change change =
                manager.restart(List.of(new Selector.Id(service.id())), wait).get(0);
        if (change.failure().isPresent()) {
            throw new ServiceException(Reason.START_FAILED, change.failure().get());
        }
        return change.service();
    }
}
