package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code tsm startup}: has the system bring up at boot what is enabled. Prints or writes; runs nothing. */
final class StartupVerb {
    /** Names the system property by which the launcher says where it is. */
    static final String LAUNCHER = "tsm.launcher";

    /** What services and the launcher need and a session of systemd or launchd may not have. */
    private static final List<String> VARIABLES = List.of("PATH", "JAVA_HOME");

    private StartupVerb() {}

    static int run(Arguments arguments, Console console) throws IOException {
        boolean launchd = arguments.has(Verbs.LAUNCHD) || isMac();
        Path file = place(launchd, console.caller());
        Path enabled = console.directory().enabled();
        Map<String, String> variables = variables(console.caller());
        String text = launchd
                ? BootText.launchd(
                        command(),
                        variables,
                        enabled,
                        console.directory().root().resolve("startup.log"))
                : BootText.systemd(command(), variables, enabled);
        boolean write = arguments.has(Verbs.WRITE);
        if (write) {
            write(file, text, arguments.has(Verbs.FORCE));
        }
        List<String> next = next(launchd, file);
        if (arguments.has(Verbs.JSON)) {
            json(launchd, file, text, write, next, console);
        } else if (write) {
            console.out().line("wrote " + file + "; type next:");
            for (String command : next) {
                console.out().line("  " + command);
            }
        } else {
            console.out().text().append(text);
            console.complain("this belongs to " + file + ", where tsm startup --write puts it; type next:");
            for (String command : next) {
                console.detail(command);
            }
        }
        return Failure.OK;
    }

    static boolean isMac() {
        return System.getProperty("os.name", "").startsWith("Mac");
    }

    /** Where the system looks for it. */
    static Path place(boolean launchd, Caller caller) {
        if (launchd) {
            return caller.home().resolve("Library/LaunchAgents/" + BootText.LABEL + ".plist");
        }
        String config = caller.variable("XDG_CONFIG_HOME");
        // A relative path there counts for nothing (XDG Base Directory Specification).
        Path base = config.startsWith("/") ? Path.of(config) : caller.home().resolve(".config");
        return base.resolve("systemd/user/tsm.service");
    }

    /** The words that run this command again: its launcher, or else this JVM. */
    private static List<String> command() throws IOException {
        String launcher = System.getProperty(LAUNCHER, "");
        if (!launcher.isEmpty()) {
            return List.of(Path.of(launcher).toRealPath().toString());
        }
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            classPath.add(Path.of(entry).toAbsolutePath().toString());
        }
        return List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, classPath),
                Tsm.class.getName());
    }

    private static Map<String, String> variables(Caller caller) {
        Map<String, String> variables = new TreeMap<>();
        for (String name : VARIABLES) {
            if (!caller.variable(name).isEmpty()) {
                variables.put(name, caller.variable(name));
            }
        }
        String tetra = caller.variable("TETRA_DIR");
        if (!tetra.isEmpty()) {
            variables.put("TETRA_DIR", caller.cwd().resolve(tetra).normalize().toString());
        }
        return variables;
    }

    /** Replaces what this command wrote before, and nothing else without being told. */
    private static void write(Path file, String text, boolean force) throws IOException {
        if (!force && Files.exists(file) && !Files.readString(file).contains(BootText.MARK)) {
            throw new ServiceException(
                    Reason.NAME_TAKEN, file + " is there already, and not by tsm startup; --force replaces it");
        }
        Files.createDirectories(file.resolveSibling("."));
        WholeFile.write(file, text, WholeFile.PUBLIC);
    }

    private static List<String> next(boolean launchd, Path file) {
        return launchd
                ? List.of("launchctl bootstrap gui/$(id -u) " + PlanText.words(List.of(file.toString())))
                : List.of(
                        "systemctl --user daemon-reload",
                        "systemctl --user enable --now tsm.service",
                        "loginctl enable-linger");
    }

    private static void json(
            boolean launchd, Path file, String text, boolean written, List<String> next, Console console) {
        console.out().line(Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("kind", launchd ? "launchd" : "systemd");
            json.writeStringField("file", file.toString());
            json.writeBooleanField("written", written);
            json.writeStringField("text", text);
            Json.writeStrings(json, "next", next);
            json.writeEndObject();
        }));
    }
}
