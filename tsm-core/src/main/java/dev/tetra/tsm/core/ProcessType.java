package dev.tetra.tsm.core;

import java.util.Locale;

/** What kind of program a service is, as {@code process_type} in meta.json says it. */
public enum ProcessType {
    PYTHON,
    NODE,
    BASH,
    LUA,
    GO,
    JAVA,
    RUBY,
    PHP,
    DENO,
    BUN,
    /** An executable that runs as itself. */
    COMMAND;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word in meta.json: the lower-case name. */
    public String text() {
        return text;
    }

    /** The type with that {@link #text()}; anything unknown is a {@link #COMMAND}. */
    public static ProcessType parse(String text) {
        for (ProcessType type : values()) {
            if (type.text.equals(text)) {
                return type;
            }
        }
        return COMMAND;
    }
}
