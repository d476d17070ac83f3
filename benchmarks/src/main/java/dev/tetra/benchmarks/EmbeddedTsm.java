package dev.tetra.benchmarks;

import dev.tetra.tsm.core.Change;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a host application sees that is a client of the command's owner: the same without a JVM that starts. */
final class EmbeddedTsm implements Supervisor {
    private final Supervisor command;
    private final ServiceManager client;
    private final List<ServiceSpec> specs;

    private EmbeddedTsm(Supervisor command, ServiceManager client, List<ServiceSpec> specs) {
        this.command = command;
        this.client = client;
        this.specs = specs;
    }

    /** @param tsm the command that brings the owner up */
    static Supervisor.Opener opener(String tsm) {
        return (home, commands, programs) -> {
            Supervisor command = Tsm.opener(tsm).open(home, commands, programs);
            ServiceManager client = ServiceManager.connect(Tsm.directory(home), commands.environment())
                    .orElseThrow(() -> new IOException("the owner in " + home + " does not answer"));
            List<ServiceSpec> specs = new ArrayList<>();
            for (Program program : programs) {
                specs.add(ServiceSpec.command(program.words())
                        .name(program.name())
                        .cwd(home)
                        .restart(Tsm.policy(program))
                        .build());
            }
            return new EmbeddedTsm(command, client, specs);
        };
    }

    @Override
    public long start() throws IOException {
        return timed(() -> client.apply(specs, Wait.NOT));
    }

    @Override
    public long stop() throws IOException {
        return timed(() -> client.stop(List.of(new Selector.All())));
    }

    private interface Verb {
        List<Change> run() throws IOException;
    }

    private static long timed(Verb verb) throws IOException {
        long begin = System.nanoTime();
        List<Change> changes = verb.run();
        long taken = System.nanoTime() - begin;
        for (Change change : changes) {
            if (change.failure().isPresent()) {
                throw new IOException(
                        change.service().name() + ": " + change.failure().get());
            }
        }
        return taken;
    }

    @Override
    public void forget() throws IOException {
        client.delete(List.of(new Selector.All()));
    }

    @Override
    public List<Long> managers() throws IOException {
        return command.managers();
    }

    @Override
    public List<Long> attendants() throws IOException {
        return command.attendants();
    }

    @Override
    public List<Path> log(Program program) throws IOException {
        return command.log(program);
    }

    @Override
    public void close() throws IOException {
        client.close();
        command.close();
    }
}
