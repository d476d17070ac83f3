/**
 * How service files are read and written: from a text to a {@link dev.tetra.tsm.core.internal.file.Node} that knows its lines
 * and columns, from there to specs, and back to a text. Start at {@link dev.tetra.tsm.core.internal.file.SpecReader}.
 *
 * <p>Not part of the API. Only {@link dev.tetra.tsm.core.internal.file.YamlTree} needs the YAML library, so that a host without
 * it can do everything else.
 */
@NullMarked
package dev.tetra.tsm.core.internal.file;

import org.jspecify.annotations.NullMarked;
