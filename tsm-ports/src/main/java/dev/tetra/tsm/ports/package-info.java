/**
 * Which port a service gets, and who has a port now.
 *
 * <p>Start at {@link PortLadder}: it walks the rungs of the guide and says, rung by rung, what was found or why not.
 * {@link PortRegistry} does the same and remembers the claim, as one step across processes; {@link PortProbe} sees what
 * is really open on this machine.
 *
 * <p>Everything here is immutable or safe for use by many threads, holds no thread and no open file between calls, and
 * needs no closing. Nothing is ever passed through a shell.
 */
@NullMarked
package dev.tetra.tsm.ports;

import org.jspecify.annotations.NullMarked;
