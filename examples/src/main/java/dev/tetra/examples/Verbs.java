package dev.tetra.examples;

import dev.tetra.examples.args.Operands;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.Verb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that the command understands, said once: the readers and the help texts are made from it. */
final class Verbs {
    static final Option HELP = Option.flag("Show this help.", "-h", "--help");
    static final Option JSON = Option.flag("Print JSON (docs/JSON.md).", "--json");

    static final Option NAME =
            Option.value("NAME", "The service's name; its port is added: web becomes web-8000.", "--name");
    static final Option PORT = Option.value(
            "N|N+|none",
            "This port; the first free one from N on; or no port. Without it the ladder decides. $PORT or {port} in a word of the command stands for it.",
            "--port");
    static final Option ENV =
            Option.value("FILE", "Variables for the service: K=V lines, quotes, ${OTHER}; never executed.", "--env");
    static final Option PRE_HOOK = Option.value(
            "HOOK", "Runs first: a file, a name in $TETRA_DIR/tsm/hooks, sh:TEXT or bash:TEXT.", "--pre-hook");
    static final Option CWD = Option.value("DIR", "Where it runs; without it, here.", "--cwd");
    static final Option DRY_RUN = Option.flag("Say what would be done, rung by rung, and do nothing.", "--dry-run");
    static final Option SETTLE =
            Option.value("TIME", "How long to watch that it stays up: 300ms (the default), 2s.", "--settle");
    static final Option NO_WAIT = Option.flag("Do not watch at all.", "--no-wait");
    static final Option SHELL = Option.flag("The one word after the options is a line for bash.", "--shell");
    static final Option GRACE =
            Option.value("TIME", "How long to wait between TERM and KILL: 5s (the default), 500ms.", "--grace");

    static final Option ID =
            Option.value("N", "The service with exactly this id.", "--id").repeated();
    static final Option PID = Option.value("N", "The service with exactly this process id.", "--pid")
            .repeated();
    static final Option EXACT_PORT =
            Option.value("N", "The service with exactly this port.", "--port").repeated();

    static final Option ALL = Option.flag("Also those that do not run, with how they ended.", "-a", "--all");
    static final Option LONG =
            Option.flag("Memory, processor time, directory, command and ports of each.", "-l", "--long");
    static final Option PORTS = Option.flag("The ports that each declares, and in which relation.", "-p", "--ports");

    static final Option FOLLOW = Option.flag("Go on with what is added, until Ctrl-C.", "-f", "--follow");
    static final Option LINES = Option.value("N", "The last N lines of each file (20 by default).", "-n", "--lines");
    static final Option OUT = Option.flag("Only standard output.", "--out");
    static final Option ERR = Option.flag("Only standard error.", "--err");

    private static final Operands SERVICES = Operands.words(
            "SERVICE",
            "A name (its port suffix or its end may be left off where that is clear), an id, a pid, a port, or '*' for all.",
            0,
            Integer.MAX_VALUE);

    static final Verb START = new Verb(
            "start",
            List.of(),
            "Starts a command as a service. One word that is the name of a service which does not run, and no option but how to wait, starts that one again.",
            Operands.command("COMMAND", "The command and its own options; options of tsm come before it."),
            List.of(NAME, PORT, ENV, PRE_HOOK, CWD, DRY_RUN, SETTLE, NO_WAIT, SHELL, JSON, HELP),
            List.of(
                    "tsm start --name web python3 -m http.server",
                    "tsm start node server.js 8080",
                    "tsm start --env dev.env app.sh",
                    "tsm start --dry-run --port 8000+ ./serve --verbose",
                    "tsm start --shell 'make && ./run'"));

    static final Verb STOP = new Verb(
            "stop",
            List.of(),
            "Stops services: TERM to all that belongs to them, KILL to what is left after the grace time.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, GRACE, JSON, HELP),
            List.of("tsm stop web", "tsm stop 8000", "tsm stop --grace 10s '*'"));

    static final Verb KILL = new Verb(
            "kill",
            List.of(),
            "Ends services by KILL, at once.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm kill web", "tsm kill --port 8000"));

    static final Verb DELETE = new Verb(
            "delete",
            List.of("del", "rm"),
            "Stops services and forgets them, logs included.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm delete web", "tsm delete --id 3 --id 4"));

    static final Verb RESTART = new Verb(
            "restart",
            List.of(),
            "Stops services and starts them again with the same id, name and port, and the environment of now.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, SETTLE, NO_WAIT, JSON, HELP),
            List.of("tsm restart web", "tsm restart --no-wait '*'"));

    static final Verb LIST = new Verb(
            "list",
            List.of("ls", "ps", "status"),
            "Lists the services that run.",
            Operands.NONE,
            List.of(ALL, LONG, PORTS, JSON, HELP),
            List.of("tsm list", "tsm list -a", "tsm list -p", "tsm list --json"));

    static final Verb INFO = new Verb(
            "info",
            List.of("show", "describe"),
            "Explains services: what runs, since when, with which port and why that one, and how it ended last time.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm info web", "tsm info --pid 4711"));

    static final Verb LOGS = new Verb(
            "logs",
            List.of("log"),
            "Shows what services wrote.",
            SERVICES,
            List.of(FOLLOW, LINES, OUT, ERR, ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm logs web", "tsm logs -f -n 100 web", "tsm logs --err '*'"));

    static final Verb MONIT = new Verb(
            "monit",
            List.of("top"),
            "Shows the services and the log of one of them, live; keys stop, start and restart. ? in it lists the keys.",
            Operands.NONE,
            List.of(HELP),
            List.of("tsm monit"));

    static final Verb OWNER = new Verb(
            "owner",
            List.of(),
            "Tells about the background process that watches the services, or ends it; services go on without it.",
            Operands.words("status|stop", "What to do.", 1, 1),
            List.of(JSON, HELP),
            List.of("tsm owner status", "tsm owner stop"));

    static final Verb HELP_VERB = new Verb(
            "help",
            List.of(),
            "Explains the command, or one verb.",
            Operands.words("VERB", "The verb to explain.", 0, 1),
            List.of(JSON, HELP),
            List.of("tsm help", "tsm help start"));

    static final Verb VERSION = new Verb(
            "version",
            List.of(),
            "Says which version this is.",
            Operands.NONE,
            List.of(JSON, HELP),
            List.of("tsm version"));

    /** All verbs, as the help lists them. */
    static final List<Verb> ALL_VERBS =
            List.of(START, STOP, KILL, DELETE, RESTART, LIST, INFO, LOGS, MONIT, OWNER, HELP_VERB, VERSION);

    private Verbs() {}

    /** The verb of that name or alias. */
    static @Nullable Verb find(String word) {
        for (Verb verb : ALL_VERBS) {
            if (verb.isCalled(word)) {
                return verb;
            }
        }
        return null;
    }
}
