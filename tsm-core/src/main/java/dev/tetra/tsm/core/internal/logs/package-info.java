/**
 * The logs of services on disk: where a stream's bytes are, how a log is cut while its service goes on writing, and when
 * what was written. Start at {@link dev.tetra.tsm.core.internal.logs.LogKeeper} for writing and at
 * {@link dev.tetra.tsm.core.internal.logs.LogView} for reading; docs/adr/0005-log-rotation.md says why it is so.
 *
 * <p>Not part of the API: anything here may change in any release. Each type says which threads may use it.
 */
@NullMarked
package dev.tetra.tsm.core.internal.logs;

import org.jspecify.annotations.NullMarked;
