package dev.tetra.tsm.core.internal.file;

import java.util.List;

/** The keys of a service file; docs/schema/service-file.schema.json has the same, which a test holds. */
final class Keys {
    static final List<String> FILE = List.of("services");
    static final List<String> SERVICE = List.of(
            "command",
            "shell",
            "cwd",
            "port",
            "env_file",
            "environment",
            "hooks",
            "restart",
            "stop",
            "reload_signal",
            "ready",
            "liveness",
            "depends_on",
            "parent",
            "comm_type",
            "logs");
    static final List<String> HOOKS = List.of("pre_start", "post_start", "post_stop");
    static final List<String> RESTART =
            List.of("policy", "done_codes", "min_uptime", "limit", "first_delay", "longest_delay");
    static final List<String> STOP = List.of("signal", "grace");
    static final List<String> READY = List.of("probe", "timeout");
    static final List<String> LIVENESS = List.of("probe", "period", "timeout", "threshold");
    static final List<String> LOGS = List.of("max_size", "max_age", "keep");

    private Keys() {}
}
