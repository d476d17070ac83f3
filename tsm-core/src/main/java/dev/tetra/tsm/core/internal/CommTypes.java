package dev.tetra.tsm.core.internal;

import java.util.List;

/** How a service may talk to its parent: the kinds that the guide describes ("IPC Types Reference"), and pipes. */
public final class CommTypes {
    private static final List<String> ALL =
            List.of("tcp", "udp", "socket", "fifo", "pipe", "websocket", "osc", "pty", "signals", "shm", "mqueue");

    private CommTypes() {}

    /** The same word. @throws IllegalArgumentException if it is none of them */
    public static String check(String type) {
        if (!ALL.contains(type)) {
            throw new IllegalArgumentException(
                    "no way to talk is called " + type + "; there are " + String.join(", ", ALL));
        }
        return type;
    }
}
