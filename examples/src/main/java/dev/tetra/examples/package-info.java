/**
 * The {@code tsm} command and the samples that embed the libraries.
 */
@NullMarked
package dev.tetra.examples;

import org.jspecify.annotations.NullMarked;
