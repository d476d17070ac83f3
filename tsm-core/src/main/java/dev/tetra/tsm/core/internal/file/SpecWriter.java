package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.StopPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes specs as the YAML that {@link SpecReader} reads. What is as by default is left out. Needs no YAML library. */
public final class SpecWriter {
    private final StringBuilder out = new StringBuilder("services:");
    private final Path directory;

    private SpecWriter(Path directory) {
        this.directory = directory;
    }

    /**
     * The text.
     *
     * @param specs by name
     * @param directory that of the file: paths in it are written from there on
     * @param setByHand for services by name, variables whose values are not known
     */
    public static String yaml(
            Map<String, ServiceSpec> specs, Path directory, Map<String, ? extends Collection<String>> setByHand) {
        SpecWriter writer = new SpecWriter(directory);
        writer.out.append(specs.isEmpty() ? " {}\n" : "\n");
        for (Map.Entry<String, ServiceSpec> spec : specs.entrySet()) {
            Collection<String> names = setByHand.get(spec.getKey());
            writer.service(spec.getKey(), spec.getValue(), names == null ? List.of() : names);
        }
        return writer.out.toString();
    }

    private void service(String name, ServiceSpec spec, Collection<String> setByHand) {
        out.append("  ").append(quoted(name)).append(":\n");
        List<String> command = spec.command();
        if (command.size() == 3
                && command.get(0).equals("bash")
                && command.get(1).equals("-c")
                && !command.get(2).isBlank()) {
            value("shell", command.get(2));
        } else {
            line("command", list(command));
        }
        if (!spec.cwd().equals(directory)) {
            value("cwd", path(spec.cwd()));
        }
        spec.port().ifPresent(port -> line("port", port.toString()));
        spec.envFile().ifPresent(file -> value("env_file", path(file)));
        environment(spec.environment(), setByHand);
        Fields hooks = new Fields();
        hooks.text("pre_start", spec.hooks().preStart());
        hooks.text("post_start", spec.hooks().postStart());
        hooks.text("post_stop", spec.hooks().postStop());
        map("hooks", hooks);
        restart(spec.restart());
        stop(spec.stop());
        spec.ready().ifPresent(this::ready);
        spec.liveness().ifPresent(this::liveness);
        dependsOn(spec.dependsOn());
        spec.parent().ifPresent(parent -> value("parent", parent));
        spec.commType().ifPresent(type -> value("comm_type", type));
        logs(spec.logs());
    }

    private void environment(Map<String, String> environment, Collection<String> setByHand) {
        if (!environment.isEmpty()) {
            out.append("    environment:\n");
            new TreeMap<>(environment)
                    .forEach((name, value) -> out.append("      ")
                            .append(quoted(name))
                            .append(": ")
                            .append(quoted(value))
                            .append('\n'));
        }
        if (!setByHand.isEmpty()) {
            List<String> names = new ArrayList<>();
            for (String name : new TreeSet<>(setByHand)) {
                // A comment ends with its line; what else a name could have in it is no name.
                names.add(SpecReader.isVariable(name) ? name : quoted(name));
            }
            out.append("    # set by hand: ").append(String.join(", ", names)).append('\n');
        }
    }

    private void restart(RestartPolicy policy) {
        RestartPolicy usual = RestartPolicy.DEFAULT;
        Fields fields = new Fields();
        if (!policy.doneCodes().isEmpty()) {
            fields.raw("done_codes", new TreeSet<>(policy.doneCodes()).toString());
        }
        fields.changed("min_uptime", Amounts.text(policy.minUptime()), Amounts.text(usual.minUptime()));
        fields.changed("limit", policy.limit() + "", usual.limit() + "");
        fields.changed("first_delay", Amounts.text(policy.firstDelay()), Amounts.text(usual.firstDelay()));
        fields.changed("longest_delay", Amounts.text(policy.longestDelay()), Amounts.text(usual.longestDelay()));
        if (fields.isEmpty() && policy.mode() != usual.mode()) {
            line("restart", policy.mode().text());
        } else {
            if (policy.mode() != usual.mode()) {
                fields.raw("policy", policy.mode().text());
            }
            map("restart", fields);
        }
    }

    private void stop(StopPolicy policy) {
        Fields fields = new Fields();
        fields.changed(
                "signal", policy.signal().name(), StopPolicy.DEFAULT.signal().name());
        fields.changed("grace", Amounts.text(policy.grace()), Amounts.text(StopPolicy.DEFAULT.grace()));
        map("stop", fields);
        policy.reload().ifPresent(signal -> line("reload_signal", signal.name()));
    }

