package dev.tetra.examples.args;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Picocli over the same table of verbs: the help texts, and the command lines that {@link ArgumentReader} leaves over. Its
 * classes take longer to load than a whole {@code tsm list}, so nothing else touches them.
 */
public final class PicocliReader {
    private static final int DEFAULT_COLUMNS = 80;

    private PicocliReader() {}

    /**
     * The command line of that verb.
     *
     * @throws UsageException if it cannot be understood
     */
    public static Arguments read(String command, Verb verb, List<String> line) {
        CommandLine commandLine = new CommandLine(spec(verb).name(command + " " + verb.name()));
        commandLine
                .setExpandAtFiles(false)
                .setAbbreviatedOptionsAllowed(line.stream().noneMatch(PicocliReader::confusesAbbreviations))
                .setOverwrittenOptionsAllowed(false)
                .setAllowOptionsAsOptionParameters(false)
                .setStopAtPositional(verb.operands().endOptions());
        try {
            return arguments(verb, commandLine.parseArgs(line.toArray(new String[0])));
        } catch (ParameterException wrong) {
            throw new UsageException(Complaint.of(command + " " + verb.name(), verb, line, wrong));
        }
    }

    /** Picocli 4.7.7 looks for abbreviations in words that have nothing to abbreviate, and fails on them. */
    private static boolean confusesAbbreviations(String word) {
        int dashes = 0;
        while (dashes < word.length() && word.charAt(dashes) == '-') {
            dashes++;
        }
        return dashes == word.length() ? !word.equals("--") : dashes > 0 && !Character.isLetter(word.charAt(dashes));
    }

    /** The help text of one verb. */
    public static String help(String command, Verb verb, boolean colour, int columns) {
        CommandSpec spec = spec(verb).name(command + " " + verb.name());
        return usage(spec, colour, columns);
    }

    /** The help text of the whole command. */
    public static String help(
            String command, String summary, List<Verb> verbs, String footer, boolean colour, int columns) {
        CommandSpec root = CommandSpec.create().name(command);
        root.usageMessage()
                .description(escape(summary))
                .customSynopsis(command + " VERB [options] …", command + " VERB --help")
                .commandListHeading("%n")
                .footerHeading("%n")
                .footer(escape(footer));
        for (Verb verb : verbs) {
            root.addSubcommand(verb.name(), spec(verb));
        }
        return usage(root, colour, columns);
    }

    private static String usage(CommandSpec spec, boolean colour, int columns) {
        spec.usageMessage().width(Math.max(55, columns > 0 ? Math.min(columns, 120) : DEFAULT_COLUMNS));
        // Else ${OTHER} in a text of ours would be looked up.
        CommandLine commandLine = new CommandLine(spec).setInterpolateVariables(false);
        return commandLine.getUsageMessage(colour ? Ansi.ON : Ansi.OFF);
    }

    private static CommandSpec spec(Verb verb) {
        CommandSpec spec = CommandSpec.create().aliases(verb.aliases().toArray(new String[0]));
        for (Option option : verb.options()) {
            spec.addOption(option(option));
        }
        Operands operands = verb.operands();
        if (operands.most() > 0) {
            boolean many = operands.most() == Integer.MAX_VALUE;
            spec.addPositional(PositionalParamSpec.builder()
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .index(many ? "0..*" : "0.." + (operands.most() - 1))
                    .arity(operands.least() + ".." + (many ? "*" : operands.most()))
                    .required(operands.least() > 0)
                    .paramLabel(operands.label())
                    .hideParamSyntax(true)
                    .description(escape(operands.description()))
                    .build());
        }
        List<String> footer = new ArrayList<>();
        for (String example : verb.examples()) {
            footer.add(escape("  " + example));
        }
        spec.usageMessage()
                .description(escape(verb.summary()))
                .sortOptions(false)
                .sortSynopsis(false)
                .parameterListHeading("%n")
                .optionListHeading("%n")
                .footerHeading("%nExamples:%n")
                .footer(footer.toArray(new String[0]));
        return spec;
    }

    private static OptionSpec option(Option option) {
        OptionSpec.Builder builder =
                OptionSpec.builder(option.names().toArray(new String[0])).description(escape(option.description()));
        if (option.key().equals("--help")) {
            builder.usageHelp(true);
        }
        if (!option.takesValue()) {
            return builder.type(boolean.class).arity("0").build();
        }
        builder.arity("1").paramLabel(option.label());
        return option.repeatable()
                ? builder.type(List.class).auxiliaryTypes(String.class).build()
                : builder.type(String.class).build();
    }

    private static Arguments arguments(Verb verb, ParseResult result) {
        Map<String, List<String>> options = new HashMap<>();
        for (Option option : verb.options()) {
            OptionSpec given = result.matchedOption(option.key());
            if (given != null) {
                options.put(option.key(), option.takesValue() ? List.copyOf(given.stringValues()) : List.of());
            }
        }
        // Picocli names the one positional once for each group of words that it took, always with all of them.
        List<String> words = result.matchedPositionals().isEmpty()
                ? List.of()
                : result.matchedPositionals().get(0).stringValues();
        return new Arguments(options, words);
    }

    /** Picocli formats its texts by {@code String.format}. */
    private static String escape(String text) {
        return text.replace("%", "%%");
    }
}
