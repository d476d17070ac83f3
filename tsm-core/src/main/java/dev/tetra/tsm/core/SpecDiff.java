package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.Fingerprints;
import dev.tetra.tsm.ports.PortSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What differs between a service as it was started last and a spec that is wanted. <em>Immutable.</em>
 *
 * @param differences in the order of the keys of a service file; none if it is as wanted
 */
public record SpecDiff(List<Difference> differences) {
    private static final String UNSET = "unset";

    /** What a running process was given when it was launched, and has until it is started again. */
    private static final List<String> OF_THE_PROCESS =
            List.of("command", "name", "cwd", "port", "env_file", "environment", "hooks.pre_start");

    public SpecDiff {
        differences = List.copyOf(differences);
    }

    /**
     * One difference.
     *
     * @param key of a service file: {@code command}, {@code restart.limit}, …
     * @param what for people: {@code a → b}; of variables their names alone, {@code +ADDED -REMOVED ~CHANGED}
     */
    public record Difference(String key, String what) {
        public Difference {
            requireNonNull(key, "key");
            requireNonNull(what, "what");
        }

        /** {@code KEY: WHAT}. */
        @Override
        public String toString() {
            return key + ": " + what;
        }
    }

    /**
     * What differs. Variables are compared by the fingerprints that the service has of those of its last start; a variable
     * that moved between the file and the spec, with the same value, is no difference.
     *
     * @param service as it is
     * @param wanted as it ought to be; without a name, any will do
     * @param fileVariables what the wanted spec's environment file sets now ({@link EnvFile#variables()}); none without one
     */
    public static SpecDiff between(Service service, ServiceSpec wanted, Map<String, String> fileVariables) {
        ServiceSpec is = service.spec();
        List<Difference> all = new ArrayList<>();
        if (wanted.name().isPresent()
                && !wanted.name().get().equals(service.name())
                && !wanted.name().get().equals(service.baseName())) {
            compare(all, "name", service.baseName(), wanted.name().get());
        }
        compare(all, "command", Words.join(is.command()), Words.join(wanted.command()));
        compare(all, "cwd", is.cwd(), wanted.cwd());
        compare(all, "port", text(is.port()), text(wanted.port()));
        compare(all, "env_file", text(is.envFile()), text(wanted.envFile()));
        environment(all, service, Fingerprints.own(wanted, fileVariables));
        compare(
                all,
                "hooks.pre_start",
                text(is.hooks().preStart()),
                text(wanted.hooks().preStart()));
        compare(
                all,
                "hooks.post_start",
                text(is.hooks().postStart()),
                text(wanted.hooks().postStart()));
        compare(
                all,
                "hooks.post_stop",
                text(is.hooks().postStop()),
                text(wanted.hooks().postStop()));
        restart(all, is.restart(), wanted.restart());
        compare(all, "stop.signal", is.stop().signal(), wanted.stop().signal());
        compare(all, "stop.grace", text(is.stop().grace()), text(wanted.stop().grace()));
        compare(
                all,
                "reload_signal",
                text(is.stop().reload()),
                text(wanted.stop().reload()));
        compare(all, "ready", ready(is.ready()), ready(wanted.ready()));
        compare(all, "liveness", liveness(is.liveness()), liveness(wanted.liveness()));
        compare(all, "depends_on", is.dependsOn(), wanted.dependsOn());
        compare(all, "parent", text(is.parent()), text(wanted.parent()));
        compare(all, "comm_type", text(is.commType()), text(wanted.commType()));
        compare(
                all,
                "logs.max_size",
                Amounts.text(is.logs().maxBytes()),
                Amounts.text(wanted.logs().maxBytes()));
        compare(
                all,
                "logs.max_age",
                text(is.logs().maxAge()),
                text(wanted.logs().maxAge()));
        compare(all, "logs.keep", is.logs().keep(), wanted.logs().keep());
        return new SpecDiff(all);
    }

