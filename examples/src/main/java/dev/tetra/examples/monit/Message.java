package dev.tetra.examples.monit;

/**
 * What is told in the bottom line. <em>Immutable.</em>
 *
 * @param text one sentence
 * @param isError whether something did not work
 */
record Message(String text, boolean isError) {}
