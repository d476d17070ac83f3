/**
 * The control sockets of services (guide, "Unix Domain Sockets"). Start at
 * {@link dev.tetra.tsm.core.internal.control.ControlSockets}, which the owner opens and closes; one thread owns all that is
 * mutable here.
 */
@NullMarked
package dev.tetra.tsm.core.internal.control;

import org.jspecify.annotations.NullMarked;