    /**
     * The service that a spec stands for: the one of its full name, or else the only one that is so called without its port.
     *
     * @param wanted a spec with a name
     * @throws ServiceException {@code AMBIGUOUS}, if several are so called on different ports and the spec has none of them
     */
    public static Optional<Service> counterpart(ServiceSpec wanted, Collection<Service> services) {
        String name = wanted.name().orElseThrow(() -> new IllegalArgumentException("a spec without a name: " + wanted));
        boolean exact = wanted.port().isPresent() && wanted.port().get() instanceof PortSpec.Exact;
        String full = exact ? name + "-" + wanted.port().get() : name;
        List<Service> fitting = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (Service service : services) {
            if (service.name().equals(name) || service.name().equals(full)) {
                return Optional.of(service);
            }
            if (service.baseName().equals(name)) {
                fitting.add(service);
                names.append(names.length() == 0 ? "" : ", ").append(service.name());
            }
        }
        if (fitting.size() > 1) {
            throw new ServiceException(
                    Reason.AMBIGUOUS,
                    name + " fits " + fitting.size() + " services: " + names
                            + "; write the port of the one that is meant into its spec");
        }
        return fitting.isEmpty() ? Optional.empty() : Optional.of(fitting.get(0));
    }

    /**
     * The names of the variables that the service was started with and that its environment file does not give it: what
     * {@link ServiceFile#write} has no value for.
     *
     * @param fileVariables what the service's environment file sets now; none without one
     */
    public static List<String> setByHand(Service service, Map<String, String> fileVariables) {
        Fingerprints.Difference difference =
                Fingerprints.difference(Fingerprints.of(service.token(), fileVariables), service.variables());
        TreeSet<String> names = new TreeSet<>(difference.added());
        names.addAll(difference.changed());
        return List.copyOf(names);
    }

    /** Whether the service is as wanted. */
    public boolean isEmpty() {
        return differences.isEmpty();
    }

    /**
     * Whether a process that runs has to be started again to be as wanted. If not, only what the supervisor does with it
     * differs: how it is watched, restarted, stopped and ordered.
     */
    public boolean isOfTheProcess() {
        for (Difference difference : differences) {
            if (OF_THE_PROCESS.contains(difference.key())) {
                return true;
            }
        }
        return false;
    }

    /** All clauses: {@code command: a → b; environment: +A -B ~C}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Difference difference : differences) {
            text.append(text.length() == 0 ? "" : "; ").append(difference);
        }
        return text.toString();
    }

    private static void environment(List<Difference> all, Service service, Map<String, String> own) {
        Fingerprints.Difference difference =
                Fingerprints.difference(service.variables(), Fingerprints.of(service.token(), own));
        if (!difference.isEmpty()) {
            all.add(new Difference("environment", printable(difference.toString())));
        }
    }

    private static void restart(List<Difference> all, RestartPolicy is, RestartPolicy wanted) {
        compare(all, "restart.policy", is.mode().text(), wanted.mode().text());
        compare(all, "restart.done_codes", new TreeSet<>(is.doneCodes()), new TreeSet<>(wanted.doneCodes()));
        compare(all, "restart.min_uptime", text(is.minUptime()), text(wanted.minUptime()));
        compare(all, "restart.limit", is.limit(), wanted.limit());
        compare(all, "restart.first_delay", text(is.firstDelay()), text(wanted.firstDelay()));
        compare(all, "restart.longest_delay", text(is.longestDelay()), text(wanted.longestDelay()));
    }

    private static String ready(Optional<Readiness> ready) {
        return ready.map(it -> it.probe().text() + " within " + text(it.timeout()))
                .orElse(UNSET);
    }

    private static String liveness(Optional<Liveness> liveness) {
        return liveness.map(it -> it.probe().text() + " every " + text(it.period()) + " within " + text(it.timeout())
                        + ", " + it.threshold() + " times")
                .orElse(UNSET);
    }

    private static String text(Optional<?> value) {
        return value.isPresent() ? value.get().toString() : UNSET;
    }

    private static String text(Duration duration) {
        return Amounts.text(duration);
    }

    private static void compare(List<Difference> all, String key, Object is, Object wanted) {
        if (!is.equals(wanted)) {
            all.add(new Difference(key, printable(is + " → " + wanted)));
        }
    }

    /** On one line, without what a terminal would obey. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            printable.append(c == '\n' ? "\\n" : Character.isISOControl(c) ? "?" : Character.toString(c));
        }
        return printable.toString();
    }
}
