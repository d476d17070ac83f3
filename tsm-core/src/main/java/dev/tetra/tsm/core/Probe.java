package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A question to a service: does it serve? <em>Immutable.</em> */
public sealed interface Probe {
    /** As {@link #parse} reads it. */
    String text();

    /** Whether the service's own port listens: any of its processes has it open. */
    record Port() implements Probe {
        @Override
        public String text() {
            return "port";
        }
    }

    /**
     * Whether a GET is answered with 200 to 399; {@code {port}} in it stands for the service's port.
     *
     * @param url begins with {@code http://} or {@code https://}
     */
    record Http(String url) implements Probe {
        public Http {
            try {
                URI uri = new URI(url.replace("{port}", "1"));
                if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    throw new IllegalArgumentException("not an http address: " + url);
                }
            } catch (URISyntaxException wrong) {
                throw new IllegalArgumentException("not an http address: " + wrong.getMessage(), wrong);
            }
        }

        @Override
        public String text() {
            return url;
        }
    }

    /**
     * Whether a TCP connection is taken.
     *
     * @param host a name or an address; empty means loopback
     * @param port 1 to 65535; 0 for the service's own
     */
    record Tcp(String host, int port) implements Probe {
        public Tcp {
            requireNonNull(host, "host");
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("not a port: " + port);
            }
        }

        @Override
        public String text() {
            return "tcp:" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + (port == 0 ? "{port}" : port);
        }
    }

    /**
     * Whether a line that it wrote since its launch, to either log, has a match.
     *
     * @param regex a regular expression of {@link Pattern}, found anywhere in a line
     */
    record Log(String regex) implements Probe {
        public Log {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException wrong) {
                throw new IllegalArgumentException(
                        "not a regular expression: " + regex + " (" + wrong.getDescription() + ")", wrong);
            }
        }

        @Override
        public String text() {
            return "log:" + regex;
        }
    }

    /**
     * Whether a program, run in the service's directory with its variables, ends with 0. No shell reads the words.
     *
     * @param command the words, at least one
     */
    record Exec(List<String> command) implements Probe {
        public Exec {
            command = List.copyOf(command);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("exec: without a command");
            }
        }

        @Override
        public String text() {
            return "exec:" + Words.join(command);
        }
    }

    /** Whether it says so itself: {@code READY=1} of sd_notify(3), at the socket that {@code NOTIFY_SOCKET} names. */
    record Notify() implements Probe {
        @Override
        public String text() {
            return "notify";
        }
    }

    /** Whether it answers {@code HEALTH} with {@code "ok":true} at the socket that it binds at {@code TSM_SOCKET_PATH}. */
    record Socket() implements Probe {
        @Override
        public String text() {
            return "socket";
        }
    }

    /**
     * {@code port}, {@code http://…}, {@code https://…}, {@code tcp:HOST:PORT}, {@code log:REGEX}, {@code exec:WORDS},
     * {@code notify} or {@code socket}. The words are separated by blanks; quotes and backslashes keep blanks in a word.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Probe parse(String text) {
        if (text.startsWith("http://") || text.startsWith("https://")) {
            return new Http(text);
        }
        if (text.startsWith("tcp:")) {
            return tcp(text);
        }
        if (text.startsWith("log:")) {
            return new Log(text.substring(4));
        }
        if (text.startsWith("exec:")) {
            return new Exec(Words.split(text.substring(5)));
        }
        return switch (text) {
            case "port" -> new Port();
            case "notify" -> new Notify();
            case "socket" -> new Socket();
            default ->
                throw new IllegalArgumentException(
                        "not a probe: " + text
                                + "; write port, http://HOST:PORT/PATH, tcp:HOST:PORT, log:REGEX, exec:COMMAND, notify or socket");
        };
    }

    private static Probe tcp(String text) {
        String place = text.startsWith("tcp://") ? text.substring(6) : text.substring(4);
        int colon = place.lastIndexOf(':');
        String host = colon < 0 ? "" : place.substring(0, colon);
        String port = place.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (port.equals("{port}")) {
            return new Tcp(host, 0);
        }
        try {
            int number = Integer.parseInt(port);
            if (number >= 1) {
                return new Tcp(host, number);
            }
        } catch (NumberFormatException wrong) {
            // Said below.
        }
        throw new IllegalArgumentException("not tcp:HOST:PORT: " + text);
    }
}
