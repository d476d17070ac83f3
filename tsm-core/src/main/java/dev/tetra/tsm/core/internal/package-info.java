/**
 * How a command, its name and its variables are found out. Start at {@link dev.tetra.tsm.core.internal.CommandResolver}.
 *
 * <p>Not part of the API. Everything here is a pure function of its arguments and of the files they name, keeps no state and
 * is safe for use by many threads.
 */
@NullMarked
package dev.tetra.tsm.core.internal;

import org.jspecify.annotations.NullMarked;
