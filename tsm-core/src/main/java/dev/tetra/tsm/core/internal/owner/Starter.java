package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StartPlan;
import dev.tetra.tsm.core.Wait;
import dev.tetra.tsm.core.internal.ServiceNames;
import dev.tetra.tsm.ports.PortRegistry;
import dev.tetra.tsm.ports.PortResolution;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.RungAnswer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** From a spec to a service that runs: what it is called, which port it gets, whom it waits for. */
final class Starter {
    private final PortRegistry registry;
    private final Planner planner;
    private final Roster roster;
    private final Lifecycle lifecycle;
    private final Relatives relatives;

    Starter(PortRegistry registry, Planner planner, Roster roster, Lifecycle lifecycle, Relatives relatives) {
        this.registry = registry;
        this.planner = planner;
        this.roster = roster;
        this.lifecycle = lifecycle;
        this.relatives = relatives;
    }

    /** Starts a service with the variables of whoever asked, after those that it depends on. */
    Service start(ServiceSpec spec, Map<String, String> inherited, Wait wait) throws IOException {
        Planner.Understood understood = planner.understand(spec, inherited);
        relatives.check(spec, understood.base());
        relatives.bringUp(spec.dependsOn(), understood.base(), inherited);
        // Another start of that name is another claimant; what it is called may be read in a refusal.
        String claimant = understood.base() + ", which is being started ("
                + UUID.randomUUID().toString().substring(0, 8) + ")";
        try {
            PortResolution resolution = registry.claim(
                    planner.ladder(), understood.portRequest(claimant), roster.keptPorts(understood.base()));
            Roster.Entered entered = roster.enter(named(understood, resolution), understood, resolution);
            Supervised service = entered.service();
            try {
                rename(claimant, entered);
                return lifecycle.start(service, inherited, wait);
            } finally {
                roster.settle(service);
                service.life.unlock();
                relatives.refreshParentOf(service.state());
            }
        } catch (IOException | RuntimeException failed) {
            lifecycle.releases().release(claimant);
            throw failed;
        }
    }

    private void rename(String claimant, Roster.Entered entered) throws IOException {
        try {
            registry.rename(claimant, entered.service().name());
        } catch (IOException | RuntimeException failed) {
            entered.service().show(entered.before());
            throw failed;
        }
    }

    /** The full name; a refusal by the ladder ends here, as the more telling of two conflicts. */
    private String named(Planner.Understood understood, PortResolution resolution) {
        if (resolution.answer() instanceof RungAnswer.Refused refused) {
            if (understood.spec().port().orElse(null) instanceof PortSpec.Exact exact) {
                roster.checkFree(ServiceNames.withPort(understood.base(), OptionalInt.of(exact.port())));
            }
            throw new ServiceException(
                    refused.holder().isPresent() ? Reason.PORT_TAKEN : Reason.INVALID, refused.why());
        }
        return ServiceNames.withPort(understood.base(), resolution.port());
    }

    /** What {@link #start} would do. */
    StartPlan plan(ServiceSpec spec, Map<String, String> inherited) throws IOException {
        Planner.Understood understood = planner.understand(spec, inherited);
        PortResolution resolution =
                registry.resolve(planner.ladder(), understood.portRequest("plan"), roster.keptPorts(understood.base()));
        String name = ServiceNames.withPort(understood.base(), resolution.port());
        Optional<String> refusal = Optional.empty();
        try {
            relatives.check(spec, understood.base());
            name = named(understood, resolution);
            roster.checkFree(name);
        } catch (ServiceException refused) {
            refusal = Optional.of(refused.getMessage());
        }
        return new StartPlan(name, spec, Planner.launch(understood, resolution), Planner.names(understood), refusal);
    }
}
