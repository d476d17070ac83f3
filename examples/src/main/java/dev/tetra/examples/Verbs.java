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
    static final Option ENV = Option.value(
            "FILE", "Variables for the service: lines NAME=value, quotes, ${OTHER}; never executed.", "--env");
    static final Option PRE_HOOK = Option.value(
            "HOOK", "Runs first: a file, a name in $TETRA_DIR/tsm/hooks, sh:TEXT or bash:TEXT.", "--pre-hook");
    static final Option CWD = Option.value("DIR", "Where it runs; without it, here.", "--cwd");
    static final Option DRY_RUN = Option.flag("Say what would be done, rung by rung, and do nothing.", "--dry-run");
    static final Option SETTLE =
            Option.value("TIME", "How long to watch that it stays up: 300ms (the default), 2s.", "--settle");
    static final Option NO_WAIT = Option.flag("Do not watch at all.", "--no-wait");
    static final Option SHELL = Option.flag("The one word after the options is a line for bash.", "--shell");
    static final Option GRACE = Option.value(
            "TIME", "How long to wait between the stop signal and KILL: 5s (the default), 500ms.", "--grace");
    static final Option WAIT = Option.flag("Wait until it is ready, or has failed to be.", "--wait");

    static final Option RESTART_POLICY = Option.value(
            "always|on-failure|never", "When it is started again after it ended (on-failure by default).", "--restart");
    static final Option DONE_CODES =
            Option.value("N,N", "Exit codes that mean that it is done, beside 0.", "--done-codes");
    static final Option MIN_UPTIME = Option.value(
            "TIME", "A run of that length is healthy and followed by the next at once (1s).", "--min-uptime");
    static final Option MAX_RESTARTS = Option.value(
            "N", "After so many restarts in a row behind short runs it stays down (16).", "--max-restarts");
    static final Option STOP_SIGNAL = Option.value("SIGNAL", "What it gets when it is to end (TERM).", "--stop-signal");
    static final Option RELOAD_SIGNAL =
            Option.value("SIGNAL", "What tsm reload sends it, such as HUP.", "--reload-signal");
    static final Option READY = Option.value(
            "PROBE",
            "When it serves: port, http://HOST:{port}/PATH, tcp:HOST:PORT, log:REGEX, exec:COMMAND, notify or socket.",
            "--ready");
    static final Option READY_TIMEOUT =
            Option.value("TIME", "It has failed if it is not ready by then (30s).", "--ready-timeout");
    static final Option LIVENESS = Option.value(
            "PROBE", "Whether it still serves, asked again and again; a failure is like a crash.", "--liveness");
    static final Option LIVENESS_PERIOD = Option.value("TIME", "How often it is asked (10s).", "--liveness-period");
    static final Option LIVENESS_TIMEOUT =
            Option.value("TIME", "How long an answer may take (2s).", "--liveness-timeout");
    static final Option LIVENESS_FAILURES =
            Option.value("N", "How many failures in a row are too many (3).", "--liveness-failures");
    static final Option DEPENDS_ON = Option.value(
                    "SERVICE[:started|ready|completed]",
                    "What must come first, and how far (ready); started where it does not run.",
                    "--depends-on")
            .repeated();
    static final Option PARENT =
            Option.value("SERVICE", "The service it belongs to; it is stopped before that one.", "--parent");
    static final Option COMM_TYPE = Option.value(
            "TYPE",
            "How it talks to its parent: tcp, udp, socket, fifo, pipe, websocket, osc, pty, signals, shm or mqueue.",
            "--comm-type");
    static final Option POST_START = Option.value("HOOK", "Runs when it is ready; as --pre-hook.", "--post-start");
    static final Option POST_STOP = Option.value("HOOK", "Runs when it is gone; as --pre-hook.", "--post-stop");
    static final Option LOG_SIZE = Option.value(
            "SIZE", "A log of that size is cut, its old part kept beside it (32M; 0 for never).", "--log-size");
    static final Option LOG_AGE = Option.value("TIME", "So is a log of that age (never).", "--log-age");
    static final Option LOG_KEEP = Option.value("N", "How many old parts of each log are kept (5).", "--log-keep");

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
    static final Option TIMEOUT =
            Option.value("TIME", "How long to wait for the answer: 10s (the default), 500ms.", "--timeout");
    static final Option EVENTS = Option.value("N", "The last N events (20 by default).", "-n", "--lines");
    static final Option SINCE = Option.value(
            "TIME", "Only what is not older: 10m, 2h, 7d, 14:30, 2026-11-22 or 2026-11-22T14:30.", "--since");

    static final Option FORGET = Option.flag("Forget them too, logs included.", "--delete");
    static final Option FORCE = Option.flag("Replace a file that is there.", "--force");
    static final Option WRITE = Option.flag("Write it to where it belongs.", "--write");
    static final Option LAUNCHD = Option.flag("A plist for launchd of macOS, wherever this runs.", "--launchd");

    private static final String FILE =
            "A service file: .yml, .yaml, .json or .tsm; without it services.yml, services.yaml or services.json of this directory.";

    private static final Operands FILE_AND_SERVICES = Operands.any(
            "[FILE] [SERVICE…]", FILE + " Other words choose services of it, with whatever comes before those.");

    private static final Operands ONE_FILE = Operands.optional("[FILE]", FILE);

    private static final Operands SERVICES = Operands.any(
            "SERVICE…",
            "A name (its port suffix or its end may be left off where that is clear), an id, a pid, a port, or '*' for all.");

    private static final Operands ANY_SERVICES = Operands.any("[SERVICE…]", SERVICES.description());

    /** Of verbs that are about all services: whoever names one wants to be told about that one. */
    private static final Operands ALL_SERVICES = Operands.none("tsm info");

    static final Verb START = new Verb(
            "start",
            List.of(),
            "Starts a command as a service. One word that is the name of a service which does not run, and no option but how to wait, starts that one again; a service file is brought up.",
            Operands.command(
                    "COMMAND…",
                    "The command and its own options; options of tsm come before it.",
                    "start what? tsm start COMMAND, for example: tsm start python3 -m http.server"),
            List.of(
                    NAME,
                    PORT,
                    ENV,
                    CWD,
                    SHELL,
                    RESTART_POLICY,
                    DONE_CODES,
                    MIN_UPTIME,
                    MAX_RESTARTS,
                    STOP_SIGNAL,
                    GRACE,
                    RELOAD_SIGNAL,
                    READY,
                    READY_TIMEOUT,
                    LIVENESS,
                    LIVENESS_PERIOD,
                    LIVENESS_TIMEOUT,
                    LIVENESS_FAILURES,
                    DEPENDS_ON,
                    PARENT,
                    COMM_TYPE,
                    PRE_HOOK,
                    POST_START,
                    POST_STOP,
                    LOG_SIZE,
                    LOG_AGE,
                    LOG_KEEP,
                    WAIT,
                    SETTLE,
                    NO_WAIT,
                    DRY_RUN,
                    JSON,
                    HELP),
            List.of(
                    "tsm start --name web python3 -m http.server",
                    "tsm start node server.js 8080",
                    "tsm start --env dev.env app.sh",
                    "tsm start --ready port --wait --restart always node server.js 8080",
                    "tsm start --depends-on db:ready --reload-signal HUP ./api",
                    "tsm start --dry-run --port 8000+ ./serve --verbose",
                    "tsm start --shell 'make && ./run'",
                    "tsm start shop.tsm"));

    static final Verb STOP = new Verb(
            "stop",
            List.of(),
            "Stops services, children and dependants first: the stop signal to all that belongs to them, KILL to what is left after the grace time.",
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
            List.of(ID, PID, EXACT_PORT, WAIT, SETTLE, NO_WAIT, JSON, HELP),
            List.of("tsm restart web", "tsm restart --no-wait '*'"));

    static final Verb SIGNAL = new Verb(
            "signal",
            List.of(),
            "Sends a signal to each service's own process, not to what that started; the last word is its name or number.",
            Operands.words(
                    "SERVICE… SIGNAL",
                    "Services as for stop, then HUP, USR1, SIGTERM, 15, …",
                    1,
                    Integer.MAX_VALUE,
                    "which service, and which signal? For example: tsm signal web HUP"),
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm signal web HUP", "tsm signal web api USR1", "tsm signal --id 3 15"));

    static final Verb RELOAD = new Verb(
            "reload",
            List.of(),
            "Has services read their configuration again: by their reload signal, or RELOAD at the socket that they bind.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm reload web"));

    static final Verb TREE = new Verb(
            "tree",
            List.of(),
            "Shows which services belong to which.",
            ALL_SERVICES,
            List.of(JSON, HELP),
            List.of("tsm tree"));

    static final Verb UP = new Verb(
            "up",
            List.of(),
            "Makes the services of a file what it says: starts what does not run, replaces what would run otherwise, and leaves the rest alone.",
            FILE_AND_SERVICES,
            List.of(WAIT, SETTLE, NO_WAIT, JSON, HELP),
            List.of("tsm up", "tsm up services.yml web", "tsm up --wait shop.tsm"));

    static final Verb DIFF = new Verb(
            "diff",
            List.of(),
            "Says what up would do, and does nothing. The exit code is 0 if that is nothing. No value of a variable is shown.",
            FILE_AND_SERVICES,
            List.of(JSON, HELP),
            List.of("tsm diff", "tsm diff services.yml web"));

    static final Verb APPLY = new Verb(
            "apply",
            List.of(),
            "As up, and stops and deletes the services that came from this file and are no longer in it.",
            ONE_FILE,
            List.of(WAIT, SETTLE, NO_WAIT, JSON, HELP),
            List.of("tsm apply services.yml"));

    static final Verb DOWN = new Verb(
            "down",
            List.of(),
            "Stops the services of a file, in the reverse of the order in which they start.",
            ONE_FILE,
            List.of(FORGET, JSON, HELP),
            List.of("tsm down", "tsm down --delete services.yml"));

    static final Verb SAVE = new Verb(
            "save",
            List.of(),
            "Writes the services that are there to a service file. Of variables it has those of their own service files and the names of their environment files, and none that they inherited from whoever started them: A=1 tsm start … is not in it.",
            Operands.optional("[FILE]", "A file that ends in .yml or .yaml (services.yml), or - for standard output."),
            List.of(FORCE, JSON, HELP),
            List.of("tsm save", "tsm save --force shop.yml", "tsm save -"));

    static final Verb ENABLE = new Verb(
            "enable",
            List.of(),
            "Has services start at boot, as they are now, but without the variables that they inherited from whoever started them; tsm startup has the system do that.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm enable web db", "tsm enable '*'"));

    static final Verb DISABLE = new Verb(
            "disable",
            List.of(),
            "Has services no longer start at boot. Those that run go on.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm disable web"));

    static final Verb STARTUP = new Verb(
            "startup",
            List.of(),
            "Prints a user unit for systemd, or a plist for launchd, that brings up at boot what is enabled, and what to type next. Runs nothing.",
            Operands.NONE,
            List.of(WRITE, LAUNCHD, FORCE, JSON, HELP),
            List.of("tsm startup", "tsm startup --write"));

    static final Verb LIST = new Verb(
            "list",
            List.of("ls", "ps", "status"),
            "Lists the services that run.",
            ALL_SERVICES,
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
            "Shows what services wrote: out| is standard output, err| standard error, wrapper| what hooks wrote or what went wrong before a service ran. With the word clean before the services, empties their logs.",
            SERVICES,
            List.of(FOLLOW, LINES, SINCE, OUT, ERR, ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm logs web", "tsm logs -f -n 100 web", "tsm logs --since 10m --err '*'", "tsm logs clean web"));

    static final Verb SEND = new Verb(
            "send",
            List.of(),
            "Says a line to a service's control socket and prints the line that comes back.",
            Operands.words(
                    "SERVICE WORD…",
                    "The service, and what to say: STATUS, HEALTH, RELOAD or STOP; or anything, to a service that listens at $TSM_SOCKET_PATH itself.",
                    2,
                    Integer.MAX_VALUE,
                    "say what to which service? For example: tsm send web STATUS (or HEALTH, RELOAD, STOP)"),
            List.of(TIMEOUT, JSON, HELP),
            List.of("tsm send web STATUS", "tsm send web HEALTH", "tsm send --timeout 1s cache FLUSH sessions"));

    static final Verb WHY = new Verb(
            "why",
            List.of("explain"),
            "Tells the story of services: what is now and since when, how they ended and who ended them, what comes next. Also of deleted ones.",
            SERVICES,
            List.of(ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm why web", "tsm why 8000"));

    static final Verb EVENTS_VERB = new Verb(
            "events",
            List.of(),
            "Shows what happened: one line an event, the newest last. Without a service, of all.",
            ANY_SERVICES,
            List.of(FOLLOW, EVENTS, SINCE, ID, PID, EXACT_PORT, JSON, HELP),
            List.of("tsm events", "tsm events -f web", "tsm events --since 1h --json"));

    static final Verb METRICS = new Verb(
            "metrics",
            List.of(),
            "Prints metrics of all services for Prometheus. An owner that is brought up with TSM_METRICS_PORT=N serves them on 127.0.0.1:N/metrics.",
            Operands.NONE,
            List.of(JSON, HELP),
            List.of("tsm metrics"));

    static final Verb MONIT = new Verb(
            "monit",
            List.of("top"),
            "Shows the services and the log of one of them, live; keys stop, start and restart. ? in it lists the keys.",
            ALL_SERVICES,
            List.of(HELP),
            List.of("tsm monit"));

    static final Verb OWNER = new Verb(
            "owner",
            List.of(),
            "Tells about the background process that watches the services, brings it up, or ends it; services go on without it.",
            Operands.words("status|start|stop", "What to do.", 1, 1, "tsm owner status, start or stop?"),
            List.of(JSON, HELP),
            List.of("tsm owner status", "tsm owner start", "tsm owner stop"));

    static final Verb HELP_VERB = new Verb(
            "help",
            List.of(),
            "Explains the command, or one verb.",
            Operands.optional("[VERB]", "The verb to explain."),
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
    static final List<Verb> ALL_VERBS = List.of(
            START,
            STOP,
            KILL,
            DELETE,
            RESTART,
            SIGNAL,
            RELOAD,
            UP,
            DIFF,
            APPLY,
            DOWN,
            SAVE,
            ENABLE,
            DISABLE,
            STARTUP,
            LIST,
            TREE,
            INFO,
            LOGS,
            MONIT,
            WHY,
            EVENTS_VERB,
            SEND,
            METRICS,
            OWNER,
            HELP_VERB,
            VERSION);

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
