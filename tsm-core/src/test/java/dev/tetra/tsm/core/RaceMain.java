package dev.tetra.tsm.core;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One of those who do what they like to one service: {@code RaceMain DIRECTORY WORK SECONDS PORT STEPS SEED} as a client in a
 * JVM of its own. Prints {@code ready}, begins when a byte comes, and prints how each step was refused, then {@code over}.
 */
final class RaceMain {
    private RaceMain() {}

    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[1]);
        try (ServiceManager manager = ServiceManager.open(RuntimeDirectory.of(Path.of(arguments[0])))) {
            System.out.println("ready");
            if (System.in.read() >= 0) {
                ServiceSpec web = spec(work, arguments[2], Integer.parseInt(arguments[3]));
                int steps = Integer.parseInt(arguments[4]);
                for (String refusal : race(manager, web, steps, Long.parseLong(arguments[5]))) {
                    System.out.println(refusal);
                }
            }
        }
        System.out.println("over");
    }

    static ServiceSpec spec(Path work, String seconds, int port) {
        return ServiceSpec.command("sh", "-c", "exec sleep " + seconds + " # $PORT")
                .name("web")
                .port(port)
                .cwd(work)
                .restart(RestartPolicy.DEFAULT.withMode(RestartPolicy.Mode.ALWAYS))
                .build();
    }

    /** So many steps as the seed says. @return what was refused, in words */
    static List<String> race(ServiceManager manager, ServiceSpec web, int steps, long seed) throws IOException {
        List<Selector> one = List.of(new Selector.Name("web"));
        List<String> refusals = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < steps; i++) {
            try {
                switch (random.nextInt(4)) {
                    case 0 -> manager.start(web, Wait.NOT);
                    case 1 -> refusals.addAll(failures(manager.stop(one)));
                    case 2 -> refusals.addAll(failures(manager.restart(one, Wait.NOT)));
                    default -> refusals.addAll(failures(manager.delete(one)));
                }
            } catch (ServiceException refused) {
                refusals.add(refused.getMessage());
            }
        }
        return refusals;
    }

    private static List<String> failures(List<Change> changes) {
        List<String> failures = new ArrayList<>();
        for (Change change : changes) {
            change.failure().ifPresent(failures::add);
        }
        return failures;
    }
}
