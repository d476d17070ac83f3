package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.StartOrder;
import dev.tetra.tsm.core.internal.file.OrderCheck;
import dev.tetra.tsm.core.internal.file.SpecReader;
import dev.tetra.tsm.core.internal.file.SpecWriter;
import dev.tetra.tsm.core.internal.file.TextFile;
import dev.tetra.tsm.core.internal.file.TsmReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A file that describes services: one or many in {@code .yaml}, {@code .yml} or {@code .json}, one in a {@code .tsm} file of the
 * original, which is parsed and never executed. docs/SERVICE_FILES.md describes the form. <em>Immutable.</em>
 *
 * <p>Nothing is started or looked up: a service file may name directories, commands and other services that are not there yet.
 * Only YAML needs {@code org.snakeyaml:snakeyaml-engine}, an optional dependency.
 */
public final class ServiceFile {
    private static final String SCHEMA = "service-file.schema.json";

    private final Path path;
    private final String title;
    private final List<ServiceSpec> services;
    private final OrderCheck order;

    private ServiceFile(Path path, String title, List<ServiceSpec> services, OrderCheck order) {
        this.path = path;
        this.title = title;
        this.services = List.copyOf(services);
        this.order = order;
    }

    /**
     * Reads a file in UTF-8 with at most 1 MiB. Its specs know that they are from there ({@link ServiceSpec#file()}).
     *
     * @param file a regular file, or a link to one; paths in it begin at the directory of this name
     * @param base what a {@code .tsm} file may refer to, usually the environment of the caller
     * @throws ServiceException {@code MISSING_FILE}, if the file is missing, no file or unreadable; {@code INVALID}, if it is not
     *     well formed, as {@link #parse} says
     */
    public static ServiceFile read(Path file, Map<String, String> base) {
        return read(file, file.toString(), base, Optional.empty());
    }

    /**
     * The same for people who named the file in their own way.
     *
     * @param title what messages about the file's text call it
     */
    public static ServiceFile read(Path file, String title, Map<String, String> base) {
        return read(file, title, base, Optional.empty());
    }

    /**
     * The same with its order checked: what {@link #starting} would refuse
     * is told together with all else that is wrong.
     *
     * @param present the services of the runtime directory, on which those of the file may depend too
     * @throws ServiceException as {@link #read(Path, Map)} and {@link #starting} do
     */
    public static ServiceFile read(Path file, String title, Map<String, String> base, Collection<Service> present) {
        ServiceFile read = read(file, title, base, Optional.of(List.copyOf(present)));
        read.order.check(read.services, present);
        return read;
    }

    private static ServiceFile read(
            Path file, String title, Map<String, String> base, Optional<Collection<Service>> present) {
        form(file);
        ServiceFile read = parse(file, title, TextFile.read(file, title), base, present);
        List<ServiceSpec> services = new ArrayList<>();
        for (ServiceSpec spec : read.services) {
            services.add(spec.with().file(file).build());
        }
        return new ServiceFile(read.path, title, services, read.order);
    }

    /**
     * Reads a text as the file of that name would be.
     *
     * @param file whose ending says the form and whose directory paths begin at; the file itself is not looked at
     * @param text a byte order mark before it is passed over
     * @param base what a {@code .tsm} text may refer to
     * @throws ServiceException {@code INVALID}, if the text is not well formed: one sentence with file, line and column; further
     *     mistakes are its {@linkplain ServiceException#details() details}
     */
    public static ServiceFile parse(Path file, String text, Map<String, String> base) {
        return parse(file, file.toString(), text, base, Optional.empty());
    }

