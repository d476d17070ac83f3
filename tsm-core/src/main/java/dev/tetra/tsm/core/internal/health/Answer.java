package dev.tetra.tsm.core.internal.health;

/**
 * What a probe found. <em>Immutable.</em>
 *
 * @param ok whether the service serves
 * @param text one clause without a line break, such as {@code HTTP 503} or {@code connection refused on 127.0.0.1:8080}
 */
public record Answer(boolean ok, String text) {
    private static final int LONGEST = 300;

    public Answer {
        text = clause(text);
    }

    static Answer yes(String text) {
        return new Answer(true, text);
    }

    static Answer no(String text) {
        return new Answer(false, text);
    }

    /** What others wrote, as one line that can be shown anywhere: no control characters, and no more than 300 characters. */
    static String clause(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (line.length() >= LONGEST) {
                return line.append('…').toString();
            }
            boolean shown = !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
            line.appendCodePoint(shown ? c : ' ');
        }
        return line.toString().strip();
    }

    /** Why something failed, for a sentence. */
    static String why(Exception failed) {
        String message = failed.getMessage();
        return message == null || message.isBlank() ? failed.getClass().getSimpleName() : message;
    }
}
