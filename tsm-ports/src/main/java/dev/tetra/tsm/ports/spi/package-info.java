/**
 * What a stranger implements to add a rung of his own to the ladder.
 *
 * <p>Start at {@link dev.tetra.tsm.ports.spi.PortRung}. Rungs are called from any thread, and own nothing.
 */
@NullMarked
package dev.tetra.tsm.ports.spi;

import org.jspecify.annotations.NullMarked;
