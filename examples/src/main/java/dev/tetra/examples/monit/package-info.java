/**
 * A live view of the services on a terminal. Start at {@link dev.tetra.examples.monit.Monitor}.
 *
 * <p>{@code Model} is what is known and chosen, and changes by keys and looks; {@code View} says what the screen shows of it;
 * both are pure. {@code Lookout}, {@code LogFeed} and {@code Deeds} read and act on threads of their own and hand what they
 * found to the one thread of {@code Monitor}, which alone changes the model and writes to {@code Screen}. Nothing but
 * {@code Screen} knows the terminal library.
 */
@NullMarked
package dev.tetra.examples.monit;

import org.jspecify.annotations.NullMarked;
