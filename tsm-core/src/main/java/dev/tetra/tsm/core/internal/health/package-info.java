/**
 * Whether services serve: probes, and what services say of themselves by sd_notify(3). Start at
 * {@link dev.tetra.tsm.core.internal.health.HealthWatch}, of which an owner has one.
 *
 * <p>A probe's question is a small machine that is looked at and never waits, so that one that gets no answer costs no thread
 * and delays nobody. {@link dev.tetra.tsm.core.internal.health.Course} decides what is asked when and what it means, without
 * clocks, threads or I/O; {@link dev.tetra.tsm.core.internal.health.Watching} carries that out for one run of a service.
 *
 * <p>Not part of the API: anything here may change in any release.
 */
@NullMarked
package dev.tetra.tsm.core.internal.health;

import org.jspecify.annotations.NullMarked;
