package dev.tetra.tsm.core.internal.health;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Whether a TCP connection is taken; nothing is said over it. */
final class TcpQuestion implements Question {
    private final Dial dial;

    TcpQuestion(Dial dial) {
        this.dial = dial;
    }

    @Override
    public @Nullable Answer look() {
        try {
            return dial.look() == null ? null : Answer.yes("connected to " + dial.place());
        } catch (IOException failed) {
            return Answer.no(Answer.why(failed));
        }
    }

    @Override
    public String waiting() {
        return "no connection to " + dial.place();
    }

    @Override
    public void close() {
        dial.close();
    }
}
