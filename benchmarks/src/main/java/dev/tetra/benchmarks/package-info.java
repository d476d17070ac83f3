/**
 * Side-by-side measurements of the commands and libraries against their peers.
 */
@NullMarked
package dev.tetra.benchmarks;

import org.jspecify.annotations.NullMarked;
