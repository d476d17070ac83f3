package dev.tetra.tsm.ports;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A machine on which exactly these ports are held. */
final class FakeUse implements PortUse {

    private final Map<Integer, PortHolder> holders = new HashMap<>();
    private final Map<Integer, String> kept = new HashMap<>();

    static FakeUse allFree() {
        return new FakeUse();
    }

    FakeUse held(int port) {
        holders.put(port, PortHolder.process(port, 4711, "nginx: master"));
        return this;
    }

    FakeUse held(int first, int last) {
        for (int port = first; port <= last; port++) {
            held(port);
        }
        return this;
    }

    FakeUse kept(int port, String service) {
        kept.put(port, service);
        return this;
    }

    @Override
    public Optional<String> keptFor(int port) {
        return Optional.ofNullable(kept.get(port));
    }

    @Override
    public Optional<PortHolder> holder(int port) {
        return Optional.ofNullable(holders.get(port));
    }
}
