/**
 * Services that run, and a truth about them on disk.
 */
@NullMarked
package dev.tetra.tsm.core;

import org.jspecify.annotations.NullMarked;
