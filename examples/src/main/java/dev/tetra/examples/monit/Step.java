package dev.tetra.examples.monit;

import java.util.Optional;

/**
 * What a key leads to. <em>Immutable.</em>
 *
 * @param model what is known and chosen now
 * @param request what is to be done
 */
record Step(Model model, Optional<Request> request) {}
