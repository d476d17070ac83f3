/**
 * Which port a service gets, and who has a port now.
 */
@NullMarked
package dev.tetra.tsm.ports;

import org.jspecify.annotations.NullMarked;
