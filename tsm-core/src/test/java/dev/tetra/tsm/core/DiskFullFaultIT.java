package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of the runtime directory, 1 MB, is full at each write of state: a start fails cleanly, a stop stops, a crash is
 * followed by another process, an owner by another owner, and once there is room the disk says the truth.
 */
class DiskFullFaultIT {
    @TempDir
    Path root;

    @Test
    void aDiskThatIsFullAtAnyWriteCostsNoServiceAndNoTruth() throws Exception {
        String said = Namespaces.run(
                List.of("--mount"),
                "mkdir -p \"$1/tsm\" && mount -t tmpfs -o size=1m full \"$1/tsm\"",
                DiskFullMain.class,
                root);
        assertThat(said).contains("the truth is on the disk");
    }
}
