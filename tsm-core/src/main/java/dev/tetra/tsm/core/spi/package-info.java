/** What a host may plug into supervision. */
@NullMarked
package dev.tetra.tsm.core.spi;

import org.jspecify.annotations.NullMarked;
