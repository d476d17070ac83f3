package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.Sandbox;
import dev.tetra.tsm.core.Service;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM that watches one service, ready by the probe that is its second argument, in the directory that is its first. */
final class WatchMain {
    private WatchMain() {}

    public static void main(String[] arguments) throws Exception {
        Sandbox sandbox = new Sandbox(Path.of(arguments[0]));
        Runs runs = new Runs(sandbox);
        HealthWatch watch = runs.watch();
        CountDownLatch known = new CountDownLatch(1);
        Told told = new Told() {
            @Override
            public void ready(String how) {
                known.countDown();
            }
        };
        Readiness ready = new Readiness(Probe.parse(arguments[1]));
        String send = """
                import os, socket, time
                if 'NOTIFY_SOCKET' in os.environ:
                    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                    s.sendto(b'READY=1', os.environ['NOTIFY_SOCKET'])
                time.sleep(1000)
                """;
        Target target = runs.launchNotifying(watch, runs.python("web", send), ready, null);
        Service service = target.service();
        sandbox.keep(watch.begin(target, told));
        known.await();
        System.out.println("ready " + service.name());
        sandbox.close();
    }
}
