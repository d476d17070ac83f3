package dev.tetra.examples;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is brought up at boot: a service file, which a user may edit too. */
final class EnabledFile {
    private static final String HEAD =
            "# What is brought up at boot. tsm enable and tsm disable write this; tsm startup says who reads it.\n";

    /** A file lock holds off other JVMs; this holds off other threads of this one. */
    private static final Object CHANGING = new Object();

    private final Console console;
    private final Path path;

    EnabledFile(Console console) {
        this.console = console;
        this.path = console.directory().enabled();
    }

    /** Whether a service is among those names, with its port or without. */
    static boolean contains(Set<String> names, Service service) {
        return names.contains(service.name()) || names.contains(service.baseName());
    }

    /**
     * The names in it, found without a YAML library: the keys one step below {@code services:}, each on a line of its own, as
     * they are written here. None where there is no file that can be read; whoever brings it up says what is wrong with it.
     */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        try {
            String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
            int step = 0;
            boolean inside = false;
            for (String line : text.split("\n", -1)) {
                int indent = 0;
                while (indent < line.length() && line.charAt(indent) == ' ') {
                    indent++;
                }
                if (indent == line.length() || line.charAt(indent) == '#') {
                    continue;
                }
                if (indent == 0) {
                    inside = line.startsWith("services:");
                    step = 0;
                } else if (inside) {
                    step = step == 0 ? indent : step;
                    int colon = line.indexOf(':', indent);
                    if (indent == step && colon > 0) {
                        names.add(unquoted(line.substring(indent, colon).strip()));
                    }
                }
            }
        } catch (IOException none) {
            return names;
        }
        return names;
    }

    /** A service's name has nothing to escape. */
    private static String unquoted(String key) {
        boolean quoted = key.length() > 1 && (key.startsWith("\"") || key.startsWith("'"));
        return quoted ? key.substring(1, key.length() - 1) : key;
    }

    /** A change of what is in it. */
    interface Edit {
        /**
         * Makes the change.
         *
         * @param specs what is in it, by name; to be changed
         */
        void change(Map<String, ServiceSpec> specs) throws IOException;
    }

    /** Changes it, while nobody else does. A file without services is no file. */
    void change(List<Service> present, Edit edit) throws IOException {
        console.directory().create();
        synchronized (CHANGING) {
            try (FileChannel file = FileChannel.open(
                            console.directory().runtime().resolve("enabled.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                Map<String, ServiceSpec> specs = read();
                Map<String, ServiceSpec> before = new LinkedHashMap<>(specs);
                edit.change(specs);
                if (!specs.equals(before) && lock.isValid()) {
                    write(specs, present);
                }
            }
        }
    }

    private Map<String, ServiceSpec> read() {
        Map<String, ServiceSpec> specs = new LinkedHashMap<>();
        if (Files.exists(path)) {
            for (ServiceSpec spec :
                    ServiceFile.read(path, console.caller().environment()).services()) {
                specs.put(spec.name().orElseThrow(), spec);
            }
        }
        return specs;
    }

    private void write(Map<String, ServiceSpec> specs, List<Service> present) throws IOException {
        if (specs.isEmpty()) {
            Files.deleteIfExists(path);
            return;
        }
        FiledSpecs filed = new FiledSpecs(present, console);
        Map<String, List<String>> byHand = new LinkedHashMap<>();
        for (Map.Entry<String, ServiceSpec> spec : specs.entrySet()) {
            Optional<Service> service = service(spec.getValue(), present);
            if (service.isPresent()) {
                byHand.put(spec.getKey(), filed.byHand(service.get(), spec.getValue()));
            }
        }
        String text = ServiceFile.write(
                new ArrayList<>(specs.values()), console.directory().root(), byHand);
        WholeFile.write(path, HEAD + text, WholeFile.PRIVATE);
    }

    private static Optional<Service> service(ServiceSpec spec, List<Service> present) {
        try {
            return SpecDiff.counterpart(spec, present);
        } catch (ServiceException several) {
            return Optional.empty();
        }
    }
}
