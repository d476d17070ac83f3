package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** runit: a scanner, and a supervisor for each service. Who has no log has no logger. */
final class Runit implements Supervisor {
    private final Commands commands;
    private final ServiceFolders services;
    private final Process scanner;
    private final String start;

    private Runit(Commands commands, ServiceFolders services, Process scanner, String start) {
        this.commands = commands;
        this.services = services;
        this.scanner = scanner;
        this.start = start;
    }

    static Supervisor open(Path home, Commands commands, List<Program> programs) throws IOException {
        ServiceFolders services = ServiceFolders.make(home.resolve("scan"), programs, "svlogd");
        Process scanner =
                commands.start(List.of("runsvdir", "-P", services.root().toString()), home.resolve("runsvdir.out"));
        Await.that("runit supervises all services", () -> commands.succeeds(List.of("sv", "status"), services.words()));
        return new Runit(commands, services, scanner, programs.get(0).kept() ? "start" : "once");
    }

    @Override
    public long start() throws IOException {
        return commands.run(List.of("sv", "-w", "60", start), services.words());
    }

    @Override
    public long stop() throws IOException {
        return commands.run(List.of("sv", "-w", "60", "stop"), services.words());
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
        commands.run(List.of("kill", "-HUP", Long.toString(scanner.pid())));
        Await.that("runsvdir ended", () -> !scanner.isAlive());
        Await.that(
                "all of runit ended",
                () -> supervisors.stream().allMatch(pid -> Processes.words(pid).isEmpty()));
    }
}
