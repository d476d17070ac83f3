package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Probe;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks probes of one run of a service. What a probe can meet is an answer, never an exception. Remembers how far it has read
 * the logs. <em>For one thread at a time.</em>
 */
public final class Prober implements AutoCloseable {
    private static final long FIRST_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Target target;
    private final BooleanSupplier saidReady;
    private final Executor lookUps;
    private final PortLook portLook;
    private final Map<String, LogLook> logs = new HashMap<>();

    /**
     * @param saidReady whether it has said {@code READY=1}
     * @param lookUps runs look-ups of host names
     */
    public Prober(Target target, BooleanSupplier saidReady, Executor lookUps) {
        this.target = target;
        this.saidReady = saidReady;
        this.lookUps = lookUps;
        this.portLook = new PortLook(target);
    }

    /**
     * Asks and waits for the answer, no longer than the timeout and a moment. Nothing of the question is left afterwards, no
     * process, socket or thread. An interrupt ends the wait as the timeout does, and is kept.
     */
    public Answer ask(Probe probe, Duration timeout) {
        long begin = System.nanoTime();
        long pause = FIRST_LOOK_NANOS;
        try (Question question = begin(probe)) {
            while (true) {
                Answer answer = look(question);
                if (answer != null) {
                    return answer;
                }
                if (System.nanoTime() - begin >= timeout.toNanos()
                        || Thread.currentThread().isInterrupted()) {
                    return late(question, timeout);
                }
                LockSupport.parkNanos(pause);
                pause = Math.min(pause * 2, LONGEST_LOOK_NANOS);
            }
        }
    }

    /** As {@link Question#look()}; what none of us has thought of is an answer too, and not the end of a watch. */
    static @Nullable Answer look(Question question) {
        try {
            return question.look();
        } catch (RuntimeException unforeseen) {
            return Answer.no("the probe cannot be asked: " + unforeseen);
        }
    }

    /** What a question that is given up answers. */
    static Answer late(Question question, Duration limit) {
        return Answer.no(question.waiting() + " within " + Amounts.text(limit));
    }

    /** Asks without waiting. */
    Question begin(Probe probe) {
        try {
            return asked(probe);
        } catch (IOException | RuntimeException impossible) {
            return new Question.Answered(Answer.no(Answer.why(impossible)));
        }
    }

    private Question asked(Probe probe) throws IOException {
        if (probe instanceof Probe.Port) {
            return new Question.Answered(portLook.look(port()));
        }
        if (probe instanceof Probe.Http http) {
            return new HttpQuestion(uri(http.url()), lookUps);
        }
        if (probe instanceof Probe.Tcp tcp) {
            return new TcpQuestion(new Dial(tcp.host(), tcp.port() == 0 ? port() : tcp.port(), lookUps));
        }
        if (probe instanceof Probe.Log log) {
            return logs.computeIfAbsent(log.regex(), LogLook::new);
        }
        if (probe instanceof Probe.Exec exec) {
            return exec(exec.command());
        }
        if (probe instanceof Probe.Socket) {
            return new SocketQuestion(target.socket());
        }
        return new Question.Answered(
                saidReady.getAsBoolean() ? Answer.yes("it said READY=1") : Answer.no("it has not said READY=1"));
    }

    private Question exec(List<String> command) throws IOException {
        try {
            return new ExecQuestion(command, target.service().spec().cwd(), target.environment());
        } catch (IOException failed) {
            throw new IOException("the probe's command cannot be run: " + Answer.why(failed), failed);
        }
    }

    private URI uri(String url) throws IOException {
        URI uri = URI.create(url.indexOf("{port}") >= 0 ? url.replace("{port}", Integer.toString(port())) : url);
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IOException("no place to ask: " + url);
        }
        return uri;
    }

    private int port() throws IOException {
        OptionalInt own = target.service().port();
        if (own.isEmpty()) {
            throw new IOException("the service has no port");
        }
        return own.getAsInt();
    }

    /** Closes the logs. */
    @Override
    public void close() {
        for (LogLook look : logs.values()) {
            look.end();
        }
        logs.clear();
    }

    /** Both logs of the service and one pattern. */
    private final class LogLook implements Question {
        private final String regex;
        private final LineMatch match;
        private final LogSearch out;
        private final LogSearch err;

        LogLook(String regex) {
            this.regex = regex;
            this.match = new LineMatch(regex);
            this.out = new LogSearch(target.files().out(), target.outStart(), match);
            this.err = new LogSearch(target.files().err(), target.errStart(), match);
        }

        @Override
        public @Nullable Answer look() {
            try {
                boolean atEnd = out.look();
                if (!out.isFound()) {
                    atEnd &= err.look();
                }
                if (out.isFound() || err.isFound()) {
                    end();
                    return Answer.yes(
                            (out.isFound() ? "current.out" : "current.err") + " has a line that matches " + regex);
                }
                return atEnd ? Answer.no("no line matches " + regex + tooLong()) : null;
            } catch (IOException unreadable) {
                return Answer.no("its log cannot be read: " + Answer.why(unreadable));
            }
        }

        private String tooLong() {
            return match.givenUp() == 0
                    ? ""
                    : "; " + match.givenUp()
                            + (match.givenUp() == 1 ? " line was" : " lines were")
                            + " given up, since the expression backtracks without end there";
        }

        @Override
        public String waiting() {
            return "the logs were not read to their end";
        }

        /** The place in the logs is kept for the next question. */
        @Override
        public void close() {}

        private void end() {
            out.close();
            err.close();
        }
    }
}
