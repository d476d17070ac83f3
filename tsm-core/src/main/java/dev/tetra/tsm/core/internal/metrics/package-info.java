/**
 * What Prometheus gets. Start at {@link dev.tetra.tsm.core.internal.metrics.Metrics}.
 *
 * <p>Only {@code MetricsText} touches the Prometheus library, which is optional: nothing of it is loaded before somebody asks
 * for metrics.
 */
@NullMarked
package dev.tetra.tsm.core.internal.metrics;

import org.jspecify.annotations.NullMarked;
