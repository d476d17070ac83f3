package dev.tetra.tsm.ports;

/**
 * Which commands get a port from the range when nothing names one. <em>Immutable.</em>
 */
public enum AllocationPolicy {
    /**
     * Only commands that can take one: run by an interpreter that serves, or with {@code $PORT}, <code>${PORT}</code> or
     * <code>{port}</code> in a word. {@code sleep 1000} gets none. The default.
     */
    WHEN_COMMAND_TAKES_PORT,
    /** Every command: the literal reading of the guide's fifth rung. */
    ALWAYS
}
