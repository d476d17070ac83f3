package dev.tetra.examples.text;

/** Colours, or none of them. <em>Immutable.</em> */
public final class Style {
    /** No colours. */
    public static final Style PLAIN = new Style(false);

    /** The colours of ECMA-48 that every terminal has. */
    public static final Style COLOURED = new Style(true);

    private final boolean coloured;

    private Style(boolean coloured) {
        this.coloured = coloured;
    }

    /** A colour, or weight. */
    public enum Paint {
        /** As everything else. */
        NONE(""),
        BOLD("\u001b[1m"),
        DIM("\u001b[2m"),
        RED("\u001b[31m"),
        GREEN("\u001b[32m"),
        YELLOW("\u001b[33m"),
        BLUE("\u001b[34m"),
        MAGENTA("\u001b[35m"),
        CYAN("\u001b[36m");

        private final String code;

        Paint(String code) {
            this.code = code;
        }
    }

    /** Whether there are colours. */
    public boolean isColoured() {
        return coloured;
    }

    /** The text in that colour. */
    public String paint(Paint paint, String text) {
        return coloured && paint != Paint.NONE && !text.isEmpty() ? paint.code + text + "\u001b[0m" : text;
    }
}
