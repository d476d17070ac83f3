package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Services for tests that start none. */
public final class SomeService {
    private SomeService() {}

    /** One that was never started. */
    public static Service.Builder of(String name) {
        return of(name, ServiceSpec.command("serve"));
    }

    /** One of that spec. */
    public static Service.Builder of(String name, ServiceSpec.Builder spec) {
        return Service.of(
                3,
                name,
                "token",
                spec.cwd(Path.of("/srv")).build(),
                new Service.Launch(
                        List.of("serve"),
                        Optional.empty(),
                        ProcessType.COMMAND,
                        ServiceType.PID,
                        List.of(),
                        List.of()));
    }

    /** One that runs as pid 4711 since then. */
    public static Service.Builder running(String name, Instant since) {
        return of(name).status(Status.ONLINE, Optional.empty())
                .run(new Service.Run(new ProcessIdentity("boot", 4711, 1), Optional.empty()), since);
    }
}
