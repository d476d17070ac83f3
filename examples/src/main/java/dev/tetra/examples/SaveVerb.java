package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.UsageException;
import dev.tetra.tsm.core.Inventory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code tsm save}: what is there now, as a service file. */
final class SaveVerb {
    private static final String STANDARD_OUTPUT = "-";

    private SaveVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        String word =
                arguments.words().isEmpty() ? "services.yml" : arguments.words().get(0);
        Optional<Path> file = word.equals(STANDARD_OUTPUT) ? Optional.empty() : Optional.of(target(word, console));
        if (file.isPresent() && Files.exists(file.get(), LinkOption.NOFOLLOW_LINKS) && !arguments.has(Verbs.FORCE)) {
            throw new ServiceException(
                    Reason.NAME_TAKEN, file.get() + " is there already; name another file, or say --force");
        }
        Inventory inventory = console.directory().read();
        if (inventory.services().isEmpty()) {
            throw new ServiceException(Reason.NOT_FOUND, "there are no services to save");
        }
        List<ServiceSpec> specs = new ArrayList<>();
        Map<String, List<String>> byHand = new LinkedHashMap<>();
        FiledSpecs filed = new FiledSpecs(inventory.services(), console);
        for (Service service : inventory.services()) {
            ServiceSpec spec = filed.spec(service);
            specs.add(spec);
            byHand.put(spec.name().orElseThrow(), filed.byHand(service, spec));
        }
        Path directory =
                file.isPresent() ? directory(file.get()) : console.caller().cwd();
        String text = ServiceFile.write(specs, directory, byHand);
        if (file.isPresent()) {
            WholeFile.write(file.get(), text, WholeFile.PRIVATE);
        }
        if (arguments.has(Verbs.JSON)) {
            json(file, text, byHand, console);
        } else if (file.isEmpty()) {
            console.out().text().append(text);
        } else {
            console.out().line("wrote " + count(specs.size()) + " to " + file.get());
            unknown(byHand, console);
        }
        return leftOut(inventory, console);
    }

    private static Path target(String word, Console console) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(".yml") && !lower.endsWith(".yaml")) {
            throw new UsageException(
                    "tsm save writes YAML, to a file that ends in .yml or .yaml, or to -; not " + word);
        }
        return ServiceFiles.path(word, console);
    }

    private static Path directory(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static String count(int services) {
        return services + (services == 1 ? " service" : " services");
    }

    private static void unknown(Map<String, List<String>> byHand, Console console) {
        for (Map.Entry<String, List<String>> names : byHand.entrySet()) {
            if (!names.getValue().isEmpty()) {
                console.out()
                        .line(names.getKey() + " was also given " + String.join(", ", names.getValue())
                                + ", whose values are not known; write them into it");
            }
        }
    }

    /** What cannot be read cannot be saved; the rest is. */
    private static int leftOut(Inventory inventory, Console console) {
        for (Inventory.Unreadable broken : inventory.unreadable()) {
            console.complain(broken.name() + " is left out: " + broken.file() + " cannot be read: " + broken.why());
        }
        return inventory.unreadable().isEmpty() ? Failure.OK : Failure.FAILED;
    }

    private static void json(Optional<Path> file, String text, Map<String, List<String>> byHand, Console console) {
        console.out().line(Json.text(json -> {
            json.writeStartObject();
            Json.writeNullable(json, "file", file.isPresent() ? file.get().toString() : null);
            json.writeStringField("text", text);
            json.writeArrayFieldStart("services");
            for (Map.Entry<String, List<String>> names : byHand.entrySet()) {
                json.writeStartObject();
                json.writeStringField("name", names.getKey());
                Json.writeStrings(json, "set_by_hand", names.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }
}
