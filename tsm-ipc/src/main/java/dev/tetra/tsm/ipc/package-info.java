/**
 * One channel API over every way two Unix processes talk: sockets, pipes, queues, memory, terminals, signals.
 */
@NullMarked
package dev.tetra.tsm.ipc;

import org.jspecify.annotations.NullMarked;
