/**
 * The Quasar hub: game channels, bridges, lobby and matches over WebSocket, HTTP and OSC.
 */
@NullMarked
package dev.tetra.quasar.server;

import org.jspecify.annotations.NullMarked;
