package dev.tetra.tsm.core.internal.health;

import org.jspecify.annotations.Nullable;

/** A probe that was asked and has not answered yet. <em>For one thread at a time.</em> */
interface Question extends AutoCloseable {
    /** The answer, if it is there by now. Does not wait. */
    @Nullable Answer look();

    /** What it waits for, as the beginning of a clause: {@code no answer from 127.0.0.1:8080}. */
    String waiting();

    /** Gives it up; nothing of it is left. Idempotent. */
    @Override
    void close();

    /** One that was answered at once. */
    record Answered(Answer look) implements Question {
        @Override
        public String waiting() {
            return look.text();
        }

        @Override
        public void close() {}
    }
}
