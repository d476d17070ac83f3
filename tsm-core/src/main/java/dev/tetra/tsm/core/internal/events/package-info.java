/**
 * The story of each service: what happened, written to {@code events.jsonl}, published to subscribers, and read again. Start
 * at {@link dev.tetra.tsm.core.internal.events.Events}.
 *
 * <p>The owner writes; anybody reads.
 */
@NullMarked
package dev.tetra.tsm.core.internal.events;

import org.jspecify.annotations.NullMarked;
