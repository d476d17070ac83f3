package dev.tetra.tsm.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An owner that does one verb to many services, each a little later than the one before, so that a kill of it finds every
 * service at another step: {@code VolleyMain DIRECTORY WORK VERB MARK COUNT STEP_MICROS}. Prepares, prints {@code ready},
 * begins when a byte comes, and prints {@code done} after each. The services are {@link #spec}s of {@link #name}s.
 */
final class VolleyMain {
    /** What is done to each service. */
    enum Verb {
        START,
        STOP,
        RESTART,
        CRASH,
        DELETE
    }

    /** Every other one is watched for a moment. */
    private static final List<Duration> SETTLED = List.of(Duration.ZERO, Duration.ofMillis(20));

    private VolleyMain() {}

    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[1]);
        Verb verb = Verb.valueOf(arguments[2]);
        String mark = arguments[3];
        int count = Integer.parseInt(arguments[4]);
        long step = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(arguments[5]));
        ServiceManager manager = ServiceManager.open(RuntimeDirectory.of(Path.of(arguments[0])));
        Thread[] threads = new Thread[count];
        long[] moments = new long[count];
        for (int i = 0; i < count; i++) {
            ServiceSpec spec = spec(i, mark, verb, work);
            if (verb != Verb.START) {
                Sandbox.awaitProgram(manager.start(spec, Duration.ZERO), "sleep");
            }
            int number = i;
            threads[i] = new Thread(() -> act(manager, verb, spec, number, moments));
            threads[i].setDaemon(true);
        }
        System.out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            moments[i] = begin + i * step;
            threads[i].start();
        }
        // Until it is killed.
        Thread.currentThread().join();
    }

    static String name(int number) {
        return "s" + (char) ('a' + number);
    }

    /** What the process of that number sleeps, which nothing else on this machine does. */
    static String seconds(int number, String mark) {
        return mark + String.format("%02d", number);
    }

    static ServiceSpec spec(int number, String mark, Verb verb, Path work) {
        RestartPolicy policy = RestartPolicy.DEFAULT
                .withMode(verb == Verb.CRASH ? RestartPolicy.Mode.ALWAYS : RestartPolicy.Mode.NEVER)
                .withMinUptime(Duration.ZERO);
        return ServiceSpec.command("sh", "-c", "exec sleep " + seconds(number, mark) + " # $PORT")
                .name(name(number))
                .cwd(work)
                .restart(policy)
                .build();
    }

    private static void act(ServiceManager manager, Verb verb, ServiceSpec spec, int number, long[] moments) {
        while (System.nanoTime() < moments[number]) {
            LockSupport.parkNanos(moments[number] - System.nanoTime());
        }
        try {
            Selector name = new Selector.Name(spec.name().orElseThrow());
            switch (verb) {
                case START -> manager.start(spec, SETTLED.get(number % 2));
                case STOP -> manager.stop(List.of(name));
                case RESTART -> manager.restart(List.of(name), SETTLED.get(number % 2));
                case CRASH -> crash(manager, name);
                default -> manager.delete(List.of(name));
            }
            System.out.println("done");
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Kills the process, and returns when there is another. */
    private static void crash(ServiceManager manager, Selector name) throws Exception {
        OptionalLong pid = manager.find(name).pid();
        ProcessHandle.of(pid.orElseThrow()).orElseThrow().destroyForcibly();
        Sandbox.await("another process", () -> {
            OptionalLong next = manager.find(name).pid();
            return next.isPresent() && !next.equals(pid);
        });
    }
}