    private static ServiceFile parse(
            Path file, String name, String text, Map<String, String> base, Optional<Collection<Service>> present) {
        requireNonNull(base, "base");
        Form form = form(file);
        if (text.length() > TextFile.LIMIT) {
            throw new ServiceException(Reason.INVALID, name + " is larger than 1 MiB; no service file is");
        }
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (content.isBlank()) {
            throw new ServiceException(Reason.INVALID, name + " is empty; write the services into it");
        }
        Path directory = directory(file);
        OrderCheck order = new OrderCheck(name);
        return new ServiceFile(
                file.toAbsolutePath().normalize(),
                name,
                switch (form) {
                    case YAML -> yaml(name, content, directory, order, present);
                    case JSON -> SpecReader.json(name, content, directory, order, present);
                    case TSM -> List.of(TsmReader.read(name, content, stem(file), directory, base));
                },
                order);
    }

    private enum Form {
        YAML,
        JSON,
        TSM
    }

    private static Form form(Path file) {
        String name = fileName(file).toLowerCase(Locale.ROOT);
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return Form.YAML;
        }
        if (name.endsWith(".json")) {
            return Form.JSON;
        }
        if (name.endsWith(".tsm")) {
            return Form.TSM;
        }
        throw new ServiceException(
                Reason.INVALID, "not the name of a service file: " + file + "; it ends in .yaml, .yml, .json or .tsm");
    }

    private static List<ServiceSpec> yaml(
            String name, String text, Path directory, OrderCheck order, Optional<Collection<Service>> present) {
        try {
            return SpecReader.yaml(name, text, directory, order, present);
        } catch (NoClassDefFoundError missing) {
            throw new ServiceException(
                    Reason.INVALID,
                    name
                            + " needs the library org.snakeyaml:snakeyaml-engine, which this program was built without; add it,"
                            + " or write the file as JSON");
        }
    }

    private static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    private static String stem(Path file) {
        String name = fileName(file);
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static Path directory(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** Where it is: an absolute path. */
    public Path path() {
        return path;
    }

    /** The services in the order of the file, each with a name of its own. */
    public List<ServiceSpec> services() {
        return services;
    }

    /**
     * The services in the order in which they start beside those that are there: whatever comes first, first.
     *
     * @param present the services of the runtime directory, on which those of the file may depend too
     * @throws ServiceException {@code INVALID}, if they wait for each other in a circle or for one that is not there: one
     *     sentence with file, line and column; further mistakes are its details
     */
    public List<ServiceSpec> starting(Collection<Service> present) {
        order.check(services, present);
        List<ServiceSpec> ordered = new ArrayList<>();
        for (List<ServiceSpec> level : StartOrder.starting(services, present)) {
            ordered.addAll(level);
        }
        return ordered;
    }

    /**
     * The same file with some of its services: those that are named, and all of the file that comes before them.
     *
     * @param names with their port or without
     * @throws ServiceException {@code NOT_FOUND}, if the file has no service of a name
     */
    public ServiceFile choose(Collection<String> names) {
        return new ServiceFile(path, title, StartOrder.choose(services, names, title), order);
    }

    /**
     * A YAML text that {@link #parse} reads as these specs. What is as by default is left out, paths below the directory are
     * written from there on. Values of {@link ServiceSpec#environment()} are in it as they are: give specs without them where
     * nobody is to read them.
     *
     * @param specs each with a name of its own
     * @param directory an absolute path, where the file will be
     * @param setByHand for services by name, variables whose values are not known; they become a comment
     * @throws IllegalArgumentException if a spec has no name or that of another
     */
    public static String write(
            List<ServiceSpec> specs, Path directory, Map<String, ? extends Collection<String>> setByHand) {
        Map<String, ServiceSpec> named = new LinkedHashMap<>();
        for (ServiceSpec spec : specs) {
            String name = spec.name().orElseThrow(() -> new IllegalArgumentException("a spec without a name: " + spec));
            if (named.put(name, spec) != null) {
                throw new IllegalArgumentException("two specs are called " + name);
            }
        }
        return SpecWriter.yaml(named, directory.toAbsolutePath().normalize(), setByHand);
    }

    /** The JSON Schema (draft 2020-12) of the YAML and JSON forms, for editors. */
    public static String schema() {
        try (InputStream in = ServiceFile.class.getResourceAsStream(SCHEMA)) {
            return new String(requireNonNull(in, SCHEMA).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
