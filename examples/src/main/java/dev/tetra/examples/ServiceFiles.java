package dev.tetra.examples;

import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.args.Verb;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.core.ServiceFile;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.SpecDiff;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The service file that a command line means. */
final class ServiceFiles {
    /** Looked for where none is named, the first that is there. */
    private static final List<String> USUAL = List.of("services.yml", "services.yaml", "services.json");

    private ServiceFiles() {}

    /**
     * The file of the first word, or else a usual one of the directory; of its services those that the other words name, with
     * whatever comes before them. A first word that cannot be a service file names a service of a usual one, if the verb
     * takes services at all.
     *
     * @param present the services that are there, if the file's order must be one that can be followed
     */
    static ServiceFile read(Verb verb, List<String> words, Optional<List<Service>> present, Console console) {
        List<String> chosen = chosen(words);
        boolean named = chosen.size() < words.size();
        if (verb.operands().most() == 1 && !named && !chosen.isEmpty()) {
            throw notOfOne(verb, chosen.get(0));
        }
        Path path = named ? path(words.get(0), console) : usual(chosen, console);
        Map<String, String> environment = console.caller().environment();
        String title = title(named ? words.get(0) : "", path, console);
        ServiceFile file = present.isEmpty()
                ? ServiceFile.read(path, title, environment)
                : ServiceFile.read(path, title, environment, present.get());
        return chosen.isEmpty() ? file : file.choose(chosen);
    }

    /** What a file is called in messages: as the caller did, or from here on. */
    private static String title(String word, Path path, Console console) {
        Path here = console.caller().cwd();
        if (!word.isEmpty() && !word.startsWith("/")) {
            return word;
        }
        return (path.startsWith(here) ? here.relativize(path) : path).toString();
    }

    /** The words that choose services of a file: all but one that is the file. */
    static List<String> chosen(List<String> words) {
        return !words.isEmpty() && isFile(words.get(0)) ? words.subList(1, words.size()) : words;
    }

    /** Whether a word is meant as a file: a directory that is called like a service is none. */
    private static boolean isFile(String word) {
        return hasEnding(word) || word.isEmpty() || word.indexOf('/') >= 0;
    }

    /** Whether a file of that name would be a service file. */
    static boolean hasEnding(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return lower.endsWith(".tsm") || lower.endsWith(".yml") || lower.endsWith(".yaml") || lower.endsWith(".json");
    }

    private static UsageException notOfOne(Verb verb, String word) {
        String instead = verb.equals(Verbs.DOWN) ? "tsm stop " : "tsm up ";
        return new UsageException("tsm " + verb.name() + " takes a service file, and " + word
                + " is none; did you mean " + instead + word + "?");
    }

    /** A path as the caller means it. */
    static Path path(String word, Console console) {
        if (word.isEmpty()) {
            throw new UsageException("an empty word names no file");
        }
        try {
            return console.resolve(word);
        } catch (InvalidPathException wrong) {
            throw new UsageException("not a path: " + wrong.getMessage());
        }
    }

    private static Path usual(List<String> chosen, Console console) {
        for (String name : USUAL) {
            Path path = console.resolve(name);
            if (Files.exists(path)) {
                return path;
            }
        }
        String none = "none of services.yml, services.yaml and services.json is in "
                + console.caller().cwd();
        if (!chosen.isEmpty()) {
            throw new UsageException(chosen.get(0) + " is no service file (.yml, .yaml, .json or .tsm), and " + none);
        }
        throw new ServiceException(Reason.MISSING_FILE, none + "; write one, or name another file");
    }

    /**
     * The specs of a file, as they are handed over. What is brought up at boot stays the service of the file that it came from
     * first: {@code tsm apply} of that one knows it.
     */
    static List<ServiceSpec> specs(ServiceFile file, List<Service> present, RuntimeDirectory directory) {
        if (!file.path().equals(directory.enabled())) {
            return file.services();
        }
        List<ServiceSpec> specs = new ArrayList<>();
        for (ServiceSpec spec : file.services()) {
            Optional<Path> before = Optional.empty();
            for (Service service : present) {
                if (SpecDiff.counterpart(spec, List.of(service)).isPresent()) {
                    before = before.isPresent() ? before : service.spec().file();
                }
            }
            specs.add(before.isPresent() ? spec.with().file(before.get()).build() : spec);
        }
        return specs;
    }

    /** The services that came from a file and are no longer in it. */
    static List<Service> gone(ServiceFile file, List<Service> present) {
        List<Service> gone = new ArrayList<>();
        for (Service service : present) {
            boolean there = !service.spec().file().equals(Optional.of(file.path()));
            for (ServiceSpec spec : file.services()) {
                there |= SpecDiff.counterpart(spec, List.of(service)).isPresent();
            }
            if (!there) {
                gone.add(service);
            }
        }
        return gone;
    }
}
