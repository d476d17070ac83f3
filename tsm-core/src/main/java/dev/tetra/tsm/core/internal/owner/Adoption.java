package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.internal.InventoryReader;
import dev.tetra.tsm.core.internal.ProcessTable;
import dev.tetra.tsm.core.internal.control.ControlSockets;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Takes over what an earlier owner left: processes that run, ends that nobody watched, starts that were cut short. */
final class Adoption {
    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final Planner planner;
    private final Launcher launcher;
    private final Runs runs;
    private final Terminator terminator;
    private final Endings endings;
    private final ControlSockets sockets;
    private final Workers workers;
    private final Activity activity;
    private final ProcessTable table = ProcessTable.system();

    Adoption(
            Planner planner,
            Launcher launcher,
            Runs runs,
            Terminator terminator,
            Endings endings,
            ControlSockets sockets,
            Workers workers,
            Activity activity) {
        this.planner = planner;
        this.launcher = launcher;
        this.runs = runs;
        this.terminator = terminator;
        this.endings = endings;
        this.sockets = sockets;
        this.workers = workers;
        this.activity = activity;
    }

    /**
     * Takes over a service that an earlier owner left: watches it if it runs, writes down how it ended if not, and does what
     * the restart policy says of that. What cannot be written is logged: no service's files keep the others from being
     * supervised.
     *
     * @param inherited the variables for the next process of a service whose last one is gone, with all it was given
     * @return whether it keeps its port: it runs, or what follows its end is still to be decided
     */
    boolean adopt(Supervised service, Map<String, String> inherited) {
        boolean active = true;
        // It may end at any moment.
        service.life.lock();
        try {
            service.files.removeTemporary();
            Service state = service.state();
            Service written = service.files.readService();
            if (state.status().isRunning()) {
                adoptRunning(service, inherited);
                return true;
            }
            sockets.withdraw(service.name());
            if (written.status().isRunning() || written.status() == Status.WAITING) {
                adoptLater(service, written, inherited);
            } else {
                active = false;
            }
        } catch (IOException | RuntimeException unwritten) {
            LOG.log(System.Logger.Level.WARNING, service.name() + " is taken over: " + unwritten.getMessage());
        } finally {
            service.life.unlock();
        }
        return active;
    }

    private void adoptRunning(Supervised service, Map<String, String> inherited) throws IOException {
        Service state = service.state();
        if (state.run().isEmpty()) {
            // Its hook or its wrapper may still be on the way.
            terminator.end(Optional.empty(), service.mark(), 0, Terminator.Manner.KILL);
            if (state.restarts() > 0) {
                // It ran before: what its owner was about to do is done now.
                adoptLater(service, state, inherited);
                return;
            }
            runs.rest(
                    service,
                    state.withStatus(Status.ERRORED, Optional.of("its owner ended while it was being started")));
            return;
        }
        Service.Run run = withWrapper(state.run().get(), state.token());
        service.variables(Wrappers.variablesOf(run));
        boolean unready =
                state.status() == Status.STARTING && state.spec().ready().isPresent();
        service.show(
                state.withRun(run, state.startTime().orElse(Runs.now()), unready ? Status.STARTING : Status.ONLINE));
        runs.takeOver(service, table.age(run.process()));
        service.saveTruth(service.state());
        runs.ask(service, launcher.adopted(service));
        if (isRestart(state)) {
            workers.execute(() -> finishRestart(service, run));
        }
    }

    /** Whether its owner was in the midst of a restart that somebody had asked for. */
    private static boolean isRestart(Service written) {
        return written.status() == Status.STOPPING && written.reason().equals(Optional.of(Endings.TO_START_AGAIN));
    }

    private void finishRestart(Supervised service, Service.Run run) {
        runs.inLife(service, Runs.runs(run), () -> {
            service.watching(null);
            Exit exit = endings.endRun(service);
            service.show(service.state().ended(exit, Status.STOPPED, Optional.of(Endings.TO_START_AGAIN)));
            runs.launchAgain(service, 0);
        });
    }

    /** Finds the wrapper again, as the parent of the process, where an owner ended before it wrote it down. */
    private Service.Run withWrapper(Service.Run run, String token) {
        ProcessTable.Entry entry =
                run.wrapper().isPresent() ? null : table.entry(run.process().pid());
        // An orphan's parent is some reaper, which has not our token.
        if (entry == null || !table.hasToken(entry.parent(), token)) {
            return run;
        }
        return new Service.Run(run.process(), table.identify(entry.parent()));
    }

    /** Has a worker do what follows an end that nobody watched, unless somebody wants something else first. */
    private void adoptLater(Supervised service, Service written, Map<String, String> inherited) {
        activity.started();
        service.unfinished(true);
        workers.execute(() -> adoptEnded(service, written, inherited));
    }

    /** Whatever was to follow an end that nobody watched is now this. @return whether anything was */
    boolean finish(Supervised service) {
        boolean unfinished = service.isUnfinished();
        if (unfinished) {
            service.unfinished(false);
            activity.ended();
        }
        return unfinished;
    }

    /** What follows an end that nobody watched. */
    private void adoptEnded(Supervised service, Service written, Map<String, String> inherited) {
        runs.inLife(service, now -> finish(service), () -> {
            if (isRestart(written)) {
                service.variables(planner.variables(service.state(), inherited).all());
                runs.sweep(service);
                runs.launchAgain(service, 0);
            } else if (written.status() == Status.STOPPING) {
                runs.rest(service, service.state());
            } else if (isOfAnotherBoot(written)) {
                // What is to come back with the machine is enabled; nothing else comes by surprise.
                String why = "the machine went down; tsm start " + written.name() + " starts it, tsm enable "
                        + written.name() + " at each boot";
                runs.rest(service, service.state().withStatus(Status.CRASHED, Optional.of(why)));
            } else {
                service.variables(planner.variables(service.state(), inherited).all());
                goOn(service, written);
            }
        });
    }

    private void goOn(Supervised service, Service written) throws IOException {
        Service state = service.state();
        if (state.status() == Status.STARTING) {
            runs.relaunch(service, written, written.unstableRestarts());
        } else if (written.status() == Status.WAITING) {
            runs.sweep(service);
            runs.launchAgain(service, state.unstableRestarts() + 1);
        } else {
            Exit exit = state.lastExit().orElseGet(InventoryReader::lost);
            runs.follow(service, written, exit, uptime(service, written, exit));
        }
    }

    /** How long a process ran whose end nobody watched, by clocks that may have jumped. */
    private static Duration uptime(Supervised service, Service written, Exit exit) {
        Duration uptime = service.files
                .ran()
                .orElseGet(() -> Duration.between(written.startTime().orElse(exit.time()), exit.time()));
        if (uptime.isNegative()) {
            return Duration.ZERO;
        }
        return uptime.compareTo(Amounts.LONGEST) > 0 ? Amounts.LONGEST : uptime;
    }

    private boolean isOfAnotherBoot(Service written) {
        Optional<Service.Run> run = written.run();
        return run.isPresent() && !run.get().process().bootId().equals(table.bootId());
    }
}
