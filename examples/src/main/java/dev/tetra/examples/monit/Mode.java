package dev.tetra.examples.monit;

/** What fills the screen, and so what keys mean. */
enum Mode {
    /** The services, and below them the log of the chosen one. */
    TABLE,
    /** The same, and what is typed goes to the filter. */
    FILTER,
    /** The log of the chosen service alone. */
    LOG,
    /** What the keys do. */
    HELP
}
