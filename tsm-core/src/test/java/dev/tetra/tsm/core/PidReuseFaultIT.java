package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The numbers of a service that died, and of its wrapper, are given to strangers before the next owner looks. Nobody touches
 * them, and nobody takes them for the service.
 */
class PidReuseFaultIT {
    @TempDir
    Path root;

    @Test
    void aStrangerWithAServicesNumberIsNeverSignalledAndNeverTakenForIt() throws Exception {
        String said = Namespaces.run(
                List.of("--pid", "--fork", "--mount-proc"),
                "test -w /proc/sys/kernel/ns_last_pid",
                PidReuseMain.class,
                root);
        assertThat(said).contains("all strangers live");
    }
}
