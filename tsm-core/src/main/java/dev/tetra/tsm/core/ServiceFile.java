package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.internal.StartOrder;
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
    private final List<ServiceSpec> services;

    private ServiceFile(Path path, List<ServiceSpec> services) {
        this.path = path;
        this.services = List.copyOf(services);
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
        form(file);
        ServiceFile read = parse(file, TextFile.read(file), base);
        List<ServiceSpec> services = new ArrayList<>();
        for (ServiceSpec spec : read.services) {
            services.add(spec.with().file(file).build());
        }
        return new ServiceFile(read.path, services);
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
        requireNonNull(base, "base");
        Form form = form(file);
        String name = file.toString();
        if (text.length() > TextFile.LIMIT) {
            throw new ServiceException(Reason.INVALID, name + " is larger than 1 MiB; no service file is");
        }
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (content.isBlank()) {
            throw new ServiceException(Reason.INVALID, name + " is empty; write the services into it");
        }
        Path directory = directory(file);
        return new ServiceFile(
                file.toAbsolutePath().normalize(),
                switch (form) {
                    case YAML -> yaml(name, content, directory);
                    case JSON -> SpecReader.json(name, content, directory);
                    case TSM -> List.of(TsmReader.read(name, content, stem(file), directory, base));
                });
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

    private static List<ServiceSpec> yaml(String name, String text, Path directory) {
        try {
            return SpecReader.yaml(name, text, directory);
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
     * @throws ServiceException {@code INVALID}, if they wait for each other in a circle or for one that is not there
     */
    public List<ServiceSpec> starting(Collection<Service> present) {
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
        return new ServiceFile(path, StartOrder.choose(services, names, path.toString()));
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
