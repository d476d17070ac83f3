/**
 * Text for people: tables that fit the terminal, colours, durations and sizes in words. Start at
 * {@link dev.tetra.examples.text.Table}.
 */
@NullMarked
package dev.tetra.examples.text;

import org.jspecify.annotations.NullMarked;
