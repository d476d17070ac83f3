package dev.tetra.examples.args;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in our words: the one place that knows what picocli throws. */
final class Complaint {
    private final String command;
    private final Verb verb;
    private final List<String> line;

    private Complaint(String command, Verb verb, List<String> line) {
        this.command = command;
        this.verb = verb;
        this.line = line;
    }

    /**
     * The sentence for somebody who typed that line.
     *
     * @param command what they typed before it: {@code tsm list}
     */
    static String of(String command, Verb verb, List<String> line, ParameterException wrong) {
        String sentence = new Complaint(command, verb, line).sentence(wrong);
        return sentence + (sentence.endsWith("?") ? " " : "; ") + command + " --help shows how";
    }

    private String sentence(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            return word.startsWith("-") && word.length() > 1 ? unknown(word) : surplus(word);
        }
        if (wrong instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " is there twice; once is enough";
        }
        Optional<OptionSpec> option = option(wrong);
        if (option.isPresent() && option.get().arity().max() > 0) {
            String name = name(option.get());
            return name + " needs a value: " + name + " " + option.get().paramLabel();
        }
        if (wrong instanceof MissingParameterException) {
            return verb.operands().few();
        }
        return inTheLine().orElseGet(() -> String.valueOf(wrong.getMessage()));
    }

    private static Optional<OptionSpec> option(ParameterException wrong) {
        ArgSpec argument = wrong.getArgSpec();
        if (argument == null
                && wrong instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            argument = missing.getMissing().get(0);
        }
        return argument instanceof OptionSpec option ? Optional.of(option) : Optional.empty();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private String unknown(String word) {
        List<String> names = new ArrayList<>();
        for (Option option : verb.options()) {
            names.add(option.key());
        }
        int equals = word.indexOf('=');
        String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
        Optional<String> nearest = name.startsWith("--") ? Nearest.of(name, names) : Optional.empty();
        return command + " has no option " + name
                + (nearest.isPresent() ? "; did you mean " + nearest.get() + "?" : "");
    }

    private String surplus(String word) {
        Operands operands = verb.operands();
        String shown = word.isEmpty() ? "''" : word;
        if (operands.most() > 0) {
            return command + " takes " + operands.label() + ", and " + shown + " is one word too many";
        }
        String sentence = command + " takes no words, and " + shown + " is one";
        return operands.surplus().isEmpty() || word.isEmpty()
                ? sentence
                : sentence + "; did you mean " + operands.surplus() + " " + shown + "?";
    }

    /** What picocli tells by its text alone: a flag with a value, a short form of more than one option. */
    private Optional<String> inTheLine() {
        for (String word : line) {
            int equals = word.indexOf('=');
            String name = equals > 0 ? word.substring(0, equals) : word;
            List<String> fitting = new ArrayList<>();
            boolean flag = false;
            for (Option option : verb.options()) {
                if (name.startsWith("--") && option.key().startsWith(name)) {
                    fitting.add(option.key());
                    flag = !option.takesValue();
                }
            }
            if (fitting.size() > 1 && !fitting.contains(name)) {
                return Optional.of(
                        name + " is short for " + fitting.size() + " options: " + String.join(", ", fitting));
            }
            if (fitting.size() == 1 && flag && equals > 0) {
                return Optional.of(fitting.get(0) + " takes no value");
            }
        }
        return Optional.empty();
    }
}
