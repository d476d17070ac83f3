package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** s6: a scanner, and a supervisor for each service. Who has no log has no logger. */
final class S6 implements Supervisor {
    /** {@code sh -c} with the folders as arguments. The last command of each waits until it is so. */
    private static final String START = "for d do s6-svc %s \"$d\" || exit; done; exec s6-svwait -t 60000 -u \"$@\"";

    private static final String STOP = "for d do s6-svc -d \"$d\" || exit; done; exec s6-svwait -t 60000 -D \"$@\"";

    private final Commands commands;
    private final ServiceFolders services;
    private final Process scanner;
    private final String start;

    private S6(Commands commands, ServiceFolders services, Process scanner, String start) {
        this.commands = commands;
        this.services = services;
        this.scanner = scanner;
        this.start = start;
    }

    static Supervisor open(Path home, Commands commands, List<Program> programs) throws IOException {
        ServiceFolders services = ServiceFolders.make(home.resolve("scan"), programs, "s6-log n20 s" + (32 << 20));
        Process scanner =
                commands.start(List.of("s6-svscan", services.root().toString()), home.resolve("s6-svscan.out"));
        List<String> look = List.of("sh", "-c", "for d do s6-svok \"$d\" || exit; done", "sh");
        Await.that("s6 supervises all services", () -> commands.succeeds(look, services.words()));
        boolean kept = programs.get(0).kept();
        return new S6(commands, services, scanner, String.format(START, kept ? "-u" : "-o"));
    }

    @Override
    public long start() throws IOException {
        return commands.run(List.of("sh", "-c", start, "sh"), services.words());
    }

    @Override
    public long stop() throws IOException {
        return commands.run(List.of("sh", "-c", STOP, "sh"), services.words());
    }

    @Override
    public void forget() {}

    @Override
    public List<Long> managers() {
        return List.of(scanner.pid());
    }

    @Override
    public List<Long> attendants() {
        return Processes.children(scanner.pid());
    }

    @Override
    public List<Path> log(Program program) throws IOException {
        return services.log(program);
    }

    @Override
    public void close() throws IOException {
        List<Long> supervisors = attendants();
        commands.run(List.of("s6-svscanctl", "-t", services.root().toString()));
        Await.that("s6-svscan ended", () -> !scanner.isAlive());
        Await.that(
                "all of s6 ended",
                () -> supervisors.stream().allMatch(pid -> Processes.words(pid).isEmpty()));
    }
}
