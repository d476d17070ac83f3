package dev.tetra.examples;

import dev.tetra.examples.args.ArgumentReader;
import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.PicocliReader;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.args.Verb;
import dev.tetra.examples.text.LogText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The {@code tsm} command.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 no such service, 64 the command line is wrong.
 */
public final class Tsm {
    private Tsm() {}

    /** Runs the command and exits with its exit code. */
    public static void main(String[] args) {
        System.exit(run(
                args,
                Caller.ofThisProcess(),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err)));
    }

    /**
     * Runs the command.
     *
     * @param stdout where its output goes, in UTF-8
     * @param stderr where complaints go, in UTF-8
     * @return its exit code
     */
    static int run(String[] args, Caller caller, OutputStream stdout, OutputStream stderr) {
        Console console = new Console(caller, new Output(stdout), new Output(stderr));
        List<String> line = Arrays.asList(args);
        int exitCode;
        try {
            exitCode = dispatch(line, console);
        } catch (OutputException closed) {
            return unwritable(closed, console, Failure.OK);
        } catch (Exception | LinkageError | StackOverflowError failed) {
            exitCode = report(failed, line, console);
        }
        try {
            console.flush();
        } catch (OutputException closed) {
            return unwritable(closed, console, exitCode);
        }
        return exitCode;
    }

    private static int dispatch(List<String> line, Console console) throws IOException, InterruptedException {
        if (line.isEmpty()) {
            return HelpVerb.all(console, false);
        }
        String word = line.get(0);
        if (word.equals("--help") || word.equals("-h")) {
            return HelpVerb.all(console, line.contains(Verbs.JSON.key()));
        }
        if (word.equals("--version") || word.equals("-V")) {
            return VersionVerb.run(console, line.contains(Verbs.JSON.key()));
        }
        Verb verb = Verbs.find(word);
        if (verb == null) {
            throw HelpVerb.unknown(word);
        }
        List<String> rest = line.subList(1, line.size());
        Optional<Arguments> ordinary = ArgumentReader.read(verb, rest);
        Arguments arguments = ordinary.isPresent() ? ordinary.get() : PicocliReader.read("tsm", verb, rest);
        if (arguments.has(Verbs.HELP)) {
            return HelpVerb.one(verb, console);
        }
        return run(verb, arguments, console);
    }

    private static int run(Verb verb, Arguments arguments, Console console) throws IOException, InterruptedException {
        return switch (verb.name()) {
            case "start" -> StartVerb.run(arguments, console);
            case "stop", "kill", "delete", "restart", "signal", "reload" -> ChangeVerbs.run(verb, arguments, console);
            case "up", "apply" -> UpVerb.run(verb, arguments, console);
            case "diff" -> DiffVerb.run(arguments, console);
            case "down" -> DownVerb.run(arguments, console);
            case "save" -> SaveVerb.run(arguments, console);
            case "enable", "disable" -> BootVerbs.run(verb, arguments, console);
            case "startup" -> StartupVerb.run(arguments, console);
            case "list" -> ListVerb.run(arguments, console);
            case "tree" -> TreeVerb.run(arguments, console);
            case "info" -> InfoVerb.run(arguments, console);
            case "logs" -> LogsVerb.run(arguments, console);
            case "send" -> SendVerb.run(arguments, console);
            case "why" -> WhyVerb.run(arguments, console);
            case "events" -> EventsVerb.run(arguments, console);
            case "metrics" -> MetricsVerb.run(arguments, console);
            case "monit" -> MonitVerb.run(console);
            case "owner" -> OwnerVerb.run(arguments, console);
            case "help" -> HelpVerb.run(arguments, console);
            case "version" -> VersionVerb.run(console, arguments.has(Verbs.JSON));
            default -> throw new UsageException("tsm " + verb.name() + " is not there yet");
        };
    }

    private static int report(Throwable failed, List<String> line, Console console) {
        if (failed instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Failure failure = Failure.of(failed);
        console.complain(failure.message());
        for (String detail : failure.details()) {
            console.detail(LogText.shown(detail));
        }
        if (wantsJson(line)) {
            console.out().line(Json.error(failure));
        }
        if (console.caller().variable("TSM_DEBUG").equals("1")) {
            StringWriter trace = new StringWriter();
            failed.printStackTrace(new PrintWriter(trace));
            console.detail(trace.toString());
        }
        return failure.exitCode();
    }

    /** Standard output is gone. A reader that had enough is no failure; a full disk is. */
    private static int unwritable(OutputException closed, Console console, int exitCode) {
        try {
            if (closed.isReaderGone()) {
                console.flushErrors();
                return exitCode;
            }
            console.complain("standard output cannot be written: " + closed.reason());
            console.flushErrors();
        } catch (OutputException nobodyListens) {
            return Failure.FAILED;
        }
        return Failure.FAILED;
    }

    /** For a command line that could not be understood as a whole. */
    private static boolean wantsJson(List<String> line) {
        int end = line.indexOf("--");
        return (end < 0 ? line : line.subList(0, end)).contains(Verbs.JSON.key());
    }
}
