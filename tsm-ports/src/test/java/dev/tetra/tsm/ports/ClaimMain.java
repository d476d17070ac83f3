package dev.tetra.tsm.ports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Claims one port in a JVM of its own: {@code ClaimMain REGISTRY OWNER FIRST LAST}. Prints the port. */
final class ClaimMain {

    private ClaimMain() {}

    public static void main(String[] arguments) throws IOException {
        PortRegistry registry = PortRegistry.open(Path.of(arguments[0]), PortProbe.system());
        PortRange range = new PortRange(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        PortLadder ladder = PortLadder.standard(PortPatterns.of(List.of()), range, AllocationPolicy.ALWAYS);
        // All start at the word of the one who started us, not when their JVM happens to be up.
        if (System.in.read() < 0) {
            return;
        }
        PortResolution resolution = registry.claim(ladder, PortRequest.of(arguments[1], List.of("serve")));
        System.out.println(resolution.port().orElseThrow());
    }
}
