package dev.tetra.examples.monit;

/**
 * What the user wants done. <em>Immutable.</em>
 *
 * @param deed what
 * @param name the service's name
 * @param token the service's token: one of the same name that was made since is another; empty where it could not be read
 */
record Request(Deed deed, String name, String token) {}
