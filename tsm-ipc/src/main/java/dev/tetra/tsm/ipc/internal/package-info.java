/**
 * What the transports stand on. Start at {@link dev.tetra.tsm.ipc.internal.Native}, behind which all calls of the C library
 * are.
 *
 * <p>Not part of the API: anything here may change in any release.
 */
@NullMarked
package dev.tetra.tsm.ipc.internal;

import org.jspecify.annotations.NullMarked;
