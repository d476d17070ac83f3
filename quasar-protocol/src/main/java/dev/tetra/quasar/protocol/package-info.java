/**
 * The messages of the Quasar hub, its sound state and its OSC mapping; no network in it.
 */
@NullMarked
package dev.tetra.quasar.protocol;

import org.jspecify.annotations.NullMarked;
