/**
 * Command lines: what each verb takes, said once as data, and read from it twice.
 *
 * <p>Start at {@link dev.tetra.examples.args.Verb}. {@link dev.tetra.examples.args.ArgumentReader} reads ordinary command
 * lines with no library loaded; {@link dev.tetra.examples.args.PicocliReader} explains the others and prints the help.
 */
@NullMarked
package dev.tetra.examples.args;

import org.jspecify.annotations.NullMarked;
