package dev.tetra.examples.monit;

/** One press of a key. */
sealed interface Key {
    /** Keys that type nothing. */
    enum Special implements Key {
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        ESCAPE,
        BACKSPACE,
        /** Ctrl-C. */
        INTERRUPT,
        /** A sequence that means nothing here. */
        UNKNOWN
    }

    /**
     * A character.
     *
     * @param character its code point
     */
    record Typed(int character) implements Key {}

    /** The key that types that character. */
    static Key of(int character) {
        return new Typed(character);
    }
}
