/**
 * What the API stands on: how a command, its name and its files are read, and what is true of its processes. Start at
 * {@link dev.tetra.tsm.core.internal.CommandResolver}, where each start begins.
 *
 * <p>Not part of the API: anything here may change in any release. Each type says which threads may use it; none keeps what a
 * caller hands in open.
 */
@NullMarked
package dev.tetra.tsm.core.internal;

import org.jspecify.annotations.NullMarked;
