package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Hooks;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.Words;
import dev.tetra.tsm.core.internal.CommTypes;
import dev.tetra.tsm.core.internal.ServiceNames;
import dev.tetra.tsm.core.internal.file.Node.Entry;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import dev.tetra.tsm.core.internal.file.Node.Sequence;
import dev.tetra.tsm.ports.PortSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes specs of the value that a YAML or JSON file is. <em>For one thread at a time.</em> */
public final class SpecReader {
    /** As words of a command they were meant for a shell. */
    private static final List<String> SHELL_WORDS =
            List.of("|", "||", "&&", ";", "&", ">", ">>", "<", "2>", "2>&1", "&>");

    private final Problems problems;
    private final OrderCheck order;
    private final Path directory;

    private SpecReader(Problems problems, OrderCheck order, Path directory) {
        this.problems = problems;
        this.order = order;
        this.directory = directory;
    }

    /**
     * The services of a YAML text, in its order.
     *
     * @param file what messages call the text
     * @param directory what paths in it begin at
     * @param order is told who waits for whom
     * @param present the services of the runtime directory, if the order is to be checked as well
     * @throws ServiceException with all that is wrong
     * @throws NoClassDefFoundError without the YAML library
     */
    public static List<ServiceSpec> yaml(
            String file, String text, Path directory, OrderCheck order, Optional<Collection<Service>> present) {
        Problems problems = new Problems(file);
        return new SpecReader(problems, order, directory).services(YamlTree.read(text, problems), present);
    }

    /** The services of a JSON text, as {@link #yaml}. */
    public static List<ServiceSpec> json(
            String file, String text, Path directory, OrderCheck order, Optional<Collection<Service>> present) {
        Problems problems = new Problems(file);
        return new SpecReader(problems, order, directory).services(JsonTree.read(text, problems), present);
    }

    private List<ServiceSpec> services(Node root, Optional<Collection<Service>> present) {
        List<ServiceSpec> specs = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Section.of(root, "the file", Keys.FILE, problems).ifPresent(file -> {
            Node services = file.node("services");
            boolean none = services == null
                    || (services instanceof Node.Mapping map && map.entries().isEmpty())
                    || (services instanceof Node.Scalar scalar && scalar.type() == Node.Scalar.Type.NOTHING);
            if (services == null || none) {
                file.missing(" has no services; write services: and below it one name for each");
                return;
            }
            List<Entry> entries = Section.entries(services, "services", problems);
            for (Entry entry : entries) {
                names.add(entry.key().text());
                service(entry).ifPresent(specs::add);
            }
        });
        present.ifPresent(services -> order.addTo(problems, specs, names, services));
        problems.throwAny();
        return List.copyOf(specs);
    }

    private Optional<ServiceSpec> service(Entry entry) {
        String name = entry.key().text();
        checkName(name, entry.key().mark(), "");
        return Section.of(entry.value(), "service " + name, Keys.SERVICE, problems)
                .map(section -> spec(name, section));
    }

    private void checkName(String name, Mark mark, String where) {
        try {
            ServiceNames.check(name);
        } catch (ServiceException wrong) {
            problems.add(mark, where + wrong.getMessage());
        }
    }

    private ServiceSpec spec(String name, Section section) {
        ServiceSpec.Builder spec =
                ServiceSpec.command(command(section)).name(name).cwd(directory);
        section.read("cwd", this::path).ifPresent(spec::cwd);
        section.read("port", PortSpec::parse).ifPresent(spec::port);
        section.read("env_file", this::path).ifPresent(spec::envFile);
        spec.environment(environment(section));
        section.section("hooks", Keys.HOOKS).ifPresent(hooks -> spec.hooks(hooks(hooks)));
        PolicyReader policies = new PolicyReader(problems);
        spec.restart(policies.restart(section)).stop(stop(section));
        policies.ready(section).ifPresent(spec::ready);
        policies.liveness(section).ifPresent(spec::liveness);
        spec.dependsOn(dependsOn(name, section)).logs(policies.logs(section));
        section.read("parent", SpecReader::serviceName).ifPresent(parent -> {
            spec.parent(parent);
            refer(name, parent, section.node("parent"));
        });
        section.read("comm_type", CommTypes::check).ifPresent(spec::commType);
        return spec.build();
    }

