package dev.tetra.examples.monit;

import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.ProcessIdentity;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.Status;
import dev.tetra.tsm.ports.ServiceType;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Things to look at. */
final class Some {
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 11, 22, 12, 0, 0);

    private Some() {}

    static Row row(int id, String name, Status status) {
        boolean runs = status.isRunning();
        return new Row(
                name,
                "token of " + name,
                OptionalInt.of(id),
                Optional.of(status),
                runs ? OptionalLong.of(4000 + id) : OptionalLong.empty(),
                "-",
                runs ? OptionalInt.of(id) : OptionalInt.empty(),
                runs ? OptionalLong.of(1_000_000L * id) : OptionalLong.empty(),
                runs ? OptionalLong.of(60L * id) : OptionalLong.empty(),
                0,
                runs ? "" : "exit code 3, 5s ago");
    }

    static Row unreadable(String name) {
        return new Row(
                name,
                "",
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                "-",
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                0,
                "there is no meta.json (/run/" + name + "/meta.json)");
    }

    static Look look(long seconds, Row... rows) {
        return look(seconds, List.of(rows));
    }

    static Look look(long seconds, List<Row> rows) {
        return new Look(
                "/home/user/tetra/tsm",
                OptionalLong.of(4000),
                rows,
                Optional.empty(),
                NOON.plusSeconds(seconds),
                seconds);
    }

    /** A log whose lines are numbered from 1 to the total. */
    static Log log(String service, int kept, int total) {
        List<LogLine> lines = new ArrayList<>();
        for (int i = Math.max(1, total - kept + 1); i <= total; i++) {
            lines.add(new LogLine(service, LogLine.Stream.OUT, "line " + i));
        }
        return new Log(service, total, lines, true);
    }

    /** A service that runs under that process id, or does not. */
    static Service service(String name, String token, OptionalLong pid) {
        Service.Launch launch = new Service.Launch(
                List.of("sleep", "600"), Optional.empty(), ProcessType.COMMAND, ServiceType.PID, List.of(), List.of());
        Service.Builder builder =
                Service.of(0, name, token, ServiceSpec.command("sleep", "600").build(), launch);
        if (pid.isPresent()) {
            ProcessIdentity identity = new ProcessIdentity("boot", pid.getAsLong(), 1);
            builder.status(Status.ONLINE, Optional.empty())
                    .run(new Service.Run(identity, Optional.empty()), Instant.EPOCH);
        }
        return builder.build();
    }
}