    private void ready(Readiness ready) {
        Fields fields = new Fields();
        fields.raw("probe", quoted(ready.probe().text()));
        fields.changed("timeout", Amounts.text(ready.timeout()), Amounts.text(Readiness.DEFAULT_TIMEOUT));
        probed("ready", fields);
    }

    private void liveness(Liveness liveness) {
        Liveness usual = new Liveness(liveness.probe());
        Fields fields = new Fields();
        fields.raw("probe", quoted(liveness.probe().text()));
        fields.changed("period", Amounts.text(liveness.period()), Amounts.text(usual.period()));
        fields.changed("timeout", Amounts.text(liveness.timeout()), Amounts.text(usual.timeout()));
        fields.changed("threshold", liveness.threshold() + "", usual.threshold() + "");
        probed("liveness", fields);
    }

    /** The probe alone where the rest is as by default. */
    private void probed(String key, Fields fields) {
        if (fields.texts.size() == 1) {
            line(key, fields.texts.get(0).substring("probe: ".length()));
        } else {
            map(key, fields);
        }
    }

    private void dependsOn(List<Dependency> first) {
        List<String> texts = new ArrayList<>();
        for (Dependency dependency : first) {
            boolean usual = dependency.condition() == Dependency.Condition.READY;
            texts.add(usual && dependency.service().indexOf(':') < 0 ? dependency.service() : dependency.toString());
        }
        if (!texts.isEmpty()) {
            line("depends_on", list(texts));
        }
    }

    private void logs(LogPolicy policy) {
        LogPolicy usual = LogPolicy.DEFAULT;
        Fields fields = new Fields();
        fields.changed("max_size", Amounts.text(policy.maxBytes()), Amounts.text(usual.maxBytes()));
        fields.changed("max_age", Amounts.text(policy.maxAge()), Amounts.text(usual.maxAge()));
        fields.changed("keep", policy.keep() + "", usual.keep() + "");
        map("logs", fields);
    }

    private String path(Path path) {
        if (path.startsWith(directory)) {
            String text = directory.relativize(path).toString();
            // Alone, ~ would be somebody's home.
            return text.startsWith("~") ? "./" + text : text.isEmpty() ? "." : text;
        }
        return path.toString();
    }

    private void value(String key, String text) {
        line(key, quoted(text));
    }

    private void line(String key, String written) {
        out.append("    ").append(key).append(": ").append(written).append('\n');
    }

    private void map(String key, Fields fields) {
        if (!fields.isEmpty()) {
            line(key, "{" + String.join(", ", fields.texts) + "}");
        }
    }

    private static String list(List<String> texts) {
        List<String> quoted = new ArrayList<>();
        for (String text : texts) {
            quoted.add(quoted(text));
        }
        return "[" + String.join(", ", quoted) + "]";
    }

    /** The fields of a map on one line. */
    private static final class Fields {
        private final List<String> texts = new ArrayList<>();

        boolean isEmpty() {
            return texts.isEmpty();
        }

        void raw(String key, String written) {
            texts.add(key + ": " + written);
        }

        void text(String key, Optional<String> value) {
            value.ifPresent(text -> raw(key, quoted(text)));
        }

        void changed(String key, String written, String usual) {
            if (!written.equals(usual)) {
                raw(key, written);
            }
        }
    }

    /** A scalar that is read as this text anywhere: plain where it is plainly text, else in double quotes. */
    static String quoted(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    // Control characters, line ends of other alphabets, the byte order mark, and what is no character.
                    boolean hidden = Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || c >= '\uFEFF';
                    quoted.append(hidden ? "\\u" + hex(c) : Character.toString(c));
                }
            }
        }
        return quoted.append('"').toString();
    }

    private static String hex(char c) {
        String digits = Integer.toHexString(c);
        return "0".repeat(4 - digits.length()) + digits;
    }

    private static boolean isPlain(String text) {
        // Options: one or two dashes, then a letter.
        int begin = text.startsWith("--") ? 2 : text.startsWith("-") ? 1 : 0;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            boolean first = begin == 0 && (c == '/' || c == '.' || c == '_');
            boolean inside = (c >= '0' && c <= '9') || "/._-+@%=".indexOf(c) >= 0;
            if (!letter && !(i == begin ? first : inside)) {
                return false;
            }
        }
        return text.length() > begin && isText(text);
    }

    /** Neither a number nor a truth value nor nothing, in YAML 1.2 or in the 1.1 of many other readers. */
    private static boolean isText(String text) {
        char first = text.charAt(0);
        if (first == '.') {
            return text.equals(".") || text.equals("..") || text.startsWith("./") || text.startsWith("../");
        }
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "false", "null", "yes", "no", "on", "off", "y", "n" -> false;
            default -> true;
        };
    }
}
