package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Exit;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.internal.InventoryReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Ends what runs of a service, whose life the caller holds, and says what it was. Writes nothing down. */
final class Endings {
    /** How long the exit of a process that is gone may take to be written down by its wrapper. */
    private static final Duration EXIT_IS_WRITTEN = Duration.ofSeconds(2);

    /** The status of a process that KILL ended. */
    private static final int KILLED = 128 + 9;

    /** The reason of a stop that is half of a restart: what an owner that follows goes on with. */
    static final String TO_START_AGAIN = "to be started again";

    private static final System.Logger LOG = System.getLogger("dev.tetra.tsm.core");

    private final Terminator terminator;

    Endings(Terminator terminator) {
        this.terminator = terminator;
    }

    /**
     * Stops a service: ends what runs of it. What is known of it afterwards is in memory only: the caller writes it down.
     *
     * @param meant what is written down for the time that it takes
     * @throws ServiceException if something is still there after KILL; nothing is changed then
     */
    Change end(Supervised service, UnixSignal signal, Duration grace, Optional<String> meant) throws IOException {
        service.heard();
        service.dismissWrapper();
        Service state = service.state();
        if (state.run().isEmpty()) {
            return endLeftovers(service, new Terminator.Manner(signal.name(), grace, service::isHurried, () -> {}));
        }
        service.show(state.withStatus(Status.STOPPING, meant));
        if (meant.isPresent()) {
            noteQuietly(service);
        }
        long begin = System.nanoTime();
        Ended ended;
        try {
            Runnable slow = meant.isPresent() ? () -> {} : () -> noteQuietly(service);
            ended = endRun(
                    service, state.run().get(), new Terminator.Manner(signal.name(), grace, service::isHurried, slow));
        } catch (IOException | RuntimeException failed) {
            service.show(state);
            noteQuietly(service);
            throw failed;
        }
        endWrapper(service);
        boolean patient = ended.how().killed() && !service.isHurried();
        boolean killed = ended.how().killed() || signal.equals(UnixSignal.KILL);
        String why = patient ? "killed: it did not end within " + seconds(grace) : killed ? "killed" : "stopped";
        service.show(state.ended(ended.exit(), Status.STOPPED, Optional.of(why)));
        StringBuilder note = new StringBuilder(ended.exit().outcome().describe());
        if (ended.how().killed()) {
            Duration waited = patient ? grace : Duration.ofNanos(System.nanoTime() - begin);
            note.append(", killed after ").append(seconds(waited));
        }
        if (ended.how().swept() > 0) {
            note.append(", ").append(ended.how().swept()).append(" of its processes outside its group ended too");
        }
        return Change.of(service.state(), true, Optional.of(note.toString()));
    }

    /** How a process that was ended went. */
    private record Ended(Terminator.Ending how, Exit exit) {}

    private Ended endRun(Supervised service, Service.Run run, Terminator.Manner manner) throws IOException {
        Terminator.Ending how = terminator.end(Optional.of(run), service.mark(), service.bornTicks(), manner);
        checkGone(service.state(), how);
        service.clean(true);
        return new Ended(how, exitOf(service, run));
    }

    /**
     * Ends a process, as its service is stopped, that is to be followed by another; the service's state stays as it is.
     *
     * @return how it ended
     * @throws ServiceException if something is still there after KILL
     */
    Exit endRun(Supervised service) throws IOException {
        return endRun(service, service.state().run().orElseThrow(), asStopped(service))
                .exit();
    }

    private Change endLeftovers(Supervised service, Terminator.Manner manner) throws IOException {
        int found = sweep(service, manner);
        endWrapper(service);
        String note = "was not running";
        if (found > 0) {
            note = note + ", but " + found + (found == 1 ? " process" : " processes") + " that it left behind ended";
        }
        return Change.of(service.state(), found > 0, Optional.of(note));
    }

    /**
     * Ends what a service whose process is gone left behind, such as a daemon or the workers of a leader that crashed.
     *
     * @return how many processes there were; its wrapper, which may be about to launch the next one, is none of them
     */
    private int sweep(Supervised service, Terminator.Manner manner) throws IOException {
        if (service.isClean()) {
            return 0;
        }
        Service state = service.state();
        Terminator.Ending ending =
                terminator.sweep(service.justGone(), service.wrapping(), service.mark(), service.bornTicks(), manner);
        checkGone(state, ending);
        service.clean(true);
        return ending.found();
    }

    /** The same, as the service itself is stopped. */
    int sweep(Supervised service) throws IOException {
        return sweep(service, asStopped(service));
    }

    private static Terminator.Manner asStopped(Supervised service) {
        StopPolicy policy = service.state().spec().stop();
        return new Terminator.Manner(policy.signal().name(), policy.grace(), service::isHurried, () -> {});
    }

    private static void checkGone(Service state, Terminator.Ending ending) {
        if (!ending.left().isEmpty()) {
            throw new ServiceException(
                    Reason.STOP_FAILED,
                    "service " + state.name() + " is still there after KILL: process " + ending.left()
                            + " is stuck in the kernel; try again later");
        }
    }

    /** The next owner knows what was to become of it. A stop goes on even where the disk is full: what counts is written at its end. */
    private static void noteQuietly(Supervised service) {
        try {
            service.files.writeUnsynced(service.state());
        } catch (IOException full) {
            LOG.log(System.Logger.Level.WARNING, full.getMessage());
        }
    }

    /** How a process that is gone ended: what its wrapper wrote, once it has. */
    Exit exitOf(Supervised service, Service.Run run) throws IOException {
        service.awaitGone(EXIT_IS_WRITTEN);
        Optional<Exit> written = service.files.exit();
        if (written.isEmpty() && run.wrapper().isPresent()) {
            // A full disk, perhaps; or it is stopped, and would write into the files of the next run.
            endWrapper(service);
            written = service.files.exit();
        }
        if (written.isPresent()) {
            return written.get();
        }
        // A wrapper that was itself killed tells nothing.
        OptionalInt status = service.wrapper().map(Wrapper::status).orElse(OptionalInt.empty());
        return status.isPresent() && status.getAsInt() != KILLED
                ? new Exit(
                        Exit.Outcome.ofShellStatus(status.getAsInt()),
                        InventoryReader.lost().time())
                : InventoryReader.lost();
    }

    /** Ends the wrapper of a process that is gone, if it does not end by itself. */
    void endWrapper(Supervised service) throws IOException {
        service.dismissWrapper();
        if (service.wrapping().isEmpty()) {
            return;
        }
        ProcessIdentity wrapping = service.wrapping().get();
        boolean gone = service.wrapper().isPresent()
                ? service.wrapper().get().awaitEnd(Wrapper.ENDS)
                : terminator.awaitGone(wrapping, Wrapper.ENDS);
        if (!gone) {
            terminator.endWrapper(wrapping);
        }
    }

    /** In whole seconds where it is whole, else in milliseconds. */
    static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** For people: {@code 85 ms}, {@code 3.2 s}, {@code 15 s}. */
    static String about(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        long tenths = (millis + 50) / 100;
        return tenths >= 100 || tenths % 10 == 0 ? (tenths + 5) / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
    }
}
