package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.ports.PortSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The options of {@code tsm start} that describe the service. */
final class SpecOptions {
    private static final List<Option> ALL = List.of(
            Verbs.NAME,
            Verbs.PORT,
            Verbs.ENV,
            Verbs.CWD,
            Verbs.SHELL,
            Verbs.RESTART_POLICY,
            Verbs.DONE_CODES,
            Verbs.MIN_UPTIME,
            Verbs.MAX_RESTARTS,
            Verbs.STOP_SIGNAL,
            Verbs.GRACE,
            Verbs.RELOAD_SIGNAL,
            Verbs.READY,
            Verbs.READY_TIMEOUT,
            Verbs.LIVENESS,
            Verbs.LIVENESS_PERIOD,
            Verbs.LIVENESS_TIMEOUT,
            Verbs.LIVENESS_FAILURES,
            Verbs.DEPENDS_ON,
            Verbs.PARENT,
            Verbs.COMM_TYPE,
            Verbs.PRE_HOOK,
            Verbs.POST_START,
            Verbs.POST_STOP,
            Verbs.LOG_SIZE,
            Verbs.LOG_AGE,
            Verbs.LOG_KEEP);

    private SpecOptions() {}

    /** Whether there is one of them. */
    static boolean any(Arguments arguments) {
        for (Option option : ALL) {
            if (arguments.has(option)) {
                return true;
            }
        }
        return false;
    }

    /** The spec that a command line describes. */
    static ServiceSpec spec(Arguments arguments, Console console) {
        ServiceSpec.Builder spec = ServiceSpec.command(command(arguments))
                .cwd(path(arguments, Verbs.CWD, console).orElse(console.caller().cwd()));
        Optional<String> name = arguments.value(Verbs.NAME);
        if (name.isPresent()) {
            spec.name(name.get());
        }
        Optional<String> port = arguments.value(Verbs.PORT);
        if (port.isPresent()) {
            spec.port(parsed(Verbs.PORT, port.get(), PortSpec::parse));
        }
        Optional<Path> envFile = path(arguments, Verbs.ENV, console);
        if (envFile.isPresent()) {
            spec.envFile(envFile.get());
        }
        if (any(arguments)) {
            policies(arguments, spec);
        }
        return spec.build();
    }

    private static List<String> command(Arguments arguments) {
        List<String> command = arguments.words();
        if (arguments.has(Verbs.SHELL)) {
            if (command.size() != 1) {
                throw new UsageException("--shell takes one word; put the whole line into quotes");
            }
            return List.of("bash", "-c", command.get(0));
        }
        if (command.get(0).isEmpty()) {
            throw new UsageException("the command is an empty word");
        }
        return command;
    }

    private static void policies(Arguments arguments, ServiceSpec.Builder spec) {
        spec.hooks(new Hooks(
                arguments.value(Verbs.PRE_HOOK), arguments.value(Verbs.POST_START), arguments.value(Verbs.POST_STOP)));
        spec.restart(restart(arguments));
        spec.stop(stop(arguments));
        ready(arguments, spec);
        liveness(arguments, spec);
        List<Dependency> first = new ArrayList<>();
        for (String dependency : arguments.values(Verbs.DEPENDS_ON)) {
            first.add(parsed(Verbs.DEPENDS_ON, dependency, Dependency::parse));
        }
        spec.dependsOn(first);
        Optional<String> parent = arguments.value(Verbs.PARENT);
        if (parent.isPresent()) {
            spec.parent(parent.get());
        }
        Optional<String> commType = arguments.value(Verbs.COMM_TYPE);
        if (commType.isPresent()) {
            if (parent.isEmpty()) {
                throw new UsageException("--comm-type says how a service talks to its --parent, and there is none");
            }
            parsed(Verbs.COMM_TYPE, commType.get(), spec::commType);
        }
        LogPolicy usual = LogPolicy.DEFAULT;
        Optional<String> size = arguments.value(Verbs.LOG_SIZE);
        spec.logs(new LogPolicy(
                size.isPresent() ? parsed(Verbs.LOG_SIZE, size.get(), Amounts::bytes) : usual.maxBytes(),
                Times.duration(arguments, Verbs.LOG_AGE, usual.maxAge()),
                count(arguments, Verbs.LOG_KEEP, usual.keep())));
    }

