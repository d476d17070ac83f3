/**
 * How a host embeds the libraries. Start at {@link dev.tetra.examples.embed.EmbeddedSupervisor}.
 */
@NullMarked
package dev.tetra.examples.embed;

import org.jspecify.annotations.NullMarked;
