package dev.tetra.examples.embed;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceManager;
import dev.tetra.tsm.core.ServiceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Supervision inside a host application: the sample of the README. */
public final class EmbeddedSupervisor {
    private EmbeddedSupervisor() {}

    /**
     * Starts a web server, says where it is, and stops it.
     *
     * @param args the directory that keeps the state
     */
    public static void main(String[] args) throws IOException {
        RuntimeDirectory directory = RuntimeDirectory.of(Path.of(args[0]));
        try (ServiceManager manager = ServiceManager.open(directory)) {
            ServiceSpec spec = ServiceSpec.command("python3", "-m", "http.server")
                    .name("web")
                    .build();
            Service web = manager.start(spec);
            System.out.println(web.name() + " is " + web.status().text() + " on port "
                    + web.port().orElseThrow());
            manager.stop(List.of(new Selector.Name(web.name())));
            System.out.println(web.name() + " is "
                    + manager.find(new Selector.Id(web.id())).status().text());
        }
    }
}
