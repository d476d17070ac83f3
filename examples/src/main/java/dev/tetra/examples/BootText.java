package dev.tetra.examples;

import dev.tetra.examples.args.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the system is told to do at boot: a unit of systemd (systemd.service(5)) or a job of launchd (launchd.plist(5)). */
final class BootText {
    /** In each text, by which it is known again. */
    static final String MARK = "Written by tsm startup";

    /** How launchd calls the job. */
    static final String LABEL = "dev.tetra.tsm";

    private BootText() {}

    /**
     * A user unit that brings up a service file once. What it starts is no part of it: a stop of the unit leaves it alone.
     *
     * @param command the words that run {@code tsm}
     * @param variables what they need, beside what systemd gives them
     * @param enabled the service file
     */
    static String systemd(List<String> command, Map<String, String> variables, Path enabled) {
        StringBuilder text = new StringBuilder(
                        "# " + MARK + ". tsm enable SERVICE and tsm disable SERVICE say what starts.\n")
                .append("[Unit]\nDescription=Services that tsm keeps running\n");
        if (isPlain(enabled.toString())) {
            text.append("ConditionPathExists=")
                    .append(enabled.toString().replace("%", "%%"))
                    .append('\n');
        }
        text.append("\n[Service]\nType=oneshot\nRemainAfterExit=yes\n");
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            text.append("Environment=")
                    .append(quoted(variable.getKey() + "=" + variable.getValue(), false))
                    .append('\n');
        }
        String words = words(command);
        String file = " " + quoted(enabled.toString(), true) + "\n";
        return text.append("ExecStart=")
                .append(words)
                .append(" up")
                .append(file)
                .append("# Services outlive this unit. To stop them with it, take the # off the next line:\n")
                .append("#ExecStop=")
                .append(words)
                .append(" down")
                .append(file)
                .append("KillMode=process\n\n[Install]\nWantedBy=default.target\n")
                .toString();
    }

    /** By way of env, since {@code $$} stands for a dollar sign in arguments, but not in the path of the program. */
    private static String words(List<String> command) {
        StringBuilder words = new StringBuilder("/usr/bin/env");
        for (String word : command) {
            words.append(' ').append(quoted(word, true));
        }
        return words.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** One word for systemd, whatever is in it (systemd.syntax(7), "Quoting"; specifiers; in command lines, dollar signs). */
    static String quoted(String word, boolean commandLine) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c == '%' || (c == '$' && commandLine)) {
                quoted.append(c).append(c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (c == '\t') {
                quoted.append("\\t");
            } else if (c < ' ' || c == 0x7f) {
                quoted.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /**
     * A launchd job that brings up a service file at login. What it starts stays when it ends.
     *
     * @param log where its complaints go
     */
    static String launchd(List<String> command, Map<String, String> variables, Path enabled, Path log) {
        StringBuilder text = new StringBuilder("""
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                """)
                .append("<!-- ")
                .append(MARK)
                .append(
                        ". tsm enable SERVICE and tsm disable SERVICE say what starts. -->\n<plist version=\"1.0\">\n<dict>\n");
        string(key(text, "Label", 2), LABEL, 2);
        key(text, "ProgramArguments", 2).append("  <array>\n");
        for (String word : command) {
            string(text, word, 4);
        }
        string(text, "up", 4);
        string(text, enabled.toString(), 4);
        text.append("  </array>\n");
        key(text, "EnvironmentVariables", 2).append("  <dict>\n");
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            string(key(text, variable.getKey(), 4), variable.getValue(), 4);
        }
        text.append("  </dict>\n");
        key(text, "RunAtLoad", 2).append("  <true/>\n");
        key(text, "AbandonProcessGroup", 2).append("  <true/>\n");
        string(key(text, "StandardOutPath", 2), log.toString(), 2);
        string(key(text, "StandardErrorPath", 2), log.toString(), 2);
        return text.append("</dict>\n</plist>\n").toString();
    }

    private static StringBuilder key(StringBuilder text, String name, int indent) {
        return text.append(" ".repeat(indent)).append("<key>").append(xml(name)).append("</key>\n");
    }

    private static void string(StringBuilder text, String value, int indent) {
        text.append(" ".repeat(indent)).append("<string>").append(xml(value)).append("</string>\n");
    }

    /** Text for XML 1.0. @throws UsageException for characters that it has no way to write */
    static String xml(String text) {
        StringBuilder xml = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean none = (c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0xFFFE || c == 0xFFFF;
            boolean half = Character.isHighSurrogate(c)
                    ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                    : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
            if (none || half) {
                throw new UsageException(
                        "a plist cannot have this path or variable, which has a character that XML has not: " + text);
            }
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '\n' -> xml.append("&#10;");
                case '\t' -> xml.append("&#9;");
                case '\r' -> xml.append("&#13;");
                default -> xml.append(c);
            }
        }
        return xml.toString();
    }
}
