package dev.tetra.tsm.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A host in a JVM of its own: {@code HostMain DIRECTORY WORK VERB…}. Opens the directory, carries out the verbs one after
 * the other, prints {@code ready}, and lives until it is killed or its stdin ends.
 *
 * <p>Verbs: {@code start NAME TEXT} a line of shell, {@code starting NAME TEXT} the same with an endless settling time,
 * {@code apply FILE} a service file, {@code restarting NAME}, {@code stopping NAME} with an endless grace period; the last three in a thread of their own.
 */
final class HostMain {
    private HostMain() {}

    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[1]);
        ServiceManager manager = ServiceManager.open(RuntimeDirectory.of(Path.of(arguments[0])));
        for (int i = 2; i < arguments.length; i++) {
            String verb = arguments[i];
            String name = arguments[++i];
            if (verb.equals("start")) {
                manager.start(spec(name, arguments[++i], work), Duration.ZERO);
            } else if (verb.equals("apply")) {
                manager.apply(
                        ServiceFile.read(work.resolve(name), System.getenv()).services(), Wait.NOT);
            } else if (verb.equals("starting")) {
                ServiceSpec spec = spec(name, arguments[++i], work);
                aside(() -> manager.start(spec, Duration.ofHours(1)));
            } else if (verb.equals("restarting")) {
                aside(() -> manager.restart(List.of(Selector.parse(name)), Wait.NOT));
            } else {
                aside(() -> manager.stop(List.of(Selector.parse(name)), Duration.ofHours(1)));
            }
        }
        System.out.println("ready");
        if (System.in.read() < 0) {
            manager.close();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void aside(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static ServiceSpec spec(String name, String text, Path work) {
        return ServiceSpec.command("sh", "-c", text)
                .name(name)
                .cwd(work)
                .restart(RestartPolicy.Mode.NEVER)
                .build();
    }
}