    private List<String> command(Section section) {
        Node words = section.node("command");
        Node shell = section.node("shell");
        if (words != null && shell != null) {
            problems.add(shell.mark(), section.title("shell") + " beside a command; a service has one of the two");
        }
        if (words == null && shell == null) {
            section.missing(" has neither command nor shell; write what it runs");
        }
        if (shell != null) {
            return section.read("shell", SpecReader::filled)
                    .map(line -> List.of("bash", "-c", line))
                    .orElse(List.of());
        }
        return words == null ? List.of() : command(words, section);
    }

    private List<String> command(Node node, Section section) {
        String title = section.title("command");
        List<String> words = section.words(node, title, SpecReader::program);
        if (node instanceof Sequence list
                && (list.items().isEmpty() || (!words.isEmpty() && words.get(0).isBlank()))) {
            problems.add(node.mark(), title + " is empty; write the program to run and its arguments");
        }
        return words;
    }

    private static List<String> program(String line) {
        List<String> words = Words.split(line);
        if (words.isEmpty() || words.get(0).isBlank()) {
            throw new IllegalArgumentException("nothing to run; write the program and its arguments");
        }
        for (String word : line.strip().split("\\s+", -1)) {
            if (SHELL_WORDS.contains(word) && words.contains(word)) {
                throw new IllegalArgumentException("no shell reads a command, and " + word
                        + " is for one; write shell: instead of command:, or quotes around it");
            }
        }
        return words;
    }

    private Path path(String text) {
        if (filled(text).equals("~") || text.startsWith("~/")) {
            throw new IllegalArgumentException(
                    "no shell reads " + text + "; write the path in full, or from the file's directory on");
        }
        Path path = directory.resolve(text);
        // What .. means behind a link only the system knows.
        return text.contains("..") ? path : path.normalize();
    }

    private Map<String, String> environment(Section section) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Entry entry : section.entries("environment")) {
            String name = entry.key().text();
            String title = name + " of " + section.title("environment");
            if (!isVariable(name)) {
                problems.add(
                        entry.key().mark(),
                        title + ": not a variable name; a name is of letters, digits and _, and begins with no digit");
            }
            section.read(entry.value(), title, Function.identity()).ifPresent(value -> environment.put(name, value));
        }
        return environment;
    }

    static boolean isVariable(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static Hooks hooks(Section hooks) {
        return new Hooks(
                hooks.read("pre_start", SpecReader::filled),
                hooks.read("post_start", SpecReader::filled),
                hooks.read("post_stop", SpecReader::filled));
    }

    private static StopPolicy stop(Section section) {
        StopPolicy policy =
                section.section("stop", Keys.STOP).map(PolicyReader::stop).orElse(StopPolicy.DEFAULT);
        return section.with(
                "reload_signal",
                policy,
                (stop, text) -> new StopPolicy(stop.signal(), stop.grace(), Optional.of(UnixSignal.parse(text))));
    }

    private void refer(String waiting, String first, @Nullable Node node) {
        order.refer(waiting, first, node == null ? Mark.NOWHERE : node.mark());
    }

    private List<Dependency> dependsOn(String waiting, Section section) {
        Node node = section.node("depends_on");
        List<Dependency> first = new ArrayList<>();
        if (node == null) {
            return first;
        }
        String title = section.title("depends_on");
        if (node instanceof Sequence list) {
            for (Node item : list.items()) {
                section.read(item, title, SpecReader::dependency).ifPresent(dependency -> {
                    first.add(dependency);
                    refer(waiting, dependency.service(), item);
                });
            }
        } else if (node instanceof Node.Mapping) {
            for (Entry entry : Section.entries(node, title, problems)) {
                String service = entry.key().text();
                checkName(service, entry.key().mark(), title + ": ");
                section.read(entry.value(), service + " of " + title, Dependency.Condition::parse)
                        .filter(condition -> !service.isEmpty())
                        .ifPresent(condition -> {
                            first.add(new Dependency(service, condition));
                            refer(waiting, service, entry.key());
                        });
            }
        } else {
            problems.add(node.mark(), title + " is " + node.kind() + "; write a list: [db, \"migrate:completed\"]");
        }
        return first;
    }

    private static Dependency dependency(String text) {
        Dependency dependency = Dependency.parse(text);
        ServiceNames.check(dependency.service());
        return dependency;
    }

    private static String serviceName(String text) {
        ServiceNames.check(text);
        return text;
    }

    private static String filled(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty; give a value, or leave the key out");
        }
        return text;
    }
}
