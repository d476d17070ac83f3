package dev.tetra.tsm.core.internal.logs;

import java.nio.file.Path;
import java.time.Instant;

/** An owner of nothing but the logs of one service: cuts them without a pause, until it is killed. */
final class KeeperMain {
    private KeeperMain() {}

    public static void main(String[] args) throws Exception {
        LogBench bench = new LogBench(Path.of(args[0]), LogBench.size(Long.parseLong(args[1]), 10_000));
        Instant now = LogBench.START;
        while (true) {
            bench.round(now);
            now = now.plusSeconds(61);
        }
    }
}