    private static RestartPolicy restart(Arguments arguments) {
        RestartPolicy policy = RestartPolicy.DEFAULT
                .withMinUptime(Times.duration(arguments, Verbs.MIN_UPTIME, RestartPolicy.DEFAULT.minUptime()))
                .withLimit(count(arguments, Verbs.MAX_RESTARTS, RestartPolicy.DEFAULT.limit()));
        Optional<String> mode = arguments.value(Verbs.RESTART_POLICY);
        if (mode.isPresent()) {
            policy = policy.withMode(parsed(Verbs.RESTART_POLICY, mode.get(), RestartPolicy.Mode::parse));
        }
        Optional<String> codes = arguments.value(Verbs.DONE_CODES);
        return codes.isPresent() ? policy.withDoneCodes(codes(codes.get())) : policy;
    }

    private static Set<Integer> codes(String text) {
        Set<Integer> codes = new TreeSet<>();
        for (String code : text.split(",", -1)) {
            int number = number(Verbs.DONE_CODES, code.strip());
            if (number > 255) {
                throw new UsageException("--done-codes: an exit code is 0 to 255, not " + number);
            }
            codes.add(number);
        }
        return codes;
    }

    private static StopPolicy stop(Arguments arguments) {
        StopPolicy usual = StopPolicy.DEFAULT;
        Optional<String> signal = arguments.value(Verbs.STOP_SIGNAL);
        Optional<String> reload = arguments.value(Verbs.RELOAD_SIGNAL);
        return new StopPolicy(
                signal.isPresent() ? parsed(Verbs.STOP_SIGNAL, signal.get(), UnixSignal::parse) : usual.signal(),
                Times.duration(arguments, Verbs.GRACE, usual.grace()),
                reload.isPresent()
                        ? Optional.of(parsed(Verbs.RELOAD_SIGNAL, reload.get(), UnixSignal::parse))
                        : Optional.empty());
    }

    private static void ready(Arguments arguments, ServiceSpec.Builder spec) {
        Optional<String> probe = arguments.value(Verbs.READY);
        if (probe.isPresent()) {
            Probe question = parsed(Verbs.READY, probe.get(), Probe::parse);
            Duration timeout = Times.duration(arguments, Verbs.READY_TIMEOUT, Readiness.DEFAULT_TIMEOUT);
            spec.ready(parsed(Verbs.READY_TIMEOUT, "", nothing -> new Readiness(question, timeout)));
        } else if (arguments.has(Verbs.READY_TIMEOUT)) {
            throw new UsageException("--ready-timeout needs --ready, which says what is waited for");
        }
    }

    private static void liveness(Arguments arguments, ServiceSpec.Builder spec) {
        Optional<String> probe = arguments.value(Verbs.LIVENESS);
        if (probe.isPresent()) {
            Liveness usual = new Liveness(parsed(Verbs.LIVENESS, probe.get(), Probe::parse));
            spec.liveness(parsed(
                    Verbs.LIVENESS,
                    "",
                    nothing -> new Liveness(
                            usual.probe(),
                            Times.duration(arguments, Verbs.LIVENESS_PERIOD, usual.period()),
                            Times.duration(arguments, Verbs.LIVENESS_TIMEOUT, usual.timeout()),
                            count(arguments, Verbs.LIVENESS_FAILURES, usual.threshold()))));
            return;
        }
        for (Option option : List.of(Verbs.LIVENESS_PERIOD, Verbs.LIVENESS_TIMEOUT, Verbs.LIVENESS_FAILURES)) {
            if (arguments.has(option)) {
                throw new UsageException(option.key() + " needs --liveness, which says what is asked");
            }
        }
    }

    private interface Parser<T> {
        T parse(String text);
    }

    private static <T> T parsed(Option option, String text, Parser<T> parser) {
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(option.key() + ": " + wrong.getMessage());
        }
    }

    private static int count(Arguments arguments, Option option, int otherwise) {
        Optional<String> text = arguments.value(option);
        return text.isPresent() ? number(option, text.get()) : otherwise;
    }

    private static int number(Option option, String text) {
        boolean digits = !text.isEmpty() && text.length() < 10;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw new UsageException(option.key() + " takes a number, not " + text);
        }
        return Integer.parseInt(text);
    }

    private static Optional<Path> path(Arguments arguments, Option option, Console console) {
        Optional<String> text = arguments.value(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(console.resolve(text.get()));
        } catch (InvalidPathException wrong) {
            throw new UsageException(option.key() + " is not a path: " + wrong.getMessage());
        }
    }
}
