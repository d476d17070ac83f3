package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Service;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that writes down what it is told. */
class Told implements Listener {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    List<String> calls() {
        return calls;
    }

    /** Those that begin so. */
    List<String> calls(String beginning) {
        return calls.stream().filter(call -> call.startsWith(beginning)).toList();
    }

    @Override
    public void ready(String how) {
        calls.add("ready: " + how);
    }

    @Override
    public void neverReady(String why) {
        calls.add("never ready: " + why);
    }

    @Override
    public void health(Service.Health now) {
        String found =
                now.healthy().map(healthy -> healthy ? "healthy" : "unhealthy").orElse("unknown");
        calls.add("health: " + found + " " + now.failures() + " " + now.text().orElse("-"));
    }

    @Override
    public void failed(String why) {
        calls.add("failed: " + why);
    }

    @Override
    public void said(String status) {
        calls.add("said: " + status);
    }

    @Override
    public void stopping() {
        calls.add("stopping");
    }
}
