/**
 * Services that run, and a truth about them on disk. Start at {@link dev.tetra.tsm.core.ServiceManager}.
 *
 * <p>One JVM owns a {@link dev.tetra.tsm.core.RuntimeDirectory} at a time and is the only one that launches, signals and
 * writes state in it; every other JVM, the {@code tsm} command among them, is its client through a Unix socket and uses the
 * same {@code ServiceManager}. Reading needs no owner: {@link dev.tetra.tsm.core.RuntimeDirectory#read()} looks at the
 * files and at the processes themselves.
 */
@NullMarked
package dev.tetra.tsm.core;

import org.jspecify.annotations.NullMarked;
