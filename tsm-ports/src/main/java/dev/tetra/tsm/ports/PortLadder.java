package dev.tetra.tsm.ports;

import dev.tetra.tsm.ports.spi.PortRung;
import java.util.ArrayList;
import java.util.List;

/**
 * The rungs in their order: the first that knows the port decides. <em>Immutable; safe for use by many threads, if its
 * rungs are.</em>
 *
 * <p>The standard ladder is the guide's:
 *
 * <ol>
 *   <li>{@code --port}: what the user wrote. A busy port is refused, and its holder named.
 *   <li>{@code env file}: the variable PORT of the env file. Likewise.
 *   <li>{@code patterns}: what a known program listens on by itself; the next free one of the range if that is busy.
 *   <li>{@code command}: what the command's own text names. A busy port is refused.
 *   <li>{@code allocate}: the first free one of the range, for a command that can take a port.
 *   <li>{@code none}: no port; the service is reached by its process.
 * </ol>
 *
 * <p>Whichever rung finds the port, the ladder writes its number over every <code>{port}</code>, <code>$PORT</code> and
 * <code>${PORT}</code> in the words of the command, because no shell will. The one exception is the script of
 * {@code sh -c}: there <code>$PORT</code> stays, and the shell takes it from its environment.
 */
public final class PortLadder {

    private final List<PortRung> rungs;

    private PortLadder(List<PortRung> rungs) {
        this.rungs = List.copyOf(rungs);
    }

    /**
     * The guide's six rungs.
     *
     * @param patterns the programs whose ports are known
     * @param range what may be handed out
     * @param policy which commands get a port when nothing names one
     */
    public static PortLadder standard(PortPatterns patterns, PortRange range, AllocationPolicy policy) {
        return of(List.of(
                new FlagRung(patterns),
                new EnvFileRung(patterns),
                new PatternsRung(patterns, range),
                new CommandRung(patterns),
                new AllocateRung(range, policy),
                new NoneRung()));
    }

    /** These rungs, in this order; when all of them pass, the service has no port. */
    public static PortLadder of(List<PortRung> rungs) {
        return new PortLadder(rungs);
    }

    /** The rungs, the first to be asked first. */
    public List<PortRung> rungs() {
        return rungs;
    }

    /**
     * Asks the rungs one after the other until one does not pass.
     *
     * <p>Claims nothing: see {@link PortRegistry#claim(PortLadder, PortRequest)} for that.
     *
     * @param request what is to be started
     * @param use who has which port now
     */
    public PortResolution resolve(PortRequest request, PortUse use) {
        List<PortResolution.Step> trace = new ArrayList<>(rungs.size());
        RungAnswer answer = new RungAnswer.Passed("nobody asked yet");
        String answering = "";
        for (PortRung rung : rungs) {
            if (!answering.isEmpty()) {
                RungAnswer unasked = new RungAnswer.Passed("not reached: " + answering + " answered");
                trace.add(new PortResolution.Step(rung.name(), unasked));
                continue;
            }
            answer = filled(rung.climb(request, use));
            trace.add(new PortResolution.Step(rung.name(), answer));
            if (!(answer instanceof RungAnswer.Passed)) {
                answering = rung.name();
            }
        }
        if (answer instanceof RungAnswer.Passed) {
            answer = new RungAnswer.Portless(ServiceType.PID, request.command(), "every rung passed");
        }
        return new PortResolution(answer, trace);
    }

    private static RungAnswer filled(RungAnswer answer) {
        if (answer instanceof RungAnswer.Found found) {
            List<String> command = Placeholders.fill(found.command(), found.port());
            return new RungAnswer.Found(found.port(), command, found.why());
        }
        return answer;
    }
}
